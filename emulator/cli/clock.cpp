// sbemu clock: reads and moves the clock of a running sbemu.
#include <CLI/CLI.hpp>
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
    "  sbemu clock show                 2017-03-01T00:00:00.000Z (virtual)\n"
    "  sbemu clock advance 1h           an hour passes, with all that falls due in it\n"
    "  sbemu clock advance 1m30s        units: d, h, m, s, ms\n"
    "  sbemu clock advance --to-next    to the next thing that is due\n"
    "\n"
    "The clock can be moved when sbemu was started with --clock virtual or --clock fast.";

struct Options {
    std::string endpoint;
    std::string duration;
    bool to_next = false;
};

void print_clock(const json::object& clock) {
    std::cout << std::string_view(clock.at("now").as_string()) << " ("
              << std::string_view(clock.at("mode").as_string()) << ")";
}

void show(const Options& options) {
    const json::object status =
        ask_control(chosen_endpoint(options.endpoint), "GET", "/_sbemu/status");
    print_clock(status.at("clock").as_object());
    std::cout << "\n";
}

json::object advance_request(const Options& options) {
    if (options.to_next && options.duration.empty()) return {{"to_next", true}};
    const auto duration = parse_duration(options.duration);
    if (options.to_next || !duration) {
        throw CommandError(
            "say how far: a duration such as 90s, 1h30m, 2d or 250ms, or else --to-next.",
            kWrongUsage);
    }
    return {{"advance_milliseconds", duration->count()}};
}

void advance(const Options& options) {
    const json::object request = advance_request(options);
    const json::object report =
        ask_control(chosen_endpoint(options.endpoint), "POST", "/_sbemu/clock", request);
    print_clock(report);
    const auto timers = report.at("timers").as_int64();
    std::cout << ", " << timers << (timers == 1 ? " timer" : " timers") << " fell due\n";
    if (!report.at("settled").as_bool()) {
        std::cout << "Something is still running; see `sbemu status`.\n";
    }
}

}  // namespace

void add_clock(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand("clock", "Read or move the emulator's clock");
    command->footer(kFooter);
    command->require_subcommand(1);
    const auto options = std::make_shared<Options>();

    CLI::App* show_command = command->add_subcommand("show", "Print the emulator's time");
    add_endpoint_option(*show_command, options->endpoint);
    show_command->callback([options] { show(*options); });

    CLI::App* advance_command = command->add_subcommand(
        "advance", "Let time pass; returns when all that fell due has been done");
    add_endpoint_option(*advance_command, options->endpoint);
    advance_command->add_option("duration", options->duration, "How long: 90s, 1h30m, 2d, 250ms");
    advance_command->add_flag("--to-next", options->to_next, "Until the next timer is due");
    advance_command->callback([options] { advance(*options); });
}

}  // namespace sbemu
