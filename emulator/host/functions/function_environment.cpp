#include "emulator/host/functions/function_environment.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string_view>

#include "emulator/host/redirect/redirected_addresses.h"
#include "emulator/host/redirect/redirected_environment.h"

namespace sbemu {
namespace {

// facts/lambda.md 4.5. The service refuses them too.
constexpr std::array kReserved = {
    std::string_view("_HANDLER"),
    std::string_view("_X_AMZN_TRACE_ID"),
    std::string_view("AWS_REGION"),
    std::string_view("AWS_DEFAULT_REGION"),
    std::string_view("AWS_EXECUTION_ENV"),
    std::string_view("AWS_LAMBDA_FUNCTION_NAME"),
    std::string_view("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
    std::string_view("AWS_LAMBDA_FUNCTION_VERSION"),
    std::string_view("AWS_LAMBDA_INITIALIZATION_TYPE"),
    std::string_view("AWS_LAMBDA_LOG_GROUP_NAME"),
    std::string_view("AWS_LAMBDA_LOG_STREAM_NAME"),
    std::string_view("AWS_ACCESS_KEY"),
    std::string_view("AWS_ACCESS_KEY_ID"),
    std::string_view("AWS_SECRET_ACCESS_KEY"),
    std::string_view("AWS_SESSION_TOKEN"),
    std::string_view("AWS_LAMBDA_RUNTIME_API"),
    std::string_view("LAMBDA_TASK_ROOT"),
    std::string_view("LAMBDA_RUNTIME_DIR"),
    std::string_view("_LAMBDA_TELEMETRY_LOG_FD"),
};

using Variables = std::map<std::string, std::string>;

std::string value_of(const Environment& environment, std::string_view name) {
    const char* value = find_variable(environment, name);
    return value == nullptr ? std::string() : value;
}

// Runtimes up to nodejs16.x came with aws-sdk v2.
bool came_with_old_sdk(const std::string& runtime) {
    constexpr std::string_view kName = "nodejs";
    constexpr int kLast = 16;
    if (!runtime.starts_with(kName)) return false;
    int major = 0;  // plain "nodejs" is the oldest
    std::from_chars(runtime.data() + kName.size(), runtime.data() + runtime.size(), major);
    return major <= kLast;
}

void set_function(Variables& variables, const Function& function, const FunctionPlace& place) {
    variables["AWS_REGION"] = function.owner.region;
    variables["AWS_DEFAULT_REGION"] = function.owner.region;
    variables["AWS_ACCESS_KEY_ID"] = function.owner.account;
    variables["AWS_SECRET_ACCESS_KEY"] = "sbemu";
    variables["AWS_SESSION_TOKEN"] = session_token_of(place.log_stream);
    variables["AWS_LAMBDA_FUNCTION_NAME"] = function.name;
    variables["AWS_LAMBDA_FUNCTION_VERSION"] = function.version;
    variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(function.memory_size);
    variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
    variables["AWS_LAMBDA_LOG_GROUP_NAME"] = function.log_group;
    variables["AWS_LAMBDA_LOG_STREAM_NAME"] = place.log_stream;
    variables["AWS_LAMBDA_RUNTIME_API"] = "127.0.0.1:" + std::to_string(place.runtime_api_port);
    variables["LAMBDA_TASK_ROOT"] = place.task_root.string();
    variables["LAMBDA_RUNTIME_DIR"] = "/var/runtime";
    variables["_HANDLER"] = function.handler;
    // Nobody listens there: what the X-Ray SDK sends is lost, as datagrams may be.
    variables["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR";
    variables["AWS_XRAY_DAEMON_ADDRESS"] = "127.0.0.1:2000";
    variables["_AWS_XRAY_DAEMON_ADDRESS"] = "127.0.0.1";
    variables["_AWS_XRAY_DAEMON_PORT"] = "2000";
}

void set_machine(Variables& variables, const FunctionPlace& place, const Environment& emulator) {
    const std::string root = place.task_root.string();
    const std::string libraries = value_of(emulator, "LD_LIBRARY_PATH");
    variables["TZ"] = ":UTC";
    variables["LANG"] = "en_US.UTF-8";
    variables["PATH"] = value_of(emulator, "PATH");
    variables["LD_LIBRARY_PATH"] =
        root + ":" + root + "/lib" + (libraries.empty() ? "" : ":" + libraries);
}

void set_managed(Variables& variables, const Function& function, const FunctionPlace& place) {
    const std::string root = place.task_root.string();
    variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + function.runtime;
    variables["PWD"] = root;
    variables["SHLVL"] = "0";
    // Log events come as frames between the lines of standard error (function_output.h).
    variables["_LAMBDA_TELEMETRY_LOG_FD"] = "2";
    if (function.runs_python()) variables["LC_CTYPE"] = "C.UTF-8";
    if (!function.runs_node()) return;
    std::string node_path = root + "/node_modules:" + root;
    if (!place.node_path.empty() && came_with_old_sdk(function.runtime)) {
        const auto below = place.node_path / "node_modules";
        std::error_code ignored;
        const bool holds = std::filesystem::is_directory(below, ignored);
        node_path = (holds ? below : place.node_path).string() + ":" + node_path;
    }
    variables["NODE_PATH"] = node_path;
}

}  // namespace

// A log stream's name ends with hexadecimal digits that no other has.
std::string session_token_of(std::string_view log_stream) {
    const auto end = log_stream.find(']');
    return std::string(kSessionTokenStart) +
           std::string(log_stream.substr(end == std::string_view::npos ? 0 : end + 1));
}

Environment function_environment(const Function& function, const FunctionPlace& place,
                                 const Environment& emulator) {
    Variables variables;
    set_function(variables, function, place);
    set_machine(variables, place, emulator);
    if (!function.is_provided()) set_managed(variables, function, place);
    for (const auto& [name, value] : function.variables) {
        if (std::find(kReserved.begin(), kReserved.end(), name) == kReserved.end()) {
            variables[name] = value;
        }
    }
    if (!place.clock.empty()) variables[SBEMU_CLOCK_VARIABLE] = place.clock.string();
    Environment result;
    for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
    return result;
}

}  // namespace sbemu
