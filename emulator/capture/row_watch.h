// Which rows an event wrote: for stories that are told again, not for a running emulator.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "emulator/capture/table_rows.h"

namespace sbemu {

class Store;

// What became of one row in the end. Both are nothing if it came and went.
struct RowChange {
    std::optional<Row> before;
    std::optional<Row> after;
};

// By table, and the row's key in it (row_key_sql).
using RowChanges = std::map<std::pair<std::string, std::string>, RowChange>;

// Appends what happened later to what happened before.
void append_changes(RowChanges& earlier, RowChanges later);

// Sees every row that is inserted, changed or deleted in a store, by triggers of its connection.
class RowWatch {
  public:
    explicit RowWatch(Store& store);

    // What has changed since the last take, or since it watches.
    RowChanges take();

  private:
    void watch(const std::string& table, const Columns& columns);

    Store& store_;
};

}  // namespace sbemu
