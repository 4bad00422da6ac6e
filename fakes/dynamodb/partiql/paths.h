// Names and paths in statements as paths in items.
#pragma once

#include <string>

#include "fakes/dynamodb/expressions/path.h"
#include "fakes/dynamodb/partiql/syntax.h"

namespace sbemu::dynamodb::partiql {

bool is_path(const Expression& expression);

// Throws ValidationException for what leads nowhere in an item: a call, a.*, a[-1].
Path path_of(const Expression& expression);

// What SELECT calls the value: the last name of the path with the indexes behind it.
std::string column_of(const Path& path);

}  // namespace sbemu::dynamodb::partiql
