// sbemu invoke: calls a function and shows its answer and what it logged.
#include <boost/json.hpp>
#include <chrono>
#include <iostream>

#include "emulator/cli/client.h"
#include "emulator/cli/command.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"
#include "emulator/core/encoding.h"
#include "emulator/wire/url.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu invoke my-function\n"
    "  sbemu invoke my-function --payload '{\"name\": \"value\"}'\n"
    "  sbemu invoke my-function --event captured.json     - reads standard input\n"
    "  sbemu invoke my-function --async                   returns at once; see `sbemu logs`\n"
    "\n"
    "Prints the last 4 KB that the invocation logged, then its result. FUNCTION is a name or an\n"
    "ARN. Exit codes: 0 it returned, 1 it failed, 2 wrong usage, 3 no sbemu answers.";

struct Options {
    std::string endpoint;
    std::string function;
    std::string payload;
    std::string event_file;
    bool asynchronous = false;
    bool json = false;
};

std::string header_of(const wire::HttpResponse& response, std::string_view name) {
    for (const auto& [header, value] : response.headers) {
        if (wire::equal_ignoring_case(header, name)) return value;
    }
    return "";
}

std::string event_of(const Options& options) {
    const std::string event =
        options.event_file.empty() ? options.payload : read_file(options.event_file);
    json::error_code error;
    json::parse(event, error);
    if (!event.empty() && error) {
        const std::string place = options.event_file.empty() ? "--payload" : options.event_file;
        throw CommandError(place + " is not JSON: " + error.message(), kWrongUsage);
    }
    return event;
}

json::value parsed_or_text(const std::string& body) {
    json::error_code error;
    json::value value = json::parse(body, error);
    return error ? json::value(body) : value;
}

void print_log(const std::string& log) {
    if (log.empty()) return;
    std::string_view rest = log;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        std::cout << faint("| " + std::string(rest.substr(0, end))) << "\n";
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::cout << "\n";
}

// A function's error is {"errorType", "errorMessage", "stackTrace" or "trace"}.
void print_error(const std::string& kind, const json::value& result) {
    std::cout << red(kind == "Unhandled" ? "The function failed." : kind + " error.") << "\n";
    if (!result.is_object()) {
        std::cout << json::serialize(result) << "\n";
        return;
    }
    const json::object& error = result.as_object();
    const std::string type = text_of(error, "errorType");
    std::cout << (type.empty() ? "" : red(type) + ": ") << text_of(error, "errorMessage") << "\n";
    for (const char* member : {"trace", "stackTrace"}) {
        const json::value* trace = error.if_contains(member);
        if (!trace || !trace->is_array()) continue;
        for (const json::value& line : trace->as_array()) {
            std::cout << "  "
                      << (line.is_string() ? std::string(line.as_string()) : json::serialize(line))
                      << "\n";
        }
    }
}

int invoke(const Options& options) {
    const Client client(chosen_endpoint(options.endpoint), identity_of_environment());
    wire::HttpRequest request{
        "POST",
        "/2015-03-31/functions/" + percent_encode(options.function) + "/invocations",
        {{"Content-Type", "application/json"},
         {"X-Amz-Invocation-Type", options.asynchronous ? "Event" : "RequestResponse"}},
        event_of(options)};
    if (!options.asynchronous) request.headers.emplace_back("X-Amz-Log-Type", "Tail");
    const auto started = std::chrono::steady_clock::now();
    const wire::HttpResponse response = client.send("lambda", std::move(request));
    const auto took =
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started);
    const std::string failure = header_of(response, "X-Amz-Function-Error");
    const std::string log = base64_decode(header_of(response, "X-Amz-Log-Result")).value_or("");
    const json::value result = parsed_or_text(response.body);
    if (options.json) {
        json::object report{{"StatusCode", response.status}, {"Milliseconds", took.count()}};
        if (!options.asynchronous) {
            report["Result"] = result;
            report["Log"] = log;
        }
        if (!failure.empty()) report["FunctionError"] = failure;
        std::cout << json::serialize(report) << "\n";
    } else if (options.asynchronous) {
        std::cout << "Accepted. What becomes of it: sbemu logs " << options.function << "\n";
    } else {
        print_log(log);
        if (failure.empty()) {
            std::cout << response.body << "\n";
        } else {
            print_error(failure, result);
        }
        std::cout << std::flush;
    }
    return failure.empty() ? 0 : kFailed;
}

}  // namespace

void add_invoke(const Command& program, int& exit_code) {
    const Command command = program.add_command("invoke", "Call a Lambda function");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("function", options->function, "Its name or ARN").required();
    const Option payload = command.add_option("--payload", options->payload, "The event, as JSON");
    command.add_option("--event", options->event_file, "A file with the event; - reads it")
        .excludes(payload);
    command.add_flag("--async", options->asynchronous,
                     "Do not wait; it is tried three times if it fails, as on AWS");
    add_endpoint_option(command, options->endpoint);
    command.add_flag("--json", options->json, "Print JSON: Result, Log, FunctionError");
    command.callback([options, &exit_code] { exit_code = invoke(*options); });
}

}  // namespace sbemu
