#include "fakes/kinesis/streams.h"

#include "emulator/core/check.h"
#include "emulator/store/store.h"
#include "fakes/kinesis/sequence_number.h"

namespace sbemu::kinesis {

const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS kinesis_stream (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
        status TEXT NOT NULL, mode TEXT NOT NULL, retention_hours INTEGER NOT NULL,
        max_record_kibibytes INTEGER NOT NULL, created INTEGER NOT NULL,
        UNIQUE (account, region, name)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS kinesis_shard (
        stream INTEGER NOT NULL REFERENCES kinesis_stream (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, first_hash TEXT NOT NULL, last_hash TEXT NOT NULL,
        created INTEGER NOT NULL,
        PRIMARY KEY (stream, number), UNIQUE (stream, first_hash)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS kinesis_counter (
        stream INTEGER NOT NULL REFERENCES kinesis_stream (id) ON DELETE CASCADE,
        shard_group INTEGER NOT NULL, next INTEGER NOT NULL,
        PRIMARY KEY (stream, shard_group)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS kinesis_record (
        stream INTEGER NOT NULL REFERENCES kinesis_stream (id) ON DELETE CASCADE,
        shard INTEGER NOT NULL, position INTEGER NOT NULL, arrived INTEGER NOT NULL,
        size INTEGER NOT NULL, partition_key TEXT NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (stream, shard, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS kinesis_tag (
        stream INTEGER NOT NULL REFERENCES kinesis_stream (id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (stream, key)
    ) STRICT, WITHOUT ROWID;
)sql";

namespace {

// Shards share their position counters in groups (facts/dynamodb-kinesis.md 3.2).
constexpr std::int64_t kShardsPerCounter = 5;
constexpr std::int64_t kMaxAnswerBytes = 10 * 1024 * 1024;
// Shards are stamped a little before their stream (facts/dynamodb-kinesis.md 3.2).
constexpr std::int64_t kShardStampLead = 2;

using StreamRow = std::tuple<std::int64_t, std::string, std::string, std::string, std::int64_t,
                             std::int64_t, std::int64_t>;

Stream stream_of(const StreamRow& row) {
    const auto& [id, name, status, mode, retention, max_record, created] = row;
    return {id, name, status, mode, retention, max_record, created};
}

using ShardRow = std::tuple<std::int64_t, std::string, std::string, std::int64_t>;

Shard shard_from(const ShardRow& row) {
    const auto& [index, first, last, created] = row;
    return {index, {from_sortable_text(first), from_sortable_text(last)}, created};
}

}  // namespace

std::string Shard::id() const {
    std::string digits = std::to_string(index);
    if (digits.size() < 12) digits.insert(0, 12 - digits.size(), '0');
    return "shardId-" + digits;
}

std::string Shard::starting_sequence_number() const {
    return SequenceNumber{created, index, 0, created}.text();
}

std::string arn_of(const Caller& caller, std::string_view stream) {
    return caller.arn("kinesis", "stream/" + std::string(stream));
}

std::optional<std::int64_t> parse_shard_id(std::string_view text) {
    // AWS reads any "<something>-<number>", e.g. shard-1, as a shard id [kinesalite].
    const auto dash = text.rfind('-');
    const std::string_view digits = text.substr(dash == std::string_view::npos ? 0 : dash + 1);
    if (digits.empty() || digits.size() > 18) return std::nullopt;
    std::int64_t index = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        index = index * 10 + (c - '0');
    }
    return index;
}

std::optional<Stream> find_stream(Context& ctx, std::string_view name) {
    const auto row = ctx.store.find<std::int64_t, std::string, std::string, std::string,
                                    std::int64_t, std::int64_t, std::int64_t>(
        "SELECT id, name, status, mode, retention_hours, max_record_kibibytes, created"
        " FROM kinesis_stream WHERE account = ? AND region = ? AND name = ?",
        ctx.caller.account, ctx.caller.region, name);
    if (!row) return std::nullopt;
    return stream_of(*row);
}

std::vector<Stream> list_streams(Context& ctx, std::string_view after, std::int64_t limit) {
    std::vector<Stream> streams;
    for (const auto& row : ctx.store.list<std::int64_t, std::string, std::string, std::string,
                                          std::int64_t, std::int64_t, std::int64_t>(
             "SELECT id, name, status, mode, retention_hours, max_record_kibibytes, created"
             " FROM kinesis_stream WHERE account = ? AND region = ? AND name > ?"
             " ORDER BY name LIMIT ?",
             ctx.caller.account, ctx.caller.region, after, limit)) {
        streams.push_back(stream_of(row));
    }
    return streams;
}

Stream insert_stream(Context& ctx, const Stream& stream, std::int64_t shard_count) {
    ctx.store.run(
        "INSERT INTO kinesis_stream"
        " (account, region, name, status, mode, retention_hours, max_record_kibibytes, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, ctx.caller.region, stream.name, stream.status, stream.mode,
        stream.retention_hours, stream.max_record_kibibytes, stream.created);
    const auto inserted = find_stream(ctx, stream.name);
    SBEMU_CHECK(inserted);
    for (std::int64_t index = 0; index < shard_count; ++index) {
        const HashKeyRange range = range_of(index, shard_count);
        ctx.store.run(
            "INSERT INTO kinesis_shard (stream, number, first_hash, last_hash, created)"
            " VALUES (?, ?, ?, ?, ?)",
            inserted->id, index, sortable_text(range.first), sortable_text(range.last),
            stream.created / 1000 - kShardStampLead);
    }
    return *inserted;
}

void set_status(Context& ctx, const Stream& stream, std::string_view status) {
    ctx.store.run("UPDATE kinesis_stream SET status = ? WHERE id = ?", status, stream.id);
}

void set_retention(Context& ctx, const Stream& stream, std::int64_t hours) {
    ctx.store.run("UPDATE kinesis_stream SET retention_hours = ? WHERE id = ?", hours, stream.id);
}

void erase_stream(Context& ctx, const Stream& stream) {
    ctx.store.run("DELETE FROM kinesis_stream WHERE id = ?", stream.id);
}

std::int64_t count_shards_of_account(Context& ctx) {
    return ctx.store
        .value<std::int64_t>(
            "SELECT count(*) FROM kinesis_stream JOIN kinesis_shard ON stream = id"
            " WHERE account = ? AND region = ?",
            ctx.caller.account, ctx.caller.region)
        .value_or(0);
}

std::vector<Shard> list_shards(Context& ctx, const Stream& stream, std::int64_t after,
                               std::int64_t limit) {
    std::vector<Shard> shards;
    for (const auto& row : ctx.store.list<std::int64_t, std::string, std::string, std::int64_t>(
             "SELECT number, first_hash, last_hash, created FROM kinesis_shard"
             " WHERE stream = ? AND number > ? ORDER BY number LIMIT ?",
             stream.id, after, limit)) {
        shards.push_back(shard_from(row));
    }
    return shards;
}

std::optional<Shard> find_shard(Context& ctx, const Stream& stream, std::int64_t index) {
    const auto row = ctx.store.find<std::int64_t, std::string, std::string, std::int64_t>(
        "SELECT number, first_hash, last_hash, created FROM kinesis_shard"
        " WHERE stream = ? AND number = ?",
        stream.id, index);
    if (!row) return std::nullopt;
    return shard_from(*row);
}

Shard shard_of(Context& ctx, const Stream& stream, HashKey key) {
    const auto row = ctx.store.find<std::int64_t, std::string, std::string, std::int64_t>(
        "SELECT number, first_hash, last_hash, created FROM kinesis_shard"
        " WHERE stream = ? AND first_hash <= ? ORDER BY first_hash DESC LIMIT 1",
        stream.id, sortable_text(key));
    SBEMU_CHECK(row);  // shards cover the whole range
    return shard_from(*row);
}

std::int64_t count_shards(Context& ctx, const Stream& stream) {
    return ctx.store
        .value<std::int64_t>("SELECT count(*) FROM kinesis_shard WHERE stream = ?", stream.id)
        .value_or(0);
}

Time retention_horizon(Context& ctx, const Stream& stream) {
    return ctx.now - std::chrono::hours(stream.retention_hours);
}

std::int64_t next_position(Context& ctx, const Stream& stream, std::int64_t shard) {
    // 0 is the start of the shard, so records begin at 1.
    return ctx.store
        .value<std::int64_t>(
            "SELECT next FROM kinesis_counter WHERE stream = ? AND shard_group = ?", stream.id,
            shard / kShardsPerCounter)
        .value_or(1);
}

std::int64_t append_record(Context& ctx, const Stream& stream, const Shard& shard,
                           const std::string& partition_key, const std::string& data) {
    const std::int64_t horizon = to_milliseconds(retention_horizon(ctx, stream));
    const auto oldest = ctx.store.value<std::int64_t>(
        "SELECT arrived FROM kinesis_record WHERE stream = ? AND shard = ?"
        " ORDER BY position LIMIT 1",
        stream.id, shard.index);
    if (oldest && *oldest <= horizon) {
        ctx.store.run("DELETE FROM kinesis_record WHERE stream = ? AND shard = ? AND arrived <= ?",
                      stream.id, shard.index, horizon);
    }
    const std::int64_t position = next_position(ctx, stream, shard.index);
    ctx.store.run(
        "INSERT INTO kinesis_record"
        " (stream, shard, position, arrived, size, partition_key, data)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        stream.id, shard.index, position, to_milliseconds(ctx.now),
        static_cast<std::int64_t>(data.size() / 4 * 3 + partition_key.size()), partition_key, data);
    ctx.store.run(
        "INSERT OR REPLACE INTO kinesis_counter (stream, shard_group, next) VALUES (?, ?, ?)",
        stream.id, shard.index / kShardsPerCounter, position + 1);
    return position;
}

std::vector<Record> read_records(Context& ctx, const Stream& stream, std::int64_t shard,
                                 std::int64_t from, std::int64_t limit) {
    const std::int64_t horizon = to_milliseconds(retention_horizon(ctx, stream));
    std::int64_t last = -1;
    std::int64_t bytes = 0;
    for (const auto& [position, size] : ctx.store.list<std::int64_t, std::int64_t>(
             "SELECT position, size FROM kinesis_record"
             " WHERE stream = ? AND shard = ? AND position >= ? AND arrived > ?"
             " ORDER BY position LIMIT ?",
             stream.id, shard, from, horizon, limit)) {
        bytes += size;
        if (last >= 0 && bytes > kMaxAnswerBytes) break;
        last = position;
    }
    std::vector<Record> records;
    if (last < 0) return records;
    for (auto& [position, arrived, key, data] :
         ctx.store.list<std::int64_t, std::int64_t, std::string, std::string>(
             "SELECT position, arrived, partition_key, data FROM kinesis_record"
             " WHERE stream = ? AND shard = ? AND position BETWEEN ? AND ? AND arrived > ?"
             " ORDER BY position",
             stream.id, shard, from, last, horizon)) {
        records.push_back({position, arrived, std::move(key), std::move(data)});
    }
    return records;
}

std::optional<std::int64_t> position_at(Context& ctx, const Stream& stream, std::int64_t shard,
                                        std::int64_t time) {
    return ctx.store.value<std::int64_t>(
        "SELECT position FROM kinesis_record WHERE stream = ? AND shard = ? AND arrived >= ?"
        " ORDER BY position LIMIT 1",
        stream.id, shard, time);
}

std::vector<std::pair<std::string, std::string>> list_tags(Context& ctx, const Stream& stream) {
    std::vector<std::pair<std::string, std::string>> tags;
    for (auto& [key, value] : ctx.store.list<std::string, std::string>(
             "SELECT key, value FROM kinesis_tag WHERE stream = ? ORDER BY key", stream.id)) {
        tags.emplace_back(std::move(key), std::move(value));
    }
    return tags;
}

void put_tag(Context& ctx, const Stream& stream, std::string_view key, std::string_view value) {
    ctx.store.run("INSERT OR REPLACE INTO kinesis_tag (stream, key, value) VALUES (?, ?, ?)",
                  stream.id, key, value);
}

void erase_tag(Context& ctx, const Stream& stream, std::string_view key) {
    ctx.store.run("DELETE FROM kinesis_tag WHERE stream = ? AND key = ?", stream.id, key);
}

}  // namespace sbemu::kinesis
