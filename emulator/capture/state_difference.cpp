#include "emulator/capture/state_difference.h"

#include "emulator/core/event_log.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace {

std::int64_t events_of(Store& store) { return last_logged(store).number; }

}  // namespace

StateDifference compare_states(Store& before, Store& after) {
    StateDifference difference;
    difference.events = events_of(after) - events_of(before);
    for (const std::string& table : tables_of(after)) {
        const Columns columns = columns_of(after, table);
        if (columns.key.empty()) continue;
        const Columns old_columns = columns_of(before, table);
        const Rows old_rows = rows_of(before, table, columns);
        const Rows new_rows = rows_of(after, table, columns);
        for (const auto& [key, row] : old_rows) {
            if (new_rows.contains(key)) continue;
            difference.rows.push_back(describe_change(table, old_columns, &row, nullptr));
        }
        for (const auto& [key, row] : new_rows) {
            const auto found = old_rows.find(key);
            const Row* old_row = found == old_rows.end() ? nullptr : &found->second;
            if (old_row && *old_row == row) continue;
            difference.rows.push_back(describe_change(table, columns, old_row, &row));
        }
    }
    return difference;
}

}  // namespace sbemu
