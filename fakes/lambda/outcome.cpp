#include "fakes/lambda/outcome.h"

#include <boost/json.hpp>

#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

constexpr std::size_t kResponseLimit = 6 * 1024 * 1024 + 100;  // facts/lambda.md 3.5

std::string error_payload(std::string_view type, std::string_view message) {
    return json::serialize(json::object{{"errorType", type}, {"errorMessage", message}});
}

// As Go spells signals, in which AWS's supervisor is written (facts/lambda.md 3.5).
std::string signal_text(std::int64_t signal) {
    switch (signal) {
        case 1:
            return "hangup";
        case 2:
            return "interrupt";
        case 3:
            return "quit";
        case 4:
            return "illegal instruction";
        case 5:
            return "trace/breakpoint trap";
        case 6:
            return "aborted";
        case 7:
            return "bus error";
        case 8:
            return "floating point exception";
        case 9:
            return "killed";
        case 11:
            return "segmentation fault";
        case 13:
            return "broken pipe";
        case 14:
            return "alarm clock";
        case 15:
            return "terminated";
        default:
            return "signal " + std::to_string(signal);
    }
}

std::string exit_text(const json::object& report) {
    if (const auto signal = find_number(report, "ExitSignal")) {
        return "Runtime exited with error: signal: " + signal_text(*signal);
    }
    const auto status = find_number(report, "ExitStatus").value_or(0);
    if (status == 0) return "Runtime exited without providing a reason";
    return "Runtime exited with error: exit status " + std::to_string(status);
}

Verdict ended_by(const Invocation& invocation, std::string type, const std::string& reason) {
    const std::string message = "RequestId: " + invocation.request_id + " Error: " + reason;
    Verdict verdict;
    verdict.failed = true;
    verdict.payload = error_payload(type, message);
    verdict.log_line = message + "\n" + type + "\n";
    verdict.report_status = "error";
    verdict.error_type = std::move(type);
    return verdict;
}

Verdict response(std::string_view body) {
    Verdict verdict;
    verdict.payload = body;
    if (body.size() > kResponseLimit) {
        verdict.failed = true;
        // Key order as recorded by clients: errorMessage first (facts/lambda.md 3.5).
        verdict.payload =
            R"({"errorMessage":"Response payload size exceeded maximum allowed payload size )"
            R"((6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"})";
    }
    return verdict;
}

}  // namespace

Verdict judge(const Invocation& invocation, const json::object& report, std::string_view body) {
    const std::string outcome = required_text(report, "Outcome");
    if (outcome == "response") return response(body);
    Verdict verdict;
    verdict.failed = true;
    if (outcome == "error" || outcome == "init-error") {
        verdict.payload = body;  // as posted, whatever it is
        if (outcome == "init-error") {
            verdict.report_status = "error";
            verdict.error_type = find_text(report, "ErrorType").value_or("Runtime.Unknown");
        }
        return verdict;
    }
    if (outcome == "not-started") {
        verdict = ended_by(invocation, "Runtime.InvalidEntrypoint",
                           find_text(report, "Message").value_or("the process did not start"));
        verdict.reached_function = false;
        return verdict;
    }
    // Killed by a fault: the caller of one that timed out had its answer before.
    if (outcome == "killed") {
        return ended_by(invocation, "Runtime.ExitError",
                        "Runtime exited with error: signal: killed");
    }
    return ended_by(invocation, "Runtime.ExitError", exit_text(report));
}

Verdict timed_out(const Invocation& invocation, Time now) {
    const std::string task =
        "Task timed out after " + std::to_string(invocation.timeout_seconds) + ".00 seconds";
    Verdict verdict;
    verdict.failed = true;
    verdict.payload = error_payload("Sandbox.Timedout",
                                    "RequestId: " + invocation.request_id + " Error: " + task);
    verdict.log_line = iso_time(now) + " " + invocation.request_id + " " + task + "\n\n";
    verdict.report_status = "timeout";
    return verdict;
}

}  // namespace sbemu::lambda
