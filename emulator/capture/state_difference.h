// Two states compared, row by row, for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sbemu {

class Store;

struct RowDifference {
    std::string table;  // in words where there are some: "DynamoDB items"
    char sign = '~';    // '+' only after, '-' only before, '~' changed
    std::string key;    // the row's primary key
    // Of a changed row "column: old -> new", JSON columns member by member; of others
    // "column: value".
    std::vector<std::string> columns;
};

struct StateDifference {
    std::vector<RowDifference> rows;  // by table and key
    std::int64_t events = 0;          // how many more events the second has seen
};

// The log, blobs and timers are left out: they follow from the rest.
StateDifference compare_states(Store& before, Store& after);

}  // namespace sbemu
