// Streams, their shards and records as rows.
#include "emulator/core/check.h"
#include "emulator/store/store.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {
namespace {

constexpr std::int64_t kRecordLifetime = 24L * 3'600'000;  // milliseconds
constexpr std::size_t kMaxAnswerBytes = 1024UL * 1024;

using StreamRow =
    std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::string,
               std::string, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t>;

Stream stream_of(const StreamRow& row) {
    const auto& [id, table, arn, label, status, view, schema, created, ended, next, opened] = row;
    return {id, table, arn, label, status, view, schema, created, ended, next, opened};
}

using ShardRow =
    std::tuple<std::string, std::int64_t, std::optional<std::int64_t>, std::optional<std::string>>;

StreamShard shard_of(const ShardRow& row) {
    const auto& [id, first, last, parent] = row;
    return {id, first, last, parent};
}

std::vector<StreamShard> shards_of(const std::vector<ShardRow>& rows) {
    std::vector<StreamShard> shards;
    shards.reserve(rows.size());
    for (const ShardRow& row : rows) shards.push_back(shard_of(row));
    return shards;
}

}  // namespace

std::int64_t insert_stream(Context& ctx, const Stream& stream) {
    ctx.store.run("DELETE FROM dynamodb_stream WHERE ended <= ?",
                  to_milliseconds(ctx.now) - kRecordLifetime);
    ctx.store.run(
        "INSERT INTO dynamodb_stream (account, region, table_name, arn, label, status, view_type,"
        " key_schema, created, ended, next_sequence, shard_opened)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, ctx.caller.region, stream.table_name, stream.arn, stream.label,
        stream.status, stream.view_type, stream.key_schema, stream.created, stream.ended,
        stream.next_sequence, stream.shard_opened);
    const auto inserted = find_stream(ctx, stream.arn);
    SBEMU_CHECK(inserted);
    return inserted->id;
}

std::optional<Stream> find_stream(Context& ctx, std::string_view arn) {
    const auto row = ctx.store.find<std::int64_t, std::string, std::string, std::string,
                                    std::string, std::string, std::string, std::int64_t,
                                    std::optional<std::int64_t>, std::int64_t, std::int64_t>(
        "SELECT id, table_name, arn, label, status, view_type, key_schema, created, ended,"
        " next_sequence, shard_opened FROM dynamodb_stream"
        " WHERE account = ? AND region = ? AND arn = ? AND coalesce(ended > ?, true)",
        ctx.caller.account, ctx.caller.region, arn, to_milliseconds(ctx.now) - kRecordLifetime);
    if (!row) return std::nullopt;
    return stream_of(*row);
}

std::optional<Stream> find_stream(Context& ctx, std::int64_t id) {
    const auto row = ctx.store.find<std::int64_t, std::string, std::string, std::string,
                                    std::string, std::string, std::string, std::int64_t,
                                    std::optional<std::int64_t>, std::int64_t, std::int64_t>(
        "SELECT id, table_name, arn, label, status, view_type, key_schema, created, ended,"
        " next_sequence, shard_opened FROM dynamodb_stream WHERE id = ?",
        id);
    if (!row) return std::nullopt;
    return stream_of(*row);
}

std::vector<Stream> list_streams(Context& ctx, std::string_view table, std::string_view after,
                                 std::int64_t limit) {
    std::vector<Stream> streams;
    for (const auto& row : ctx.store.list<std::int64_t, std::string, std::string, std::string,
                                          std::string, std::string, std::string, std::int64_t,
                                          std::optional<std::int64_t>, std::int64_t, std::int64_t>(
             "SELECT id, table_name, arn, label, status, view_type, key_schema, created, ended,"
             " next_sequence, shard_opened FROM dynamodb_stream"
             " WHERE account = ? AND region = ? AND ? IN ('', table_name) AND arn > ?"
             " AND coalesce(ended > ?, true) ORDER BY arn LIMIT ?",
             ctx.caller.account, ctx.caller.region, table, after,
             to_milliseconds(ctx.now) - kRecordLifetime, limit)) {
        streams.push_back(stream_of(row));
    }
    return streams;
}

void update_stream(Context& ctx, const Stream& stream) {
    ctx.store.run("UPDATE dynamodb_stream SET status = ?, ended = ? WHERE id = ?", stream.status,
                  stream.ended, stream.id);
}

void settle_streams(Context& ctx, std::string_view table) {
    ctx.store.run(
        "UPDATE dynamodb_stream SET status = CASE status WHEN 'ENABLING' THEN 'ENABLED'"
        " WHEN 'DISABLING' THEN 'DISABLED' ELSE status END"
        " WHERE account = ? AND region = ? AND table_name = ?",
        ctx.caller.account, ctx.caller.region, table);
}

std::vector<StreamShard> list_shards(Context& ctx, const Stream& stream, std::string_view after,
                                     std::int64_t limit) {
    return shards_of(ctx.store.list<std::string, std::int64_t, std::optional<std::int64_t>,
                                    std::optional<std::string>>(
        "SELECT id, first, last, parent FROM dynamodb_shard WHERE stream = ? AND id > ?"
        " AND coalesce(closed > ?, true) ORDER BY id LIMIT ?",
        stream.id, after, to_milliseconds(ctx.now) - kRecordLifetime, limit));
}

std::vector<StreamShard> list_child_shards(Context& ctx, const Stream& stream,
                                           std::string_view parent, std::string_view after,
                                           std::int64_t limit) {
    return shards_of(ctx.store.list<std::string, std::int64_t, std::optional<std::int64_t>,
                                    std::optional<std::string>>(
        "SELECT id, first, last, parent FROM dynamodb_shard WHERE stream = ? AND parent = ?"
        " AND id > ? AND coalesce(closed > ?, true) ORDER BY id LIMIT ?",
        stream.id, parent, after, to_milliseconds(ctx.now) - kRecordLifetime, limit));
}

std::optional<StreamShard> find_shard(Context& ctx, const Stream& stream, std::string_view id) {
    const auto row = ctx.store.find<std::string, std::int64_t, std::optional<std::int64_t>,
                                    std::optional<std::string>>(
        "SELECT id, first, last, parent FROM dynamodb_shard WHERE stream = ? AND id = ?"
        " AND coalesce(closed > ?, true)",
        stream.id, id, to_milliseconds(ctx.now) - kRecordLifetime);
    if (!row) return std::nullopt;
    return shard_of(*row);
}

std::optional<StreamShard> find_open_shard(Context& ctx, const Stream& stream) {
    const auto row = ctx.store.find<std::string, std::int64_t, std::optional<std::int64_t>,
                                    std::optional<std::string>>(
        "SELECT id, first, last, parent FROM dynamodb_shard WHERE stream = ? AND last IS NULL",
        stream.id);
    if (!row) return std::nullopt;
    return shard_of(*row);
}

void close_shard(Context& ctx, const Stream& stream) {
    ctx.store.run(
        "UPDATE dynamodb_shard SET last = ?, closed = ? WHERE stream = ? AND last IS NULL",
        stream.next_sequence, to_milliseconds(ctx.now), stream.id);
}

void open_shard(Context& ctx, Stream& stream, const StreamShard& shard) {
    ctx.store.run("DELETE FROM dynamodb_shard WHERE stream = ? AND closed <= ?", stream.id,
                  to_milliseconds(ctx.now) - kRecordLifetime);
    ctx.store.run("INSERT INTO dynamodb_shard (stream, id, first, parent) VALUES (?, ?, ?, ?)",
                  stream.id, shard.id, shard.first, shard.parent);
    stream.shard_opened = to_milliseconds(ctx.now);
    ctx.store.run("UPDATE dynamodb_stream SET next_sequence = ?, shard_opened = ? WHERE id = ?",
                  stream.next_sequence, stream.shard_opened, stream.id);
}

void append_record(Context& ctx, const Stream& stream, const std::string& record) {
    // Numbers grow with time, so what is too old is a beginning of the records.
    ctx.store.run(
        "DELETE FROM dynamodb_record WHERE stream = ?1 AND sequence < coalesce("
        "(SELECT sequence FROM dynamodb_record WHERE stream = ?1 AND created > ?2"
        " ORDER BY sequence LIMIT 1), ?3)",
        stream.id, to_milliseconds(ctx.now) - kRecordLifetime, stream.next_sequence);
    ctx.store.run(
        "INSERT INTO dynamodb_record (stream, sequence, created, record) VALUES (?, ?, ?, ?)",
        stream.id, stream.next_sequence, to_milliseconds(ctx.now), record);
    ctx.store.run("UPDATE dynamodb_stream SET next_sequence = ? WHERE id = ?",
                  stream.next_sequence + 1, stream.id);
}

std::vector<StreamRecord> read_records(Context& ctx, const Stream& stream, std::int64_t from,
                                       std::int64_t last, std::int64_t limit) {
    std::vector<StreamRecord> records;
    std::size_t bytes = 0;
    for (auto& [sequence, text] : ctx.store.list<std::int64_t, std::string>(
             "SELECT sequence, record FROM dynamodb_record"
             " WHERE stream = ? AND sequence BETWEEN ? AND ? AND created > ?"
             " ORDER BY sequence LIMIT ?",
             stream.id, from, last, to_milliseconds(ctx.now) - kRecordLifetime, limit)) {
        bytes += text.size();
        if (!records.empty() && bytes > kMaxAnswerBytes) break;
        records.push_back({sequence, std::move(text)});
    }
    return records;
}

std::optional<std::int64_t> find_oldest_record(Context& ctx, const Stream& stream,
                                               std::int64_t from, std::int64_t last) {
    return ctx.store.value<std::int64_t>(
        "SELECT sequence FROM dynamodb_record"
        " WHERE stream = ? AND sequence BETWEEN ? AND ? AND created > ?"
        " ORDER BY sequence LIMIT 1",
        stream.id, from, last, to_milliseconds(ctx.now) - kRecordLifetime);
}

}  // namespace sbemu::dynamodb
