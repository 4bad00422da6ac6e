#include "fakes/lambda/names.h"

#include <algorithm>
#include <vector>

#include "fakes/lambda/errors.h"

namespace sbemu::lambda {
namespace {

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const auto colon = text.find(':');
        parts.emplace_back(text.substr(0, colon));
        if (colon == std::string_view::npos) return parts;
        text.remove_prefix(colon + 1);
    }
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_account(std::string_view text) {
    return text.size() == 12 && std::all_of(text.begin(), text.end(), is_digit);
}

// "us-east-1", "us-gov-west-1": at least two dashes, and a digit at the end.
bool is_region(std::string_view text) {
    return std::count(text.begin(), text.end(), '-') >= 2 && text.size() >= 9 &&
           is_digit(text.back()) && text[text.size() - 2] == '-';
}

struct NameParts {
    std::optional<std::string> region;
    std::optional<std::string> account;
    FunctionReference reference;
};

// Every part but the name may be missing, and a part is only a prefix if something follows:
// "arn:aws:lambda:us-east-1:123456789012:function" names a function called "function"
// (facts/lambda.md 3.3).
NameParts split_name(std::string_view text) {
    std::vector<std::string> parts = split(text);
    std::size_t at = parts.size() > 3 && parts[0] == "arn" ? 3 : 0;
    const auto more = [&] { return at + 1 < parts.size(); };
    NameParts found;
    if (more() && is_region(parts[at])) found.region = parts[at++];
    if (more() && is_account(parts[at])) found.account = parts[at++];
    if (more() && parts[at] == "function") ++at;
    found.reference.name = parts[at++];
    if (at < parts.size()) found.reference.qualifier = parts[at];
    return found;
}

}  // namespace

FunctionReference parse_function_name(const Context& ctx, std::string_view text,
                                      const std::optional<std::string>& qualifier) {
    NameParts parts = split_name(text);
    if (parts.region && *parts.region != ctx.caller.region) {
        throw resource_not_found("Functions from '" + *parts.region +
                                 "' are not reachable in this region ('" + ctx.caller.region +
                                 "')");
    }
    if (parts.account && *parts.account != ctx.caller.account) {
        // Text assumed; the code is recorded (facts/lambda.md 3.3).
        throw ApiError("AccessDeniedException",
                       "User: arn:aws:iam::" + ctx.caller.account +
                           ":root is not authorized to access this function of account " +
                           *parts.account,
                       403);
    }
    FunctionReference reference = std::move(parts.reference);
    if (qualifier) {
        if (reference.qualifier && *reference.qualifier != *qualifier) {
            throw invalid_parameter(
                "The derived qualifier from the function name does not match the specified "
                "qualifier.");
        }
        reference.qualifier = qualifier;
    }
    return reference;
}

std::string function_arn(const Context& ctx, std::string_view name,
                         const std::optional<std::string>& qualifier) {
    std::string resource = "function:" + std::string(name);
    if (qualifier) resource += ":" + *qualifier;
    return ctx.caller.arn("lambda", resource);
}

}  // namespace sbemu::lambda
