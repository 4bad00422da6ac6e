// IAM's errors, each text spelled once. (recorded: localstack test_iam_roles.snapshot.json)
#pragma once

#include <string>

#include "emulator/core/error.h"

namespace sbemu::iam {

inline ApiError no_such_entity(const std::string& message) {
    return {"NoSuchEntity", message, 404};
}
inline ApiError no_such_role(const std::string& name) {
    return no_such_entity("The role with name " + name + " cannot be found.");
}
inline ApiError limit_exceeded(const std::string& message) {
    return {"LimitExceeded", message, 409};
}
inline ApiError delete_conflict(const std::string& message) {
    return {"DeleteConflict", message, 409};
}
inline ApiError validation_error(const std::string& message) {
    return {"ValidationError", message, 400};
}

}  // namespace sbemu::iam
