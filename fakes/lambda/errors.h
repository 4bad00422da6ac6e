// The errors of the Lambda API: each code, status and shape spelled once.
#pragma once

#include <string>

#include "emulator/core/error.h"

namespace sbemu::lambda {

// A modelled Lambda error; its body carries Type "User" (facts/lambda.md 0).
ApiError user_error(const std::string& code, const std::string& message, int status);

ApiError invalid_parameter(const std::string& message);   // 400
ApiError resource_not_found(const std::string& message);  // 404
ApiError resource_conflict(const std::string& message);   // 409
ApiError resource_in_use(const std::string& message);     // 400
// "Function not found: <arn>"
ApiError function_not_found(const std::string& arn);
ApiError revision_mismatch(const std::string& getter);  // 412; getter: "GetFunction/GetAlias"
// 413 as the front door answers it: not a modelled error, without a Type.
ApiError request_too_large(const std::string& message);

}  // namespace sbemu::lambda
