// Reading from an index what it does not have.
#pragma once

#include <string>
#include <vector>

#include "emulator/core/error.h"
#include "fakes/dynamodb/expressions/path.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// The attributes of `paths` that the index does not have, each once, as they come.
std::vector<std::string> unprojected(const Table& table, const Index& index,
                                     const std::vector<const Path*>& paths);

// The ValidationException for asking a global index for them.
ApiError not_projected(const Index& index, const std::vector<std::string>& names);

// The one for filtering by them.
ApiError filters_not_projected(const Index& index, std::vector<std::string> names);

}  // namespace sbemu::dynamodb
