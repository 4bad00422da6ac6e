// Tables, items, index entries and stream records as rows. All SQL of DynamoDB is in
// table_rows.cpp, item_rows.cpp, index_rows.cpp, transaction_rows.cpp, stream_rows.cpp,
// policy_rows.cpp, version_rows.cpp, backup_rows.cpp, destination_rows.cpp and
// reservation_rows.cpp.
#pragma once

#include <boost/json/object.hpp>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/core/context.h"
#include "fakes/dynamodb/values/normal_item.h"

namespace sbemu::dynamodb {

extern const std::string_view kSchema;

struct KeyAttribute {
    std::string name;
    std::string type;  // S, N, B
};

// A secondary index. Its entries are kept with every write of an item that has all of its keys.
struct Index {
    std::int64_t id = 0;  // within its table; never used again
    std::string name;
    bool is_global = false;
    std::string status = "ACTIVE";        // of a global one: CREATING, ACTIVE, UPDATING, DELETING
    std::vector<KeyAttribute> partition;  // one; up to four in a global index
    std::vector<KeyAttribute> sort;       // one in a local index; none to four in a global one
    std::string projection;               // ALL, KEYS_ONLY, INCLUDE
    std::vector<std::string> non_key;     // what INCLUDE adds to the keys
    // Of a global one: the other members of its GlobalSecondaryIndexDescription, and what it
    // changes to (table_indexes.h).
    std::string description;
};

// A text that its copies share: nearly every call copies a table, few read all of it.
class SharedText {
  public:
    explicit SharedText(std::string text)
        : text_(std::make_shared<const std::string>(std::move(text))) {}
    SharedText& operator=(std::string text) { return *this = SharedText(std::move(text)); }
    const std::string& text() const { return *text_; }

  private:
    std::shared_ptr<const std::string> text_;
};

// The Kinesis stream that changes of a table go to.
struct ActiveDestination {
    std::string arn;
    std::string precision;  // MILLISECOND, MICROSECOND; empty: it was not said
};

struct Table {
    std::int64_t id = 0;  // never used again: a table made anew has another
    std::string name;
    std::string named;   // as the request has it: its name or its ARN
    std::string status;  // CREATING, ACTIVE, UPDATING, DELETING
    KeyAttribute partition;
    std::optional<KeyAttribute> sort;
    std::optional<std::int64_t> stream;            // Stream::id of the enabled one
    std::optional<ActiveDestination> destination;  // kinesis_destinations.h writes it
    std::int64_t item_count = 0;
    std::int64_t size_bytes = 0;
    // The attribute that holds when an item expires, in seconds since the epoch.
    std::optional<std::string> time_to_live;
    std::vector<Index> indexes;  // local ones first, in the order they were made
    // Since when every version of an item is kept, in milliseconds; nothing: they are not.
    std::optional<std::int64_t> recovery_from;
    // Members of TableDescription but TableName, TableStatus, ItemCount, TableSizeBytes and what
    // `indexes` has: all of LocalSecondaryIndexes and GlobalSecondaryIndexes.
    SharedText description{""};
    // What DescribeTable does not tell, an object: table_settings.h.
    SharedText settings{"{}"};

    const Index* find_index(std::string_view index_name) const;
};

// The primary key of an item, in the encoding that orders it.
struct Key {
    Key() = default;
    Key(std::int64_t hash, std::string partition, std::string sort)
        : partition(std::move(partition)), sort(std::move(sort)), hash_(hash) {}

    std::string partition;
    std::string sort;  // empty in tables without a sort key

    // 24 bits of the partition key's hash: items scan in this order. Computed when it is first
    // asked for; `partition` stays as it is from then on.
    std::int64_t hash() const;

    bool operator==(const Key& other) const {
        return partition == other.partition && sort == other.sort;
    }
    // Not the order of a scan: that is by hash first.
    std::strong_ordering operator<=>(const Key& other) const {
        const std::strong_ordering order = partition <=> other.partition;
        return std::is_eq(order) ? sort <=> other.sort : order;
    }

  private:
    static constexpr std::int64_t kUnknown = -1;
    mutable std::int64_t hash_ = kUnknown;
};

// An item as it is kept: JSON text, which is parsed when somebody looks into it.
class StoredItem {
  public:
    StoredItem(Key its_key, std::string text, std::int64_t its_size, std::int64_t its_row = 0)
        : key(std::move(its_key)), size(its_size), row(its_row), text_(std::move(text)) {}

    Key key;
    std::int64_t size = 0;
    std::int64_t row = 0;  // its place in the database, if find_item gave it

    const Item& item() const;
    Item& item();
    const std::string& text() const { return text_; }

  private:
    std::string text_;
    mutable std::optional<Item> item_;  // once it is parsed
};

// Which sort keys of a partition to read: from `low` to `high`, in their encoding.
struct SortRange {
    std::string low;  // empty: from the first
    bool excludes_low = false;
    std::optional<std::string> high;  // nothing: to the last
    bool excludes_high = false;
};

// The part of the range that comes behind `sort`, read forwards or backwards.
SortRange range_after(SortRange range, const std::string& sort, bool forward);

// JSON that DynamoDB wrote into a row: items may nest deeper than Boost reads by default.
boost::json::object parse_stored(std::string_view text);

std::string table_arn(const Caller& caller, std::string_view table);

// Tables and streams belong to the account and region of ctx.caller.
std::optional<Table> find_table(Context& ctx, std::string_view name);
std::vector<std::string> list_table_names(Context& ctx, std::string_view after, std::int64_t limit);
std::int64_t count_restores(Context& ctx);                    // tables that are being restored
std::int64_t insert_table(Context& ctx, const Table& table);  // returns its id
// Status, stream, time_to_live, recovery_from, indexes, description and settings.
void update_table(Context& ctx, const Table& table);
void erase_table(Context& ctx, const Table& table);
// After a change of what else belongs to a Table: the next find_table reads it again.
void forget_tables(Context& ctx);
// So many items and bytes more, or less.
void count_change(Context& ctx, const Table& table, std::int64_t items, std::int64_t bytes);

std::optional<StoredItem> find_item(Context& ctx, const Table& table, const Key& key);
// The item as the JSON text that it is kept as.
struct StoredText {
    std::string item;
    std::int64_t size = 0;
    std::int64_t row = 0;
};
// Null if there is none; good until something is written or another item is found.
const StoredText* find_item_text(Context& ctx, const Table& table, const Key& key);
// `old` is what find_item gave for the key.
void put_item(Context& ctx, const Table& table, const Key& key, const NormalItem& item,
              const std::optional<StoredItem>& old);
void erase_item(Context& ctx, const Table& table, const StoredItem& old);
// The items of a partition whose sort key is in the range, by sort key, up to `limit`; backwards
// from the last. `after`: only what comes behind this key in that order.
std::vector<StoredItem> query_items(Context& ctx, const Table& table, std::string_view partition,
                                    const SortRange& range, const std::optional<Key>& after,
                                    bool forward, std::int64_t limit);
// In scan order: up to `limit` items after `after` (or from the first on) whose hash is in
// [first_hash, end_hash).
std::vector<StoredItem> list_items(Context& ctx, const Table& table,
                                   const std::optional<Key>& after, std::int64_t first_hash,
                                   std::int64_t end_hash, std::int64_t limit);

// What put_item and erase_item do for a table with recovery_from: the version that is replaced, or
// that there was none, stays known for 35 days.
void keep_version(Context& ctx, const Table& table, const Key& key, const StoredItem* old);
// Of a table whose versions are no longer kept.
void erase_versions(Context& ctx, const Table& table);
// What keys that changed after the moment (milliseconds) had then.
struct ItemVersion {
    Key key;
    std::optional<Item> item;  // nothing: there was no item of this key
};
std::vector<ItemVersion> list_versions_at(Context& ctx, const Table& table, std::int64_t moment);

// What put_item and erase_item do for the table's indexes: entries of the old item go, those of the
// new one come.
void move_entries(Context& ctx, const Table& table, const Key& key, const Item* old_item,
                  const Item* new_item);
// For an index that is made or deleted.
void fill_index(Context& ctx, const Table& table, const Index& index);
void empty_index(Context& ctx, const Table& table, const Index& index);

// An item as an index has it, with its place there. The item is whole: `size` is of the part that
// the index projects.
struct IndexedItem {
    Key place;
    StoredItem stored;
};
// As query_items, list_items; `after` is the place and the item's own key.
struct IndexPosition {
    Key place;
    Key item;
};
std::vector<IndexedItem> query_index(Context& ctx, const Table& table, const Index& index,
                                     std::string_view partition, const SortRange& range,
                                     const std::optional<IndexPosition>& after, bool forward,
                                     std::int64_t limit);
std::vector<IndexedItem> list_index(Context& ctx, const Table& table, const Index& index,
                                    const std::optional<IndexPosition>& after,
                                    std::int64_t first_hash, std::int64_t end_hash,
                                    std::int64_t limit);
struct IndexCounts {
    std::int64_t items = 0;
    std::int64_t bytes = 0;
};
IndexCounts count_index(Context& ctx, const Table& table, const Index& index);

// Items of all accounts whose time to live is over, up to `limit`; the earliest first. A table's
// items are in it while its time_to_live is set.
struct ExpiredItem {
    Caller owner;  // account and region of the table
    std::string table;
    Key key;
};
std::vector<ExpiredItem> list_expired(Context& ctx, std::int64_t now_seconds, std::int64_t limit);
std::optional<std::int64_t> next_expiry(Context& ctx);  // seconds since the epoch
// After time_to_live of the table was set or taken away: due times of all its items.
void index_expiry(Context& ctx, const Table& table);

// A transaction with a ClientRequestToken, remembered for ten minutes.
struct StoredTransaction {
    std::string digest;                         // of what it asked for
    std::map<std::string, std::int64_t> reads;  // half units of reading its items, by table
};
std::optional<StoredTransaction> find_transaction(Context& ctx, std::string_view token);
void insert_transaction(Context& ctx, std::string_view token, const StoredTransaction& transaction);

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
    std::int64_t shard_opened = 0;  // milliseconds: when its open shard began
};

// A part of a stream's records: those with numbers from first to last.
struct StreamShard {
    std::string id;
    std::int64_t first = 0;
    std::optional<std::int64_t> last;  // of a closed shard; no record has this number
    std::optional<std::string> parent;
};

struct StreamRecord {
    std::int64_t sequence = 0;
    std::string json;  // as GetRecords answers it
};

// Throws away streams that ended more than a day ago.
std::int64_t insert_stream(Context& ctx, const Stream& stream);
std::optional<Stream> find_stream(Context& ctx, std::string_view arn);
std::optional<Stream> find_stream(Context& ctx, std::int64_t id);
// Of one table, or of all if `table` is empty; by ARN.
std::vector<Stream> list_streams(Context& ctx, std::string_view table, std::string_view after,
                                 std::int64_t limit);
void update_stream(Context& ctx, const Stream& stream);  // status and end
// Brings ENABLING and DISABLING streams of the table to their end state.
void settle_streams(Context& ctx, std::string_view table);
// Those that have records yet: not what was closed more than a day ago. Oldest first.
std::vector<StreamShard> list_shards(Context& ctx, const Stream& stream, std::string_view after,
                                     std::int64_t limit);
std::vector<StreamShard> list_child_shards(Context& ctx, const Stream& stream,
                                           std::string_view parent, std::string_view after,
                                           std::int64_t limit);
std::optional<StreamShard> find_shard(Context& ctx, const Stream& stream, std::string_view id);
std::optional<StreamShard> find_open_shard(Context& ctx, const Stream& stream);
// The open shard ends with the number stream.next_sequence.
void close_shard(Context& ctx, const Stream& stream);
// Opens a shard, begins it with stream.next_sequence.
void open_shard(Context& ctx, Stream& stream, const StreamShard& shard);

void append_record(Context& ctx, const Stream& stream, const std::string& json);
// Records of the last 24 hours with numbers from..last, at most `limit` and about 1 MB.
std::vector<StreamRecord> read_records(Context& ctx, const Stream& stream, std::int64_t from,
                                       std::int64_t last, std::int64_t limit);
// The number of the oldest record from..last that is not older than 24 hours.
std::optional<std::int64_t> find_oldest_record(Context& ctx, const Stream& stream,
                                               std::int64_t from, std::int64_t last);

}  // namespace sbemu::dynamodb
