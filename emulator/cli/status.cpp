// sbemu status: what a running sbemu does, and what it waits for.
#include <boost/json.hpp>
#include <iostream>

#include "emulator/cli/command.h"
#include "emulator/cli/endpoint.h"
#include "emulator/cli/text.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu status             for reading: the clock, what runs, what is due next\n"
    "  sbemu status --json      the same for scripts\n"
    "\n"
    "When something does not go on, look at \"next due\": it names the service, the timer and\n"
    "what it is about. With a virtual clock, `sbemu clock advance` brings it about.";

struct Options {
    std::string endpoint;
    bool json = false;
};

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

std::string timer_text(const json::object& timer) {
    const Duration in{timer.at("in_milliseconds").as_int64()};
    return "in " + duration_text(in) + " (" + text_of(timer.at("due")) +
           "): " + text_of(timer.at("service")) + " " + text_of(timer.at("name")) + " " +
           text_of(timer.at("key"));
}

void print(const Endpoint& endpoint, const json::object& status) {
    const auto number = [&](const char* name) {
        return std::to_string(status.at(name).to_number<std::int64_t>());
    };
    const json::object& clock = status.at("clock").as_object();
    std::cout << "sbemu " << text_of(status.at("version")) << " at " << endpoint.url() << "\n"
              << "  state     " << text_of(status.at("state")) << "\n"
              << "  clock     " << text_of(clock.at("now")) << " (" << text_of(clock.at("mode"))
              << ")\n"
              << "  up        "
              << duration_text(Duration{status.at("uptime_milliseconds").as_int64()}) << "\n"
              << "  events    " << number("events") << "\n"
              << "  running   " << number("running") << "\n"
              << "  unanswered calls  " << number("unanswered_calls") << "\n";
    std::string calls;
    for (const auto& [service, count] : status.at("calls").as_object()) {
        calls += (calls.empty() ? "" : ", ") + std::string(service) + " " +
                 std::to_string(count.to_number<std::int64_t>());
    }
    if (!calls.empty()) std::cout << "  calls     " << calls << "\n";
    const json::array& timers = status.at("timers").as_array();
    if (timers.empty()) std::cout << "  next due  nothing\n";
    const char* label = "  next due  ";
    for (const json::value& timer : timers) {
        std::cout << label << timer_text(timer.as_object()) << "\n";
        label = "            ";
    }
}

void run(const Options& options) {
    const Endpoint endpoint = chosen_endpoint(options.endpoint);
    const json::object status = ask_control(endpoint, "GET", "/_sbemu/status");
    if (options.json) {
        std::cout << json::serialize(status) << "\n";
    } else {
        print(endpoint, status);
    }
}

}  // namespace

void add_status(const Command& program, int&) {
    const Command command =
        program.add_command("status", "Tell what a running sbemu does and waits for");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    add_endpoint_option(command, options->endpoint);
    command.add_flag("--json", options->json, "Print JSON");
    command.callback([options] { run(*options); });
}

}  // namespace sbemu
