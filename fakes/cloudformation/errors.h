// CloudFormation's errors, each spelled once. All are ValidationError, HTTP 400, unless noted
// (facts/cloudformation.md 2.3 and 2.10).
#pragma once

#include <string>
#include <vector>

#include "emulator/core/error.h"

namespace sbemu::cloudformation {

// "A, B", as the texts name several.
inline std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

inline ApiError validation_error(const std::string& message) {
    return {"ValidationError", message};
}

inline ApiError format_error(const std::string& message) {
    return validation_error("Template format error: " + message);
}

inline ApiError template_error(const std::string& message) {
    return validation_error("Template error: " + message);
}

// DescribeStacks and GetTemplate; the other calls word it differently.
inline ApiError stack_not_found(const std::string& name) {
    return validation_error("Stack with id " + name + " does not exist");
}

}  // namespace sbemu::cloudformation
