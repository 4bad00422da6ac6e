// sbemu fault: what goes wrong in a running sbemu, as rules.
#include <boost/json.hpp>
#include <iostream>

#include "emulator/cli/command.h"
#include "emulator/cli/endpoint.h"
#include "emulator/cli/terminal.h"
#include "emulator/scenario/fault_words.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu fault add dynamodb.PutItem throttling times 3 resource streambot-env\n"
    "  sbemu fault add s3.* SlowDown probability 0.2 times 0      every fifth call, for ever\n"
    "  sbemu fault add kinesis.GetRecords latency 500ms after 10\n"
    "  sbemu fault add dynamodb.Query drop half                   also: drop before\n"
    "  sbemu fault add invoke worker killed after 100ms           also: twice, cold\n"
    "  sbemu fault add response late by 10s                       also: 403, 500, silence, twice\n"
    "  sbemu fault list\n"
    "  sbemu fault log                                            what has fired\n"
    "  sbemu fault clear [ID]\n"
    "\n"
    "After SERVICE.OPERATION (* for every operation) comes an AWS error code, throttling,\n"
    "unavailable, expired-iterator, latency DURATION, drop before|half, or silence. Then, in any\n"
    "order: times N (1; 0: for ever), after N, probability P, resource TEXT (in the request),\n"
    "function NAME (that calls), caller ACCOUNT, from client|service, id NAME.\n"
    "docs/faults.md tells more.";

struct Options {
    std::string endpoint;
    std::vector<std::string> words;
    std::string message;
    std::string id;
    bool json = false;
};

void add_rule(const Options& options) {
    std::vector<std::string> words{"add"};
    words.insert(words.end(), options.words.begin(), options.words.end());
    json::object rule;
    try {
        rule = fault_of_words(words, options.message);
    } catch (const std::runtime_error& error) {
        throw CommandError(error.what(), kWrongUsage);
    }
    const json::object answer =
        ask_control(chosen_endpoint(options.endpoint), "POST", "/_sbemu/fault", rule);
    std::cout << std::string_view(answer.at("Id").as_string()) << "\n";
}

std::string text(const json::value& value) {
    return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

void list(const Options& options) {
    const json::object answer =
        ask_control(chosen_endpoint(options.endpoint), "GET", "/_sbemu/fault");
    if (options.json) {
        std::cout << json::serialize(answer.at("Faults")) << "\n";
        return;
    }
    for (const json::value& item : answer.at("Faults").as_array()) {
        const json::object& fault = item.as_object();
        std::string line = padded(text(fault.at("Id")), 12) + "  " + text(fault.at("Service")) +
                           "." + text(fault.at("Operation")) + "  " + text(fault.at("Kind"));
        for (const auto& member : fault) {
            const std::string_view name = member.key();
            if (name == "Id" || name == "Service" || name == "Operation" || name == "Kind" ||
                name == "Message") {
                continue;
            }
            line += "  " + std::string(name) + "=" + text(member.value());
        }
        std::cout << line << "\n";
    }
}

void show_log(const Options& options) {
    const json::object answer =
        ask_control(chosen_endpoint(options.endpoint), "GET", "/_sbemu/fault/log");
    if (options.json) {
        std::cout << json::serialize(answer.at("Log")) << "\n";
        return;
    }
    for (const json::value& entry : answer.at("Log").as_array()) {
        std::cout << "event " << padded(text(entry.at("Event")), 6) << "  "
                  << padded(text(entry.at("Rule")), 12) << "  " << text(entry.at("What")) << "\n";
    }
}

void clear(const Options& options) {
    json::object request;
    if (!options.id.empty()) request["Id"] = options.id;
    const json::object answer =
        ask_control(chosen_endpoint(options.endpoint), "DELETE", "/_sbemu/fault", request);
    std::cout << answer.at("Cleared").as_int64() << " cleared\n";
}

}  // namespace

void add_fault(const Command& program, int&) {
    const Command command = program.add_command("fault", "Let calls fail, wait or break, by rules");
    command.footer(kFooter);
    command.require_command(1);
    const auto options = std::make_shared<Options>();

    const Command add = command.add_command("add", "Add a rule; prints its id");
    add.footer(kFooter);
    add_endpoint_option(add, options->endpoint);
    add.add_option("rule", options->words, "The rule's words, as below").required();
    add.add_option("--message", options->message, "The error's text, if not AWS's own");
    add.callback([options] { add_rule(*options); });

    const Command list_command = command.add_command("list", "Print the rules and what is left");
    add_endpoint_option(list_command, options->endpoint);
    list_command.add_flag("--json", options->json, "Print JSON");
    list_command.callback([options] { list(*options); });

    const Command log = command.add_command("log", "Print what has fired, the oldest first");
    add_endpoint_option(log, options->endpoint);
    log.add_flag("--json", options->json, "Print JSON");
    log.callback([options] { show_log(*options); });

    const Command clear_command = command.add_command("clear", "Forget a rule, or all of them");
    add_endpoint_option(clear_command, options->endpoint);
    clear_command.add_option("id", options->id, "The rule's id");
    clear_command.callback([options] { clear(*options); });
}

}  // namespace sbemu
