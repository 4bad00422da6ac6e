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

// One text for a table and what of its keys; before it a number of it, which is faster to compare.
using KnownName = std::pair<std::uint64_t, std::string>;
KnownName known_name(const Table& table, const Key& key);
KnownName known_name(const Table& table, std::string_view partition);

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

// All items of partitions that were read as a whole and are small: of a large table, a query of ten
// items reads seven pages that SQLite has not in memory. Tables that are deleted: as KnownItems.
class KnownPartitions {
  public:
    // By sort key; null if they are not known.
    const std::vector<StoredItem>* find(const KnownName& name) const;
    // Does nothing if they are too large.
    void add(KnownName name, const std::vector<StoredItem>& items);
    // An item of the partition comes, changes or goes.
    void forget(const Table& table, std::string_view partition);

  private:
    std::map<KnownName, std::vector<StoredItem>> partitions_;
    std::size_t bytes_ = 0;
};

}  // namespace sbemu::dynamodb
