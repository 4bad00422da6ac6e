// sbemu clock: reads and moves the clock of a running sbemu.
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
    "  sbemu clock                      2017-03-01T00:00:00.000Z (virtual)\n"
    "  sbemu clock advance 1h           an hour passes, with all that falls due in it\n"
    "  sbemu clock advance 1m30s        units: d, h, m, s, ms\n"
    "  sbemu clock advance --to-next    to the next thing that is due\n"
    "  sbemu clock advance --until-idle --at-most 7d\n"
    "                                   until nothing is due any more\n"
    "  sbemu clock freeze               the clock stands still where it is\n"
    "  sbemu clock resume               it goes on from there at real pace\n"
    "\n"
    "A clock at real pace cannot be advanced: freeze it first. --until-idle exits with 1 when\n"
    "something still waits or runs at its limit. More: docs/time.md.";

struct Options {
    std::string endpoint;
    std::string duration;
    bool to_next = false;
    bool until_idle = false;
    std::string at_most;
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

void change(const Options& options, const char* what) {
    print_clock(ask_control(chosen_endpoint(options.endpoint), "POST", "/_sbemu/clock",
                            json::object{{what, true}}));
    std::cout << "\n";
}

json::object until_idle_request(const Options& options) {
    json::object request{{"until_idle", true}};
    if (options.at_most.empty()) return request;
    const auto limit = parse_duration(options.at_most);
    if (!limit) throw CommandError("--at-most is a duration, such as 7d or 12h.", kWrongUsage);
    request["at_most_milliseconds"] = limit->count();
    return request;
}

json::object advance_request(const Options& options) {
    if (options.until_idle && !options.to_next && options.duration.empty()) {
        return until_idle_request(options);
    }
    if (options.to_next && options.duration.empty()) return {{"to_next", true}};
    const auto duration = parse_duration(options.duration);
    if (options.to_next || options.until_idle || !options.at_most.empty() || !duration) {
        throw CommandError(
            "say how far: a duration such as 90s, 1h30m, 2d or 250ms, or else --to-next "
            "or --until-idle [--at-most 7d].",
            kWrongUsage);
    }
    return {{"advance_milliseconds", duration->count()}};
}

// False: with --until-idle, something still waits or runs.
bool advance(const Options& options) {
    const json::object request = advance_request(options);
    const json::object report =
        ask_control(chosen_endpoint(options.endpoint), "POST", "/_sbemu/clock", request);
    print_clock(report);
    const auto timers = report.at("timers").as_int64();
    std::cout << ", " << timers << (timers == 1 ? " timer" : " timers") << " fell due\n";
    const bool settled = report.at("settled").as_bool();
    if (!settled) {
        std::cout << "Something is still running; see `sbemu status`.\n";
    }
    const json::array& waiting = report.at("waiting").as_array();
    if (!options.until_idle || waiting.empty()) return settled || !options.until_idle;
    std::cout << "It did not become idle within the limit (--at-most). Still waiting:\n";
    for (const json::value& timer : waiting) {
        std::cout << "  " << std::string_view(timer.at("due").as_string()) << " "
                  << std::string_view(timer.at("service").as_string()) << " "
                  << std::string_view(timer.at("name").as_string()) << " "
                  << std::string_view(timer.at("key").as_string()) << "\n";
    }
    return false;
}

}  // namespace

void add_clock(const Command& program, int& exit_code) {
    const Command command = program.add_command("clock", "Read or move the emulator's clock");
    command.footer(kFooter);
    command.require_command(0, 1);
    const auto options = std::make_shared<Options>();

    add_endpoint_option(command, options->endpoint);
    command.callback([command, options] {
        if (!command.command_was_named()) show(*options);
    });

    const Command show_command = command.add_command("show", "Print the emulator's time");
    add_endpoint_option(show_command, options->endpoint);
    show_command.callback([options] { show(*options); });

    const Command freeze = command.add_command("freeze", "Let the clock stand still where it is");
    add_endpoint_option(freeze, options->endpoint);
    freeze.callback([options] { change(*options, "freeze"); });

    const Command resume =
        command.add_command("resume", "Let the clock go on from where it is, at real pace");
    add_endpoint_option(resume, options->endpoint);
    resume.callback([options] { change(*options, "resume"); });

    const Command advance_command = command.add_command(
        "advance", "Let time pass; returns when all that fell due has been done");
    add_endpoint_option(advance_command, options->endpoint);
    advance_command.add_option("duration", options->duration, "How long: 90s, 1h30m, 2d, 250ms");
    advance_command.add_flag("--to-next", options->to_next, "Until the next timer is due");
    advance_command.add_flag("--until-idle", options->until_idle, "Until no timer is set");
    advance_command.add_option("--at-most", options->at_most,
                               "With --until-idle: no further than this (default: 30d)");
    advance_command.callback([options, &exit_code] {
        if (!advance(*options)) exit_code = kFailed;
    });
}

}  // namespace sbemu
