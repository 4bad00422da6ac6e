// Shard iterators: a place in a shard and the moment they were given out, as opaque text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/time.h"

namespace sbemu::kinesis {

struct ShardIterator {
    std::string stream_name;
    std::int64_t stream = 0;    // Stream::id
    std::int64_t shard = 0;     // Shard::index
    std::int64_t position = 0;  // of the next record to read
    std::int64_t issued = 0;    // milliseconds

    std::string text() const;  // base64, 1..512 characters
};

// Nothing if the text is not one of ours.
std::optional<ShardIterator> parse_shard_iterator(std::string_view text);

}  // namespace sbemu::kinesis
