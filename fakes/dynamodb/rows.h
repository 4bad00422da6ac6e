// Tables, items and stream records as rows: all SQL of DynamoDB is in rows.cpp.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/core/context.h"
#include "fakes/dynamodb/values/attribute_value.h"

namespace sbemu::dynamodb {

extern const std::string_view kSchema;

struct KeyAttribute {
    std::string name;
    std::string type;  // S, N, B
};

struct Table {
    std::int64_t id = 0;  // never used again: a table made anew has another
    std::string name;
    std::string status;  // CREATING, ACTIVE, UPDATING, DELETING
    KeyAttribute partition;
    std::optional<KeyAttribute> sort;
    std::optional<std::int64_t> stream;  // Stream::id of the enabled one
    std::int64_t item_count = 0;
    std::int64_t size_bytes = 0;
    // Members of TableDescription but TableName, TableStatus, ItemCount and TableSizeBytes.
    std::string description;
};

// The primary key of an item, in the encoding that orders it.
struct Key {
    std::int64_t hash = 0;  // 24 bits of the partition key's hash: items scan in this order
    std::string partition;
    std::string sort;  // empty in tables without a sort key
};

struct StoredItem {
    Key key;
    Item item;
    std::int64_t size = 0;
};

// JSON that DynamoDB wrote into a row: items may nest deeper than Boost reads by default.
boost::json::object parse_stored(std::string_view text);

std::string table_arn(const Caller& caller, std::string_view table);

// Tables and streams belong to the account and region of ctx.caller.
std::optional<Table> find_table(Context& ctx, std::string_view name);
std::vector<std::string> list_table_names(Context& ctx, std::string_view after, std::int64_t limit);
std::int64_t insert_table(Context& ctx, const Table& table);  // returns its id
// Status, stream and description.
void update_table(Context& ctx, const Table& table);
void erase_table(Context& ctx, const Table& table);

std::optional<StoredItem> find_item(Context& ctx, const Table& table, const Key& key);
// Returns the size of the new item. `old` is what find_item gave for the key.
std::int64_t put_item(Context& ctx, const Table& table, const Key& key, const Item& item,
                      const std::optional<StoredItem>& old);
void erase_item(Context& ctx, const Table& table, const StoredItem& old);
// In scan order: up to `limit` items after `after` (or from the first on) whose hash is in
// [first_hash, end_hash).
std::vector<StoredItem> list_items(Context& ctx, const Table& table,
                                   const std::optional<Key>& after, std::int64_t first_hash,
                                   std::int64_t end_hash, std::int64_t limit);

std::vector<std::pair<std::string, std::string>> list_tags(Context& ctx, const Table& table);
void put_tag(Context& ctx, const Table& table, std::string_view key, std::string_view value);
void erase_tag(Context& ctx, const Table& table, std::string_view key);

struct Stream {
    std::int64_t id = 0;
    std::string table_name;
    std::string arn;
    std::string label;
    std::string status;  // ENABLING, ENABLED, DISABLING, DISABLED
    std::string view_type;
    std::string key_schema;             // JSON
    std::int64_t created = 0;           // milliseconds
    std::optional<std::int64_t> ended;  // milliseconds
    std::int64_t next_sequence = 1;
};

// A part of a stream's records: those with numbers from first to last.
struct StreamShard {
    std::string id;
    std::int64_t first = 0;
    std::optional<std::int64_t> last;  // of a closed shard
};

struct StreamRecord {
    std::int64_t sequence = 0;
    std::string json;  // as GetRecords answers it
};

// Throws away streams that ended more than a day ago.
std::int64_t insert_stream(Context& ctx, const Stream& stream, const StreamShard& shard);
std::optional<Stream> find_stream(Context& ctx, std::string_view arn);
std::optional<Stream> find_stream(Context& ctx, std::int64_t id);
// Of one table, or of all if `table` is empty; by ARN.
std::vector<Stream> list_streams(Context& ctx, std::string_view table, std::string_view after,
                                 std::int64_t limit);
void update_stream(Context& ctx, const Stream& stream);  // status and end
// Brings ENABLING and DISABLING streams of the table to their end state.
void settle_streams(Context& ctx, std::string_view table);
std::vector<StreamShard> list_shards(Context& ctx, const Stream& stream, std::string_view after,
                                     std::int64_t limit);
std::optional<StreamShard> find_shard(Context& ctx, const Stream& stream, std::string_view id);
void close_shards(Context& ctx, const Stream& stream, std::int64_t last);

void append_record(Context& ctx, const Stream& stream, const std::string& json);
// Records of the last 24 hours with numbers from..last, at most `limit` and about 1 MB.
std::vector<StreamRecord> read_records(Context& ctx, const Stream& stream, std::int64_t from,
                                       std::int64_t last, std::int64_t limit);

}  // namespace sbemu::dynamodb
