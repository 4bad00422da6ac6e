// Reads PartiQL statements as PartiQL's own reference parser does, whose errors DynamoDB answers.
#pragma once

#include <string_view>

#include "fakes/dynamodb/partiql/syntax.h"

namespace sbemu::dynamodb::partiql {

// Throws ValidationException "Statement wasn't well formed, can't be processed: ...".
Statement parse_statement(std::string_view source);

}  // namespace sbemu::dynamodb::partiql
