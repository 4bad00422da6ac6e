// Where records go: 128-bit hash keys and the ranges of them that shards own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sbemu::kinesis {

__extension__ typedef unsigned __int128 HashKey;

inline constexpr HashKey kMaxHashKey = ~HashKey{0};

// MD5 of the partition key, read as a big-endian number (facts/dynamodb-kinesis.md 3.2).
HashKey hash_of(std::string_view partition_key);

std::string decimal_text(HashKey key);  // as the API prints it
// Nothing if the text is not a decimal number below 2^128.
std::optional<HashKey> parse_hash_key(std::string_view text);

// 32 hex digits: sorts as the number does, so SQLite finds the shard of a key.
std::string sortable_text(HashKey key);
HashKey from_sortable_text(std::string_view text);

struct HashKeyRange {
    HashKey first;
    HashKey last;
};

// The range of shard `index` of `count` equal shards; the last one takes what is left over.
HashKeyRange range_of(std::int64_t index, std::int64_t count);

}  // namespace sbemu::kinesis
