// CloudFormation's errors, each spelled once. All are ValidationError, HTTP 400, unless noted
// (facts/cloudformation.md 2.3 and 2.10).
#pragma once

#include <string>

#include "emulator/core/error.h"

namespace sbemu::cloudformation {

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
