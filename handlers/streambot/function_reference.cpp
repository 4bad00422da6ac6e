#include "handlers/streambot/function_reference.h"

#include "handlers/runtime/text.h"

namespace sbemu::streambot {
namespace {

bool is_compatible(const std::string& one, const std::string& other) {
    return one.empty() || other.empty() || one == other;
}

}  // namespace

FunctionReference FunctionReference::parse(std::string_view text) {
    const auto parts = lambda_runtime::split(text, ':');
    FunctionReference reference;
    std::size_t at = 0;
    if (parts[0] == "arn" && parts.size() > 6) {
        reference.region = parts[3];
        reference.account = parts[4];
        at = 6;
    } else if (parts.size() > 2 && parts[1] == "function") {
        reference.account = parts[0];
        at = 2;
    } else if (parts.size() > 1 && parts[0] == "function") {
        at = 1;
    }
    reference.name = parts[at];
    if (at + 1 < parts.size()) reference.qualifier = parts[at + 1];
    return reference;
}

bool is_same_function(std::string_view one, std::string_view other) {
    const auto left = FunctionReference::parse(one);
    const auto right = FunctionReference::parse(other);
    return left.name == right.name && left.qualifier == right.qualifier &&
           is_compatible(left.region, right.region) && is_compatible(left.account, right.account);
}

}  // namespace sbemu::streambot
