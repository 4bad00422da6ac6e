// ExclusiveStartKey: behind which item a Query or Scan goes on.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <vector>

#include "fakes/dynamodb/page.h"
#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/values/attribute_value.h"

namespace sbemu::dynamodb {

// All functions throw ValidationException, with the texts of facts/dynamodb-kinesis.md 1.10.

ApiError starting_key_is_invalid();

// Nothing if the request has none.
std::optional<Item> parse_start_key(const boost::json::object& request, ValueLayer layer);

// The key has exactly as many attributes as keys of the source have.
void check_start_size(const Source& source, const Item& start_key);
// These attributes are in the key, with the right types.
void check_start_attributes(const std::vector<KeyAttribute>& attributes, const Item& start_key);

// The table's part of the key is checked; the index's was.
IndexPosition position_of(const Source& source, const Item& start_key);

}  // namespace sbemu::dynamodb
