// A table's stream: begun, fed and ended by the table's operations.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>

#include "fakes/dynamodb/rows.h"

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

}  // namespace sbemu::dynamodb
