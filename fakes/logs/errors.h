// CloudWatch Logs' errors, each text spelled once.
// (recorded/logs/test_logs_{groups,streams,events}.snapshot.json)
#pragma once

#include <string>

#include "emulator/core/error.h"

namespace sbemu::logs {

inline ApiError invalid_parameter(const std::string& message) {
    return {"InvalidParameterException", message, 400};
}
inline ApiError not_found(const std::string& what) {
    return {"ResourceNotFoundException", "The specified " + what + " does not exist.", 400};
}
inline ApiError already_exists(const std::string& what) {
    return {"ResourceAlreadyExistsException", "The specified " + what + " already exists", 400};
}
inline ApiError invalid_token() { return invalid_parameter("The specified nextToken is invalid."); }

}  // namespace sbemu::logs
