// Sequence numbers: 56 decimal digits in which shard, order and second of arrival are packed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/time.h"

namespace sbemu::kinesis {

// Version 2 of the scheme (facts/dynamodb-kinesis.md 3.2): 47 hex digits
// "2" shard_created(9) shard(1) position(16) "00" arrived(9) shard(8) "2", printed in decimal.
struct SequenceNumber {
    std::int64_t shard_created = 0;  // seconds since the epoch
    std::int64_t shard = 0;          // index of the shard in its stream
    std::int64_t position = 0;       // grows within a shard; 0 is the start of the shard
    std::int64_t arrived = 0;        // seconds since the epoch

    std::string text() const;
    bool operator==(const SequenceNumber&) const = default;
};

// Nothing if the text is not a sequence number of version 2.
std::optional<SequenceNumber> parse_sequence_number(std::string_view text);

}  // namespace sbemu::kinesis
