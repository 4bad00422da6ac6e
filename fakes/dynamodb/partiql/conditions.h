// WHERE clauses as conditions, which are held against items as those of expressions are.
#pragma once

#include <optional>

#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/partiql/syntax.h"
#include "fakes/dynamodb/partiql/values.h"

namespace sbemu::dynamodb::partiql {

// Throws ValidationException.
Node condition_of(const Expression& expression, const Parameters& parameters);

// Both hold. Either may be nothing.
std::optional<Node> both(std::optional<Node> left, std::optional<Node> right);

}  // namespace sbemu::dynamodb::partiql
