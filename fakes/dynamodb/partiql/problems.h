// What is wrong with a statement. Texts: facts/dynamodb-kinesis.md 1.13, and the tests of
// paritysuite/dynamodb-conformance and floci-io/floci that say they were recorded on AWS. Those
// that no test of ours marks as recorded are assumed.
#pragma once

#include <string>

#include "fakes/dynamodb/partiql/lexer.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb::partiql {

// The statement cannot be read. `detail` is empty where the characters make no tokens.
inline ApiError not_well_formed(const std::string& detail = "") {
    return validation_error("Statement wasn't well formed, can't be processed: " + detail);
}

// The statement can be read and means nothing to DynamoDB.
inline ApiError problem_at(const std::string& message, const Position& position) {
    return validation_error(message + " at " + position.text());
}

}  // namespace sbemu::dynamodb::partiql
