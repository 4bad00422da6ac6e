// The entries of secondary indexes as rows: where items stand in them. The items are read from
// their own rows.
#include <boost/json.hpp>

#include "emulator/core/check.h"
#include "emulator/store/store.h"
#include "fakes/dynamodb/index_keys.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

std::int64_t row_of(Context& ctx, const Table& table, const Key& key) {
    const auto id = ctx.store.value<std::int64_t>(
        "SELECT id FROM dynamodb_item"
        " WHERE table_id = ? AND hash = ? AND partition = ? AND sort = ?",
        table.id, key.hash(), Bytes{key.partition}, Bytes{key.sort});
    SBEMU_CHECK(id);
    return *id;
}

void insert_entry(Context& ctx, const Table& table, const Index& index, const Key& place,
                  const Key& key, std::int64_t item_id, std::int64_t size) {
    ctx.store.run(
        "INSERT INTO dynamodb_index_entry (table_id, index_id, hash, partition, sort, item_hash,"
        " item_partition, item_sort, item_id, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        table.id, index.id, place.hash(), Bytes{place.partition}, Bytes{place.sort}, key.hash(),
        Bytes{key.partition}, Bytes{key.sort}, item_id, size);
}

void erase_entry(Context& ctx, const Table& table, const Index& index, const Key& place,
                 const Key& key) {
    ctx.store.run(
        "DELETE FROM dynamodb_index_entry WHERE table_id = ? AND index_id = ? AND hash = ?"
        " AND partition = ? AND sort = ? AND item_hash = ? AND item_partition = ? AND item_sort = "
        "?",
        table.id, index.id, place.hash(), Bytes{place.partition}, Bytes{place.sort}, key.hash(),
        Bytes{key.partition}, Bytes{key.sort});
}

void move_entry(Context& ctx, const Table& table, const Index& index, const Key& key,
                const Item* old_item, const Item* new_item) {
    const auto old_place = old_item ? place_in(index, *old_item) : std::nullopt;
    const auto new_place = new_item ? place_in(index, *new_item) : std::nullopt;
    if (old_place && new_place && *old_place == *new_place &&
        projected_size(table, index, *old_item) == projected_size(table, index, *new_item)) {
        return;
    }
    if (old_place) erase_entry(ctx, table, index, *old_place, key);
    if (!new_place) return;
    insert_entry(ctx, table, index, *new_place, key, row_of(ctx, table, key),
                 projected_size(table, index, *new_item));
}

constexpr std::string_view kSelect =
    "SELECT e.hash, e.partition, e.sort, e.item_hash, e.item_partition, e.item_sort, e.size, i.item"
    " FROM dynamodb_index_entry e JOIN dynamodb_item i ON i.id = e.item_id"
    " WHERE e.table_id = ? AND e.index_id = ?";

template <class... Args>
std::vector<IndexedItem> read(Context& ctx, const std::string& condition_and_order,
                              const Args&... args) {
    std::vector<IndexedItem> items;
    for (auto& [hash, partition, sort, item_hash, item_partition, item_sort, size, text] :
         ctx.store.list<std::int64_t, std::string, std::string, std::int64_t, std::string,
                        std::string, std::int64_t, std::string>(
             std::string(kSelect) + condition_and_order, args...)) {
        items.push_back({{hash, std::move(partition), std::move(sort)},
                         {{item_hash, std::move(item_partition), std::move(item_sort)},
                          std::move(text),
                          size}});
    }
    return items;
}

constexpr std::string_view kPosition = "(e.sort, e.item_hash, e.item_partition, e.item_sort)";

}  // namespace

void move_entries(Context& ctx, const Table& table, const Key& key, const Item* old_item,
                  const Item* new_item) {
    for (const Index& index : table.indexes) {
        if (index.status == "DELETING") continue;
        move_entry(ctx, table, index, key, old_item, new_item);
    }
}

void fill_index(Context& ctx, const Table& table, const Index& index) {
    // In pages: the items of a large table do not fit into memory.
    constexpr std::int64_t kAtOnce = 1000;
    std::int64_t last = 0;
    while (true) {
        const auto rows =
            ctx.store.list<std::int64_t, std::int64_t, std::string, std::string, std::string>(
                "SELECT id, hash, partition, sort, item FROM dynamodb_item"
                " WHERE table_id = ? AND id > ? ORDER BY id LIMIT ?",
                table.id, last, kAtOnce);
        for (const auto& [id, hash, partition, sort, text] : rows) {
            last = id;
            const Item item = parse_stored(text);
            const auto place = place_in(index, item);
            // Nor is what could not be written now (Alternator's test_gsi_backfill_key_limits).
            if (!place || !has_sound_index_keys(index, item)) continue;
            insert_entry(ctx, table, index, *place, {hash, partition, sort}, id,
                         projected_size(table, index, item));
        }
        if (rows.size() < kAtOnce) return;
    }
}

void empty_index(Context& ctx, const Table& table, const Index& index) {
    ctx.store.run("DELETE FROM dynamodb_index_entry WHERE table_id = ? AND index_id = ?", table.id,
                  index.id);
}

std::vector<IndexedItem> query_index(Context& ctx, const Table& table, const Index& index,
                                     std::string_view partition, const SortRange& range,
                                     const std::optional<IndexPosition>& after, bool forward,
                                     std::int64_t limit) {
    const std::int64_t hash = hash_of(std::string(partition));
    std::string sql = " AND e.hash = ? AND e.partition = ? AND e.sort ";
    sql += range.excludes_low ? "> ?" : ">= ?";
    // Compared with a value that nothing is above where there is no upper end.
    sql += range.high ? (range.excludes_high ? " AND e.sort < ?" : " AND e.sort <= ?")
                      : " AND ? IS NOT NULL";
    const std::string high = range.high.value_or("");
    const std::string order = forward ? "" : " DESC";
    if (after) sql += " AND " + std::string(kPosition) + (forward ? " > " : " < ") + "(?, ?, ?, ?)";
    sql += " ORDER BY e.sort" + order + ", e.item_hash" + order + ", e.item_partition" + order +
           ", e.item_sort" + order + " LIMIT ?";
    if (!after) {
        return read(ctx, sql, table.id, index.id, hash, Bytes{partition}, Bytes{range.low},
                    Bytes{high}, limit);
    }
    return read(ctx, sql, table.id, index.id, hash, Bytes{partition}, Bytes{range.low}, Bytes{high},
                Bytes{after->place.sort}, after->item.hash(), Bytes{after->item.partition},
                Bytes{after->item.sort}, limit);
}

std::vector<IndexedItem> list_index(Context& ctx, const Table& table, const Index& index,
                                    const std::optional<IndexPosition>& after,
                                    std::int64_t first_hash, std::int64_t end_hash,
                                    std::int64_t limit) {
    const std::string order =
        " ORDER BY e.hash, e.partition, e.sort, e.item_hash, e.item_partition, e.item_sort LIMIT ?";
    if (!after) {
        return read(ctx, " AND e.hash >= ? AND e.hash < ?" + order, table.id, index.id, first_hash,
                    end_hash, limit);
    }
    return read(ctx,
                " AND (e.hash, e.partition, e.sort, e.item_hash, e.item_partition, e.item_sort)"
                " > (?, ?, ?, ?, ?, ?) AND e.hash < ?" +
                    order,
                table.id, index.id, after->place.hash(), Bytes{after->place.partition},
                Bytes{after->place.sort}, after->item.hash(), Bytes{after->item.partition},
                Bytes{after->item.sort}, end_hash, limit);
}

IndexCounts count_index(Context& ctx, const Table& table, const Index& index) {
    const auto row = ctx.store.find<std::int64_t, std::int64_t>(
        "SELECT count(*), coalesce(sum(size), 0) FROM dynamodb_index_entry"
        " WHERE table_id = ? AND index_id = ?",
        table.id, index.id);
    return {std::get<0>(*row), std::get<1>(*row)};
}

}  // namespace sbemu::dynamodb
