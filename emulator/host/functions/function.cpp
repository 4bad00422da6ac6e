#include "emulator/host/functions/function.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "emulator/core/json_text.h"

namespace sbemu {
namespace json = boost::json;
namespace {

const json::value& member(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) throw std::invalid_argument("no member " + std::string(name));
    return *value;
}

std::string text(const json::object& object, std::string_view name) {
    const json::string* value = member(object, name).if_string();
    if (value == nullptr) throw std::invalid_argument(std::string(name) + " is not a string");
    return std::string(*value);
}

std::int64_t number(const json::object& object, std::string_view name) {
    const json::value& value = member(object, name);
    if (!value.is_int64()) throw std::invalid_argument(std::string(name) + " is not an integer");
    return value.get_int64();
}

std::map<std::string, std::string> variables(const json::object& function) {
    std::map<std::string, std::string> result;
    const json::value* given = function.if_contains("Variables");
    if (given == nullptr || !given->is_object()) return result;
    for (const auto& [name, value] : given->get_object()) {
        if (value.is_string()) result.emplace(name, value.get_string());
    }
    return result;
}

// Compact: a header has no line breaks.
std::string client_context(const json::object& effect) {
    const json::value* given = effect.if_contains("ClientContext");
    if (given == nullptr || given->is_null()) return {};
    if (!given->is_string()) return json::serialize(*given);
    boost::system::error_code error;
    const json::value parsed = parse_json(given->get_string(), error);
    return error ? std::string() : json::serialize(parsed);
}

}  // namespace

Function Function::parse(const json::object& function) {
    Function result;
    result.environment = text(function, "Environment");
    result.arn = text(function, "FunctionArn");
    result.name = text(function, "FunctionName");
    result.version = text(function, "Version");
    result.runtime = text(function, "Runtime");
    result.handler = text(function, "Handler");
    result.code_hash = text(function, "CodeHash");
    result.memory_size = number(function, "MemorySize");
    result.timeout = number(function, "Timeout");
    result.variables = sbemu::variables(function);
    result.log_group = text(function, "LogGroup");
    result.owner.account = text(function, "Account");
    result.owner.region = text(function, "Region");
    return result;
}

Invocation Invocation::parse(const json::object& effect) {
    Invocation result;
    result.id = text(effect, "InvocationId");
    result.request_id = text(effect, "RequestId");
    result.invoked_arn = text(effect, "InvokedFunctionArn");
    // An empty payload reaches the handler as {} (facts/lambda.md 3.5).
    result.payload = text(effect, "Payload");
    if (result.payload.empty()) result.payload = "{}";
    result.client_context = sbemu::client_context(effect);
    return result;
}

}  // namespace sbemu
