// A table's stream: begun, fed and ended by the table's operations.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/values/attribute_value.h"

namespace sbemu::dynamodb {

// Sequence numbers as clients see them: 21 digits that sort as text.
std::string sequence_number_text(std::int64_t sequence);
std::optional<std::int64_t> parse_sequence_number(std::string_view text);

// Gives the table a new stream with one open shard, ENABLING; the description tells of it. The
// table's row is the caller's to write.
void begin_stream(Context& ctx, Table& table, boost::json::object& description,
                  std::string_view view_type);
// Closes its shard; the records stay readable for 24 hours.
void end_stream(Context& ctx, std::int64_t stream);

// INSERT, MODIFY or REMOVE: one of the items may be null.
std::string_view name_of_change(const Item* old_item, const Item* new_item);
// Adds what a record tells of a change to `record`: Keys and the images that the view type shows.
// One of the items may be null. Gives their size in bytes.
std::size_t add_images(const Table& table, std::string_view view_type, const Item* old_item,
                       const Item* new_item, boost::json::object& record);

}  // namespace sbemu::dynamodb
