// Which keys a Query reads: its key conditions against the key schema of a table or index.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fakes/dynamodb/expressions/key_condition.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// The attributes that a read goes by. Both of a global index may be several.
struct KeySchema {
    std::vector<KeyAttribute> partition;
    std::vector<KeyAttribute> sort;  // none in tables without a sort key
};

// The partition that the conditions name, encoded. Throws ValidationException if they are too many
// for the schema, or not equality with each partition attribute.
std::string partition_of(const KeySchema& schema, const std::vector<KeyCondition>& conditions);

// What the conditions leave of that partition, after partition_of; nothing if they say nothing of
// sort keys. Throws ValidationException if they are not, without a gap, conditions on the first
// sort attributes of which only the last is not equality.
std::optional<SortRange> sort_range_of(const KeySchema& schema,
                                       const std::vector<KeyCondition>& conditions);

bool contains(const SortRange& range, const std::string& sort);

}  // namespace sbemu::dynamodb
