// SET and REMOVE as the actions of an update.
#pragma once

#include <vector>

#include "fakes/dynamodb/expressions/update.h"
#include "fakes/dynamodb/partiql/syntax.h"
#include "fakes/dynamodb/partiql/values.h"

namespace sbemu::dynamodb::partiql {

// Throws ValidationException.
Update update_of(const std::vector<Assignment>& assignments, const Parameters& parameters);

}  // namespace sbemu::dynamodb::partiql
