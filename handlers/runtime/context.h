// What a handler is told about its invocation, and the two things it may touch besides AWS: its log
// and its environment.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sbemu::lambda_runtime {

struct Context {
    std::string request_id;
    std::string invoked_function_arn;  // with the qualifier it was invoked by, if any
    std::string function_name;
    std::string function_version;
    int memory_limit_mb = 0;
    std::string log_group_name;
    std::string log_stream_name;
    std::int64_t started_ms = 0;   // since the epoch
    std::int64_t deadline_ms = 0;  // since the epoch; 0 when unknown
    std::string event_text;        // the event as received; may be "" outside Lambda

    // One line of the function's log, without its newline.
    std::function<void(std::string_view)> log = [](std::string_view) {};
    std::function<std::optional<std::string>(const std::string&)> variable =
        [](const std::string&) { return std::nullopt; };
    // False when the name cannot be one of an environment variable.
    std::function<bool(const std::string&, const std::string&)> set_variable =
        [](const std::string&, const std::string&) { return false; };
};

}  // namespace sbemu::lambda_runtime
