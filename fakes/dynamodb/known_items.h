// What is remembered of items between calls (Store::remembered), so that their rows need not be
// read again. Rows change in item_rows.cpp alone, which says so here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// One text for a table and an item's key, or a partition; before it a number of it, which is faster
// to compare.
using KnownName = std::pair<std::uint64_t, std::string>;
KnownName known_name(const Table& table, std::string_view partition, std::string_view sort = {});
KnownName known_name(const Table& table, const Key& key);

// Items that were asked for by their keys: reading the row again would cost a read more than all
// else that DynamoDB does for it. Those of a deleted table stay until there is no more room: its id
// is never used again, so nobody finds them.
class KnownItems {
  public:
    StoredText* find(const Table& table, const KnownName& name);  // null if it is not known
    const StoredText& add(const Table& table, KnownName name, StoredText text);
    // What a known item has become.
    void change(const Table& table, const Key& key, StoredText text);
    void erase(const KnownName& name);

  private:
    std::map<KnownName, StoredText> items_;
    // The one that was found last, if it is still there, and the id of its table.
    StoredText* last_ = nullptr;
    std::int64_t last_table_ = 0;
    std::size_t bytes_ = 0;
};

// All items of a partition, by sort key.
class KnownPartition {
  public:
    explicit KnownPartition(const std::vector<StoredItem>& items);

    // Those in the range: at most `limit` of the first, or of the last if not `forward`.
    std::vector<StoredItem> part(std::int64_t hash, std::string_view partition,
                                 const SortRange& range, bool forward, std::int64_t limit) const;
    std::size_t size() const;  // in bytes, in memory

  private:
    struct Row {
        std::size_t begins;  // in bytes_: the sort key, then the item's text
        std::size_t sort_size;
        std::size_t text_size;
        std::int64_t size;  // as DynamoDB counts it
    };
    std::vector<Row> rows_;
    std::string bytes_;  // of all in one, so that it is quickly made and thrown away
};

// Small partitions that are read as a whole again and again: of a large table, a query of ten items
// reads seven pages that SQLite has not in memory. Deleted tables: as KnownItems.
class KnownPartitions {
  public:
    const KnownPartition* find(const KnownName& name) const;  // null if it is not known
    // Here are all items of a partition. Kept when that was said twice, and they are few.
    void offer(KnownName name, const std::vector<StoredItem>& items);
    // An item of the partition comes, changes or goes.
    void forget(const Table& table, std::string_view partition);

  private:
    std::map<KnownName, KnownPartition> partitions_;
    std::size_t bytes_ = 0;
    std::vector<std::uint64_t> offered_;  // by the first bits of the names' numbers
};

}  // namespace sbemu::dynamodb
