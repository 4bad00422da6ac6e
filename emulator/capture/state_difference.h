// Two states compared, row by row, for people.
#pragma once

#include <cstdint>
#include <vector>

#include "emulator/capture/table_rows.h"

namespace sbemu {

class Store;

struct StateDifference {
    std::vector<RowDifference> rows;  // by table and key
    std::int64_t events = 0;          // how many more events the second has seen
};

// The log, blobs and timers are left out: they follow from the rest.
StateDifference compare_states(Store& before, Store& after);

}  // namespace sbemu
