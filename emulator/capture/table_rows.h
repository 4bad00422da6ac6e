// The rows of a state, whatever its tables are, and what people are told of them.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace sbemu {

class Store;

using Row = std::map<std::string, std::string>;  // column -> value, as SQL's quote() prints it
using Rows = std::map<std::string, Row>;         // by row_key_sql

struct Columns {
    std::vector<std::string> all;    // but counts that follow from other rows
    std::vector<std::string> key;    // of the primary key
    std::vector<std::string> label;  // by which people know the row
    // What a number that stands for a row of another table means: by column, its name.
    std::map<std::string, std::map<std::string, std::string>> names;
};

struct RowDifference {
    std::string table;  // in words where there are some: "DynamoDB items"
    char sign = '~';    // '+' only after, '-' only before, '~' changed
    std::string key;    // which row, as people know it
    // Of a changed row "column: old -> new", JSON columns member by member; of others
    // "column: value".
    std::vector<std::string> columns;
};

// The tables whose rows somebody made: not the log, blobs and timers, which follow from the rest.
std::vector<std::string> tables_of(Store& store);
Columns columns_of(Store& store, const std::string& table);
Rows rows_of(Store& store, const std::string& table, const Columns& columns);

// A name of the schema as an identifier in SQL.
std::string sql_name(const std::string& name);
// SQL for the text that tells a row from the others of its table; `row` is "", "OLD." or "NEW.".
std::string row_key_sql(const Columns& columns, const std::string& row);

// Which of `before` and `after` is there says what happened to the row; one of them must be.
RowDifference describe_change(const std::string& table, const Columns& columns, const Row* before,
                              const Row* after);

}  // namespace sbemu
