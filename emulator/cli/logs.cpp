// sbemu logs: what functions have logged.
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <set>
#include <thread>

#include "emulator/cli/client.h"
#include "emulator/cli/command.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"
#include "emulator/core/arn.h"
#include "emulator/core/model.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu logs                           the log groups there are\n"
    "  sbemu logs my-function               all of /aws/lambda/my-function, in order of time\n"
    "  sbemu logs my-function --follow      and what comes, until Ctrl-C\n"
    "  sbemu logs my-function --since 10m   units: d, h, m, s, ms; of the emulator's clock\n"
    "  sbemu logs /my/group                 any other group, by its whole name\n"
    "\n"
    "With --json: one JSON object per line.";

constexpr std::chrono::milliseconds kPollPause{200};

struct Options {
    std::string endpoint;
    std::string source;
    std::string since;
    bool follow = false;
    bool json = false;
};

// A group's whole name has a slash in it; else it is a function's name or ARN.
std::string group_of(const std::string& source) {
    if (source.find('/') != std::string::npos) return source;
    std::string function = source;
    if (const auto arn = parse_arn(source)) {
        // function:NAME or function:NAME:QUALIFIER
        function = arn->resource.substr(arn->resource.find(':') + 1);
        function = function.substr(0, function.find(':'));
    }
    return "/aws/lambda/" + function;
}

void list_groups(const Client& client, bool as_json) {
    json::object request;
    bool any = false;
    while (true) {
        const json::object page = client.call("logs", "DescribeLogGroups", request);
        for (const json::value& item : page.at("logGroups").as_array()) {
            const json::object& group = item.as_object();
            any = true;
            if (as_json) {
                std::cout << json::serialize(group) << "\n";
                continue;
            }
            const auto bytes = group.at("storedBytes").to_number<std::uint64_t>();
            std::cout << padded(text_of(group, "logGroupName"), 56) << "  " << size_text(bytes)
                      << "\n";
        }
        const std::string more = text_of(page, "nextToken");
        if (more.empty()) break;
        request["nextToken"] = more;
    }
    if (!any && !as_json) {
        std::cout << "No log groups yet: a function's appears when it runs for the first time.\n";
    }
}

std::int64_t start_time(const Client& client, const std::string& since) {
    if (since.empty()) return 0;
    const auto duration = parse_duration(since);
    if (!duration) {
        throw CommandError(
            "--since takes a duration such as 90s, 10m, 2h or 1d, not '" + since + "'",
            kWrongUsage);
    }
    const json::object status = ask_control(client.endpoint(), "GET", "/_sbemu/status");
    const auto now = model::parse_time(text_of(status.at("clock").as_object(), "now"));
    if (!now) throw CommandError("sbemu does not tell its time");
    return std::max<std::int64_t>(*now - duration->count(), 0);
}

void print(const json::object& event, bool as_json) {
    if (as_json) {
        std::cout << json::serialize(event) << "\n";
        return;
    }
    std::string message = text_of(event, "message");
    while (!message.empty() && (message.back() == '\n' || message.back() == '\r')) {
        message.pop_back();
    }
    const auto at = event.at("timestamp").to_number<std::int64_t>();
    std::cout << faint(iso_time(from_milliseconds(at))) << "  " << message << "\n";
}

// Prints each event once, from `start` on.
class Tail {
  public:
    Tail(const Client& client, std::string group, std::int64_t start, bool as_json)
        : client_(client), group_(std::move(group)), start_(start), as_json_(as_json) {}

    void print_new() {
        json::object request{{"logGroupName", group_}, {"startTime", start_}};
        while (true) {
            const json::object page = client_.call("logs", "FilterLogEvents", request);
            for (const json::value& item : page.at("events").as_array()) take(item.as_object());
            const std::string more = text_of(page, "nextToken");
            if (more.empty()) break;
            request["nextToken"] = more;
        }
        std::cout << std::flush;
    }

  private:
    void take(const json::object& event) {
        const auto at = event.at("timestamp").to_number<std::int64_t>();
        if (!seen_.insert(text_of(event, "eventId")).second) return;
        print(event, as_json_);
        if (at <= start_) return;
        // The next question begins here; only events of this very moment can come again.
        start_ = at;
        seen_ = {text_of(event, "eventId")};
    }

    const Client& client_;
    std::string group_;
    std::int64_t start_;
    bool as_json_;
    std::set<std::string> seen_;
};

void show(const Client& client, const Options& options) {
    const std::string group = group_of(options.source);
    Tail tail(client, group, start_time(client, options.since), options.json);
    bool told = false;
    while (true) {
        try {
            tail.print_new();
        } catch (const CallError& error) {
            if (error.code != "ResourceNotFoundException") throw;
            if (!options.follow) {
                throw CommandError("there is no log group " + group +
                                   " yet. `sbemu logs` lists those there are.");
            }
            if (!told) std::cerr << "There is no log group " << group << " yet; waiting for it.\n";
            told = true;
        }
        if (!options.follow) return;
        std::this_thread::sleep_for(kPollPause);
    }
}

void run(const Options& options) {
    const Client client(chosen_endpoint(options.endpoint), identity_of_environment());
    if (!options.source.empty()) {
        show(client, options);
    } else if (options.follow || !options.since.empty()) {
        throw CommandError("say whose log to show: sbemu logs FUNCTION", kWrongUsage);
    } else {
        list_groups(client, options.json);
    }
}

}  // namespace

void add_logs(const Command& program, int&) {
    const Command command = program.add_command("logs", "Show what functions have logged");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("function", options->source,
                       "A function's name or ARN, or a log group's name; none lists the groups");
    command.add_flag("-f,--follow", options->follow, "Go on until Ctrl-C");
    command.add_option("--since", options->since, "Only what is not older than this: 90s, 10m, 2h");
    add_endpoint_option(command, options->endpoint);
    command.add_flag("--json", options->json, "Print JSON, an object per line");
    command.callback([options] { run(*options); });
}

}  // namespace sbemu
