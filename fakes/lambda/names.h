// The ways to name a function: name, partial ARN, ARN, each with or without a qualifier.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu::lambda {

inline constexpr std::string_view kLatest = "$LATEST";

struct FunctionReference {
    std::string name;
    std::optional<std::string> qualifier;  // as given: "$LATEST", a version, an alias

    bool is_latest() const { return !qualifier || *qualifier == kLatest; }
};

// Reads FunctionName and the Qualifier parameter of a request. Throws ResourceNotFoundException
// for another region, AccessDeniedException for another account, and
// InvalidParameterValueException if the two qualifiers differ (facts/lambda.md 3.3).
FunctionReference parse_function_name(const Context& ctx, std::string_view text,
                                      const std::optional<std::string>& qualifier);

// "arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]" of ctx's caller.
std::string function_arn(const Context& ctx, std::string_view name,
                         const std::optional<std::string>& qualifier = std::nullopt);

}  // namespace sbemu::lambda
