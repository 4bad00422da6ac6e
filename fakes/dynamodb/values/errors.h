// The errors of DynamoDB, each spelled once. Texts: facts/dynamodb-kinesis.md 1.
#pragma once

#include <string>

#include "emulator/core/error.h"

namespace sbemu::dynamodb {

inline ApiError validation_error(const std::string& message) {
    return {"ValidationException", message};
}

// "INV" in the facts: most semantic errors begin this way.
inline ApiError invalid_values(const std::string& message) {
    return validation_error("One or more parameter values were invalid: " + message);
}

// The data plane does not say which (facts/dynamodb-kinesis.md 1.11).
inline ApiError resource_not_found() {
    return {"ResourceNotFoundException", "Requested resource not found"};
}

inline ApiError table_not_found(const std::string& table) {
    return {"ResourceNotFoundException",
            "Requested resource not found: Table: " + table + " not found"};
}

inline ApiError limit_exceeded(const std::string& message) {
    return {"LimitExceededException", message};
}

inline ApiError key_does_not_match() {
    return validation_error("The provided key element does not match the schema");
}

}  // namespace sbemu::dynamodb
