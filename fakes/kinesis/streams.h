// Streams, shards and records as rows: all SQL of Kinesis is in streams.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"
#include "fakes/kinesis/hash_key.h"

namespace sbemu::kinesis {

extern const std::string_view kSchema;

struct Stream {
    std::int64_t id = 0;  // never used again: a stream made anew has another
    std::string name;
    std::string status;  // CREATING, ACTIVE, UPDATING, DELETING
    std::string mode;    // PROVISIONED, ON_DEMAND
    std::int64_t retention_hours = 24;
    std::int64_t max_record_kibibytes = 1024;
    std::int64_t created = 0;  // milliseconds
};

struct Shard {
    std::int64_t index = 0;
    HashKeyRange range{};
    std::int64_t created = 0;  // seconds: part of every sequence number of the shard

    std::string id() const;                        // shardId-000000000000
    std::string starting_sequence_number() const;  // of no record: below all of them
};

struct Record {
    std::int64_t position = 0;  // in its shard; part of the sequence number
    std::int64_t arrived = 0;   // milliseconds
    std::string partition_key;
    std::string data;  // base64
};

std::string arn_of(const Caller& caller, std::string_view stream);
// The index in a shard id; nothing if it is not one.
std::optional<std::int64_t> parse_shard_id(std::string_view text);

// Streams belong to the account and region of ctx.caller.
std::optional<Stream> find_stream(Context& ctx, std::string_view name);
std::vector<Stream> list_streams(Context& ctx, std::string_view after, std::int64_t limit);
Stream insert_stream(Context& ctx, const Stream& stream, std::int64_t shard_count);
void set_status(Context& ctx, const Stream& stream, std::string_view status);
void set_retention(Context& ctx, const Stream& stream, std::int64_t hours);
void erase_stream(Context& ctx, const Stream& stream);
std::int64_t count_shards_of_account(Context& ctx);

std::vector<Shard> list_shards(Context& ctx, const Stream& stream, std::int64_t after,
                               std::int64_t limit);
std::optional<Shard> find_shard(Context& ctx, const Stream& stream, std::int64_t index);
Shard shard_of(Context& ctx, const Stream& stream, HashKey key);
std::int64_t count_shards(Context& ctx, const Stream& stream);

// Records older than the stream's retention are gone, whether or not their rows are.
Time retention_horizon(Context& ctx, const Stream& stream);
// The position that the next record of the shard will have.
std::int64_t next_position(Context& ctx, const Stream& stream, std::int64_t shard);
// Returns the position. Drops rows that fell out of retention.
std::int64_t append_record(Context& ctx, const Stream& stream, const Shard& shard,
                           const std::string& partition_key, const std::string& data);
// Records from a position on: at most `limit`, and no more than fit 10 MiB (at least one).
std::vector<Record> read_records(Context& ctx, const Stream& stream, std::int64_t shard,
                                 std::int64_t from, std::int64_t limit);
// Position of the first record that arrived at `time` or later; nothing if none has.
std::optional<std::int64_t> position_at(Context& ctx, const Stream& stream, std::int64_t shard,
                                        std::int64_t time);

std::vector<std::pair<std::string, std::string>> list_tags(Context& ctx, const Stream& stream);
void put_tag(Context& ctx, const Stream& stream, std::string_view key, std::string_view value);
void erase_tag(Context& ctx, const Stream& stream, std::string_view key);

}  // namespace sbemu::kinesis
