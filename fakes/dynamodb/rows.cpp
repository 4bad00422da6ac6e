#include "fakes/dynamodb/rows.h"

#include <boost/json.hpp>

#include "emulator/core/check.h"
#include "emulator/core/json_text.h"
#include "emulator/store/store.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kRecordLifetime = 24 * 3'600'000;  // milliseconds
constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;

using StreamRow =
    std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::string,
               std::string, std::int64_t, std::optional<std::int64_t>, std::int64_t>;

Stream stream_of(const StreamRow& row) {
    const auto& [id, table, arn, label, status, view, schema, created, ended, next] = row;
    return {id, table, arn, label, status, view, schema, created, ended, next};
}

template <class Row>
std::vector<StoredItem> items_of(std::vector<Row> rows) {
    std::vector<StoredItem> items;
    for (auto& [hash, partition, sort, size, text] : rows) {
        items.push_back({{hash, std::move(partition), std::move(sort)}, parse_stored(text), size});
    }
    return items;
}

void count_change(Context& ctx, const Table& table, std::int64_t items, std::int64_t bytes) {
    if (items == 0 && bytes == 0) return;
    ctx.store.run(
        "UPDATE dynamodb_table SET item_count = item_count + ?, size_bytes = size_bytes + ?"
        " WHERE id = ?",
        items, bytes, table.id);
}

}  // namespace

json::object parse_stored(std::string_view text) { return parse_json(text).as_object(); }

std::string table_arn(const Caller& caller, std::string_view table) {
    return caller.arn("dynamodb", "table/" + std::string(table));
}

std::optional<Table> find_table(Context& ctx, std::string_view name) {
    auto row = ctx.store.find<std::int64_t, std::string, std::string, std::string,
                              std::optional<std::string>, std::optional<std::string>,
                              std::optional<std::int64_t>, std::int64_t, std::int64_t, std::string>(
        "SELECT id, status, partition_name, partition_type, sort_name, sort_type, stream,"
        " item_count, size_bytes, description"
        " FROM dynamodb_table WHERE account = ? AND region = ? AND name = ?",
        ctx.caller.account, ctx.caller.region, name);
    if (!row) return std::nullopt;
    auto& [id, status, partition, partition_type, sort, sort_type, stream, items, bytes, text] =
        *row;
    Table table{id,    std::string(name), status, {partition, partition_type}, {}, stream, items,
                bytes, std::move(text)};
    if (sort) table.sort = KeyAttribute{*sort, *sort_type};
    return table;
}

std::vector<std::string> list_table_names(Context& ctx, std::string_view after,
                                          std::int64_t limit) {
    std::vector<std::string> names;
    for (auto& [name] : ctx.store.list<std::string>(
             "SELECT name FROM dynamodb_table WHERE account = ? AND region = ? AND name > ?"
             " ORDER BY name LIMIT ?",
             ctx.caller.account, ctx.caller.region, after, limit)) {
        names.push_back(std::move(name));
    }
    return names;
}

std::int64_t insert_table(Context& ctx, const Table& table) {
    std::optional<std::string> sort_name;
    std::optional<std::string> sort_type;
    if (table.sort) {
        sort_name = table.sort->name;
        sort_type = table.sort->type;
    }
    ctx.store.run(
        "INSERT INTO dynamodb_table (account, region, name, status, partition_name,"
        " partition_type, sort_name, sort_type, stream, item_count, size_bytes, description)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)",
        ctx.caller.account, ctx.caller.region, table.name, table.status, table.partition.name,
        table.partition.type, sort_name, sort_type, table.stream, table.description);
    const auto inserted = find_table(ctx, table.name);
    SBEMU_CHECK(inserted);
    return inserted->id;
}

void update_table(Context& ctx, const Table& table) {
    ctx.store.run("UPDATE dynamodb_table SET status = ?, stream = ?, description = ? WHERE id = ?",
                  table.status, table.stream, table.description, table.id);
}

void erase_table(Context& ctx, const Table& table) {
    ctx.store.run("DELETE FROM dynamodb_table WHERE id = ?", table.id);
}

std::optional<StoredItem> find_item(Context& ctx, const Table& table, const Key& key) {
    const auto row = ctx.store.find<std::int64_t, std::string>(
        "SELECT size, item FROM dynamodb_item"
        " WHERE table_id = ? AND hash = ? AND partition = ? AND sort = ?",
        table.id, key.hash, Bytes{key.partition}, Bytes{key.sort});
    if (!row) return std::nullopt;
    return StoredItem{key, parse_stored(std::get<1>(*row)), std::get<0>(*row)};
}

std::int64_t put_item(Context& ctx, const Table& table, const Key& key, const Item& item,
                      const std::optional<StoredItem>& old) {
    const auto size = static_cast<std::int64_t>(size_of_item(item));
    ctx.store.run(
        "INSERT OR REPLACE INTO dynamodb_item (table_id, hash, partition, sort, size, item)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        table.id, key.hash, Bytes{key.partition}, Bytes{key.sort}, size, json::serialize(item));
    count_change(ctx, table, old ? 0 : 1, size - (old ? old->size : 0));
    return size;
}

void erase_item(Context& ctx, const Table& table, const StoredItem& old) {
    ctx.store.run(
        "DELETE FROM dynamodb_item"
        " WHERE table_id = ? AND hash = ? AND partition = ? AND sort = ?",
        table.id, old.key.hash, Bytes{old.key.partition}, Bytes{old.key.sort});
    count_change(ctx, table, -1, -old.size);
}

std::vector<StoredItem> list_items(Context& ctx, const Table& table,
                                   const std::optional<Key>& after, std::int64_t first_hash,
                                   std::int64_t end_hash, std::int64_t limit) {
    if (!after) {
        return items_of(
            ctx.store.list<std::int64_t, std::string, std::string, std::int64_t, std::string>(
                "SELECT hash, partition, sort, size, item FROM dynamodb_item"
                " WHERE table_id = ? AND hash >= ? AND hash < ?"
                " ORDER BY hash, partition, sort LIMIT ?",
                table.id, first_hash, end_hash, limit));
    }
    return items_of(
        ctx.store.list<std::int64_t, std::string, std::string, std::int64_t, std::string>(
            "SELECT hash, partition, sort, size, item FROM dynamodb_item"
            " WHERE table_id = ? AND (hash, partition, sort) > (?, ?, ?) AND hash < ?"
            " ORDER BY hash, partition, sort LIMIT ?",
            table.id, after->hash, Bytes{after->partition}, Bytes{after->sort}, end_hash, limit));
}

std::vector<std::pair<std::string, std::string>> list_tags(Context& ctx, const Table& table) {
    std::vector<std::pair<std::string, std::string>> tags;
    for (auto& [key, value] : ctx.store.list<std::string, std::string>(
             "SELECT key, value FROM dynamodb_tag WHERE table_id = ? ORDER BY key", table.id)) {
        tags.emplace_back(std::move(key), std::move(value));
    }
    return tags;
}

void put_tag(Context& ctx, const Table& table, std::string_view key, std::string_view value) {
    ctx.store.run("INSERT OR REPLACE INTO dynamodb_tag (table_id, key, value) VALUES (?, ?, ?)",
                  table.id, key, value);
}

void erase_tag(Context& ctx, const Table& table, std::string_view key) {
    ctx.store.run("DELETE FROM dynamodb_tag WHERE table_id = ? AND key = ?", table.id, key);
}

std::int64_t insert_stream(Context& ctx, const Stream& stream, const StreamShard& shard) {
    ctx.store.run("DELETE FROM dynamodb_stream WHERE ended <= ?",
                  to_milliseconds(ctx.now) - kRecordLifetime);
    ctx.store.run(
        "INSERT INTO dynamodb_stream (account, region, table_name, arn, label, status, view_type,"
        " key_schema, created, ended, next_sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, ctx.caller.region, stream.table_name, stream.arn, stream.label,
        stream.status, stream.view_type, stream.key_schema, stream.created, stream.ended,
        stream.next_sequence);
    const auto inserted = find_stream(ctx, stream.arn);
    SBEMU_CHECK(inserted);
    ctx.store.run("INSERT INTO dynamodb_shard (stream, id, first, last) VALUES (?, ?, ?, ?)",
                  inserted->id, shard.id, shard.first, shard.last);
    return inserted->id;
}

std::optional<Stream> find_stream(Context& ctx, std::string_view arn) {
    const auto row = ctx.store.find<std::int64_t, std::string, std::string, std::string,
                                    std::string, std::string, std::string, std::int64_t,
                                    std::optional<std::int64_t>, std::int64_t>(
        "SELECT id, table_name, arn, label, status, view_type, key_schema, created, ended,"
        " next_sequence FROM dynamodb_stream"
        " WHERE account = ? AND region = ? AND arn = ? AND coalesce(ended > ?, true)",
        ctx.caller.account, ctx.caller.region, arn, to_milliseconds(ctx.now) - kRecordLifetime);
    if (!row) return std::nullopt;
    return stream_of(*row);
}

std::optional<Stream> find_stream(Context& ctx, std::int64_t id) {
    const auto row =
        ctx.store
            .find<std::int64_t, std::string, std::string, std::string, std::string, std::string,
                  std::string, std::int64_t, std::optional<std::int64_t>, std::int64_t>(
                "SELECT id, table_name, arn, label, status, view_type, key_schema, created, ended,"
                " next_sequence FROM dynamodb_stream WHERE id = ?",
                id);
    if (!row) return std::nullopt;
    return stream_of(*row);
}

std::vector<Stream> list_streams(Context& ctx, std::string_view table, std::string_view after,
                                 std::int64_t limit) {
    std::vector<Stream> streams;
    for (const auto& row :
         ctx.store
             .list<std::int64_t, std::string, std::string, std::string, std::string, std::string,
                   std::string, std::int64_t, std::optional<std::int64_t>, std::int64_t>(
                 "SELECT id, table_name, arn, label, status, view_type, key_schema, created, ended,"
                 " next_sequence FROM dynamodb_stream"
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
    std::vector<StreamShard> shards;
    for (auto& [id, first, last] :
         ctx.store.list<std::string, std::int64_t, std::optional<std::int64_t>>(
             "SELECT id, first, last FROM dynamodb_shard WHERE stream = ? AND id > ?"
             " ORDER BY id LIMIT ?",
             stream.id, after, limit)) {
        shards.push_back({std::move(id), first, last});
    }
    return shards;
}

std::optional<StreamShard> find_shard(Context& ctx, const Stream& stream, std::string_view id) {
    const auto row = ctx.store.find<std::int64_t, std::optional<std::int64_t>>(
        "SELECT first, last FROM dynamodb_shard WHERE stream = ? AND id = ?", stream.id, id);
    if (!row) return std::nullopt;
    return StreamShard{std::string(id), std::get<0>(*row), std::get<1>(*row)};
}

void close_shards(Context& ctx, const Stream& stream, std::int64_t last) {
    ctx.store.run("UPDATE dynamodb_shard SET last = ? WHERE stream = ? AND last IS NULL", last,
                  stream.id);
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

}  // namespace sbemu::dynamodb
