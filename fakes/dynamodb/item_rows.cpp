// Items as rows, and when they expire.
#include <boost/json.hpp>
#include <cmath>

#include "emulator/core/check.h"
#include "emulator/core/json_text.h"
#include "emulator/store/store.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/known_items.h"
#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/table_time_to_live.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

std::string text_of_item(const NormalItem& item) {
    constexpr std::size_t kAttribute = 16;  // what its quotation marks and braces take
    std::string text;
    text.reserve(item.size() + kAttribute * item.item().size() + 2);
    append_json_object(text, item.item());
    return text;
}

void replace_row(Context& ctx, const Table& table, std::int64_t row, std::int64_t size,
                 std::optional<std::int64_t> expires, const std::string& text) {
    if (table.time_to_live) {
        ctx.store.run("UPDATE dynamodb_item SET size = ?, expires = ?, item = ? WHERE id = ?", size,
                      expires, text, row);
    } else {
        // No item of the table expires: SQLite need not look at the index of those that do.
        ctx.store.run("UPDATE dynamodb_item SET size = ?, item = ? WHERE id = ?", size, text, row);
    }
}

template <class Row>
std::vector<StoredItem> items_of(std::vector<Row> rows) {
    std::vector<StoredItem> items;
    items.reserve(rows.size());
    for (auto& [hash, partition, sort, size, text] : rows) {
        items.emplace_back(Key{hash, std::move(partition), std::move(sort)}, std::move(text), size);
    }
    return items;
}

std::vector<StoredItem> read_rows(Context& ctx, const Table& table, std::int64_t hash,
                                  std::string_view partition, const SortRange& range, bool forward,
                                  std::int64_t limit) {
    // One text per kind of range, so that each is a prepared statement that reads its part of the
    // key index only.
    std::string sql =
        "SELECT sort, size, item FROM dynamodb_item"
        " WHERE table_id = ? AND hash = ? AND partition = ? AND sort ";
    sql += range.excludes_low ? "> ?" : ">= ?";
    if (range.high) sql += range.excludes_high ? " AND sort < ?" : " AND sort <= ?";
    sql += forward ? " ORDER BY sort LIMIT ?" : " ORDER BY sort DESC LIMIT ?";
    std::vector<std::tuple<std::string, std::int64_t, std::string>> rows;
    if (range.high) {
        rows = ctx.store.list<std::string, std::int64_t, std::string>(
            sql, table.id, hash, Bytes{partition}, Bytes{range.low}, Bytes{*range.high}, limit);
    } else {
        rows = ctx.store.list<std::string, std::int64_t, std::string>(
            sql, table.id, hash, Bytes{partition}, Bytes{range.low}, limit);
    }
    std::vector<StoredItem> items;
    items.reserve(rows.size());
    for (auto& [sort, size, text] : rows) {
        items.emplace_back(Key{hash, std::string(partition), std::move(sort)}, std::move(text),
                           size);
    }
    return items;
}

bool is_whole(const SortRange& range) {
    return range.low.empty() && !range.excludes_low && !range.high;
}

// The first second at which the item has expired; nothing if it never does: also if that was more
// than five years ago (facts/dynamodb-kinesis.md 1.15).
std::optional<std::int64_t> expiry_of(const Context& ctx, const Table& table, const Item& item) {
    if (!table.time_to_live) return std::nullopt;
    const json::value* value = item.if_contains(*table.time_to_live);
    if (!value || type_of(value->as_object()) != "N") return std::nullopt;
    static constexpr double kFarFuture = 1e15;
    const double seconds = std::strtod(std::string(text_of(value->as_object())).c_str(), nullptr);
    static constexpr double kFiveYears = 5 * 365 * 86'400.0;
    const double now = static_cast<double>(to_milliseconds(ctx.now)) / 1000;
    if (seconds < now - kFiveYears || seconds < 0 || seconds > kFarFuture) return std::nullopt;
    return static_cast<std::int64_t>(std::ceil(seconds));
}

}  // namespace

const Item& StoredItem::item() const {
    if (!item_) item_ = parse_stored(text_);
    return *item_;
}

Item& StoredItem::item() {
    std::as_const(*this).item();
    return *item_;
}

const StoredText* find_item_text(Context& ctx, const Table& table, const Key& key) {
    KnownItems& known = ctx.store.remembered<KnownItems>();
    KnownName name = known_name(table, key);
    if (const StoredText* found = known.find(table, name)) return found;
    auto row = ctx.store.find<std::string, std::int64_t, std::int64_t>(
        "SELECT item, size, id FROM dynamodb_item"
        " WHERE table_id = ? AND hash = ? AND partition = ? AND sort = ?",
        table.id, key.hash(), Bytes{key.partition}, Bytes{key.sort});
    if (!row) return nullptr;
    auto& [item, size, id] = *row;
    return &known.add(table, std::move(name), {std::move(item), size, id});
}

std::optional<StoredItem> find_item(Context& ctx, const Table& table, const Key& key) {
    const StoredText* found = find_item_text(ctx, table, key);
    if (!found) return std::nullopt;
    return StoredItem(key, found->item, found->size, found->row);
}

void put_item(Context& ctx, const Table& table, const Key& key, const NormalItem& normal,
              const std::optional<StoredItem>& old) {
    const Item& item = normal.item();
    const auto size = static_cast<std::int64_t>(normal.size());
    const std::optional<std::int64_t> expires = expiry_of(ctx, table, item);
    if (table.recovery_from) keep_version(ctx, table, key, old ? &*old : nullptr);
    ctx.store.remembered<KnownPartitions>().forget(table, key.partition);
    std::string text = text_of_item(normal);
    if (old) {
        SBEMU_CHECK(old->row != 0);
        replace_row(ctx, table, old->row, size, expires, text);
        ctx.store.remembered<KnownItems>().change(table, key, {std::move(text), size, old->row});
    } else {
        ctx.store.run(
            "INSERT INTO dynamodb_item (table_id, hash, partition, sort, size, expires, item)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            table.id, key.hash(), Bytes{key.partition}, Bytes{key.sort}, size, expires, text);
    }
    if (expires) expect_expiry(ctx, *expires);
    count_change(ctx, table, old ? 0 : 1, size - (old ? old->size : 0));
    if (!table.indexes.empty()) move_entries(ctx, table, key, old ? &old->item() : nullptr, &item);
}

void erase_item(Context& ctx, const Table& table, const StoredItem& old) {
    if (!table.indexes.empty()) move_entries(ctx, table, old.key, &old.item(), nullptr);
    if (table.recovery_from) keep_version(ctx, table, old.key, &old);
    ctx.store.run(
        "DELETE FROM dynamodb_item"
        " WHERE table_id = ? AND hash = ? AND partition = ? AND sort = ?",
        table.id, old.key.hash(), Bytes{old.key.partition}, Bytes{old.key.sort});
    ctx.store.remembered<KnownItems>().erase(known_name(table, old.key));
    ctx.store.remembered<KnownPartitions>().forget(table, old.key.partition);
    count_change(ctx, table, -1, -old.size);
}

std::vector<StoredItem> query_items(Context& ctx, const Table& table, std::string_view partition,
                                    const SortRange& range, const std::optional<Key>& after,
                                    bool forward, std::int64_t limit) {
    const SortRange rest = after ? range_after(range, after->sort, forward) : range;
    const std::int64_t hash = hash_of(std::string(partition));
    KnownPartitions& known = ctx.store.remembered<KnownPartitions>();
    KnownName name = known_name(table, partition);
    if (const KnownPartition* items = known.find(name)) {
        return items->part(hash, partition, rest, forward, limit);
    }
    std::vector<StoredItem> items = read_rows(ctx, table, hash, partition, rest, forward, limit);
    const bool are_all = is_whole(rest) && static_cast<std::int64_t>(items.size()) < limit;
    if (are_all && forward) known.offer(std::move(name), items);
    return items;
}

SortRange range_after(SortRange range, const std::string& sort, bool forward) {
    if (forward && sort >= range.low) {
        range.low = sort;
        range.excludes_low = true;
    }
    if (!forward && (!range.high || sort <= *range.high)) {
        range.high = sort;
        range.excludes_high = true;
    }
    return range;
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
            table.id, after->hash(), Bytes{after->partition}, Bytes{after->sort}, end_hash, limit));
}

std::vector<ExpiredItem> list_expired(Context& ctx, std::int64_t now_seconds, std::int64_t limit) {
    std::vector<ExpiredItem> expired;
    for (auto& [account, region, table, hash, partition, sort] :
         ctx.store
             .list<std::string, std::string, std::string, std::int64_t, std::string, std::string>(
                 "SELECT t.account, t.region, t.name, i.hash, i.partition, i.sort"
                 " FROM dynamodb_item i JOIN dynamodb_table t ON t.id = i.table_id"
                 " WHERE i.expires <= ? ORDER BY i.expires, i.id LIMIT ?",
                 now_seconds, limit)) {
        ExpiredItem item;
        item.owner.account = std::move(account);
        item.owner.region = std::move(region);
        item.table = std::move(table);
        item.key = {hash, std::move(partition), std::move(sort)};
        expired.push_back(std::move(item));
    }
    return expired;
}

std::optional<std::int64_t> next_expiry(Context& ctx) {
    return ctx.store.value<std::int64_t>(
        "SELECT expires FROM dynamodb_item WHERE expires IS NOT NULL ORDER BY expires LIMIT 1");
}

void index_expiry(Context& ctx, const Table& table) {
    if (!table.time_to_live) {
        ctx.store.run("UPDATE dynamodb_item SET expires = NULL WHERE table_id = ?", table.id);
        return;
    }
    for (const auto& [id, text] : ctx.store.list<std::int64_t, std::string>(
             "SELECT id, item FROM dynamodb_item WHERE table_id = ? ORDER BY id", table.id)) {
        ctx.store.run("UPDATE dynamodb_item SET expires = ? WHERE id = ?",
                      expiry_of(ctx, table, parse_stored(text)), id);
    }
}

}  // namespace sbemu::dynamodb
