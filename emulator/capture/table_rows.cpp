#include "emulator/capture/table_rows.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/capture/member_difference.h"
#include "emulator/core/check.h"
#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;
namespace {

constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"cloudformation_event", "stack events"},
    {"cloudformation_request", "custom resource requests"},
    {"cloudformation_resource", "stack resources"},
    {"cloudformation_stack", "stacks"},
    {"dynamodb_backup", "DynamoDB backups"},
    {"dynamodb_backup_item", "items of DynamoDB backups"},
    {"dynamodb_item", "DynamoDB items"},
    {"dynamodb_policy", "DynamoDB resource policies"},
    {"dynamodb_record", "DynamoDB stream records"},
    {"dynamodb_table", "DynamoDB tables"},
    {"dynamodb_version", "earlier versions of DynamoDB items"},
    {"iam_role", "IAM roles"},
    {"kernel_fault", "faults"},
    {"kinesis_record", "Kinesis records"},
    {"kinesis_stream", "Kinesis streams"},
    {"lambda_function", "Lambda functions"},
    {"lambda_invocation", "invocations under way"},
    {"lambda_mapping", "event source mappings"},
    {"logs_event", "log events"},
    {"logs_group", "log groups"},
    {"logs_stream", "log streams"},
    {"s3_bucket", "S3 buckets"},
    {"s3_object", "S3 objects"},
};

constexpr std::string_view kLeftOut[] = {"dynamodb_index_entry", "kernel_log",
                                         "kernel_blob",          "kernel_timer",
                                         "kinesis_counter",      "sqlite_sequence"};

constexpr std::pair<std::string_view, std::string_view> kLeftOutColumns[] = {
    {"dynamodb_item", "expires"},
    {"dynamodb_item", "id"},  // another after other writes: the primary key of the item counts
    {"dynamodb_item", "size"},
    {"dynamodb_table", "item_count"},
    {"dynamodb_table", "size_bytes"},
};

std::string in_words(const std::string& table) {
    for (const auto& [name, words] : kWords) {
        if (name == table) return std::string(words);
    }
    return table;
}

// 'text' as the text it is; numbers, NULL and X'..' stay.
std::string plain(const std::string& quoted) {
    if (!quoted.starts_with('\'')) return quoted;
    std::string text;
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        text += quoted[i];
        if (quoted[i] == '\'') ++i;  // doubled
    }
    return text;
}

std::string told(const std::string& text) { return text.empty() ? "(nothing)" : shortened(text); }

std::vector<std::string> compare_rows(const Row& before, const Row& after) {
    std::vector<std::string> lines;
    for (const auto& [column, old_value] : before) {
        const std::string& new_value = after.at(column);
        if (old_value == new_value) continue;
        const std::string old_text = plain(old_value);
        const std::string new_text = plain(new_value);
        json::error_code old_error;
        json::error_code new_error;
        const json::value old_json = parse_json(old_text, old_error);
        const json::value new_json = parse_json(new_text, new_error);
        if (!old_error && !new_error && old_json.is_object() && new_json.is_object()) {
            for (std::string& line : describe_differences(column, old_json, new_json)) {
                lines.push_back(std::move(line));
            }
        } else {
            lines.push_back(column + ": " + told(old_text) + " -> " + told(new_text));
        }
    }
    return lines;
}

// What else is in a row that came or went.
std::vector<std::string> describe_row(const Row& row, const Columns& columns) {
    std::vector<std::string> lines;
    for (const std::string& column : columns.all) {
        const std::string& value = row.at(column);
        const auto is_in = [&](const std::vector<std::string>& list) {
            return std::find(list.begin(), list.end(), column) != list.end();
        };
        if (is_in(columns.key) || is_in(columns.label) || value == "NULL" || value == "''")
            continue;
        lines.push_back(column + ": " + shortened(plain(value)));
    }
    return lines;
}

// A key in bytes is shown as its text if it is one.
std::string plain_key(const std::string& quoted) {
    if (!quoted.starts_with("X'")) return plain(quoted);
    const auto bytes = hex_decode(std::string_view(quoted).substr(2, quoted.size() - 3));
    const bool is_text = bytes && std::all_of(bytes->begin(), bytes->end(), [](char letter) {
                             return letter >= ' ' && letter <= '~';
                         });
    return is_text ? *bytes : quoted;
}

// "000000000000 us-east-1 env": numbers that stand for other rows are replaced by their names.
std::string key_text(const Columns& columns, const Row& row) {
    std::string text;
    for (const std::string& column : columns.label) {
        std::string part = plain_key(row.at(column));
        if (const auto names = columns.names.find(column); names != columns.names.end()) {
            const auto name = names->second.find(part);
            if (name != names->second.end()) part = name->second;
        }
        if (!text.empty() && !part.empty()) text += ' ';
        text += part;
    }
    return text;
}

// The key; but its name if the key is a mere number, and without hashes of what else is in it.
std::vector<std::string> label_of(const Columns& columns) {
    constexpr std::string_view kNames[] = {"account", "region", "log_group", "name", "table_name"};
    const auto is_in = [](const auto& list, std::string_view column) {
        return std::find(std::begin(list), std::end(list), column) != std::end(list);
    };
    std::vector<std::string> label;
    if (columns.key == std::vector<std::string>{"id"}) {
        for (const std::string& column : columns.all) {
            if (is_in(kNames, column)) label.push_back(column);
        }
        return label.empty() ? columns.key : label;
    }
    for (const std::string& column : columns.key) {
        if (column != "hash") label.push_back(column);
    }
    return label;
}

// The names of the rows that a column refers to.
std::map<std::string, std::string> names_in(Store& store, const std::string& table,
                                            const std::string& id) {
    for (const auto& [column] : store.list<std::string>(
             "SELECT name FROM pragma_table_info(?) WHERE name IN ('name', 'table_name')"
             " ORDER BY name",
             table)) {
        std::map<std::string, std::string> names;
        for (auto& [value, name] : store.list<std::string, std::string>(
                 "SELECT CAST(" + sql_name(id) + " AS TEXT), " + sql_name(column) + " FROM " +
                 sql_name(table) + " ORDER BY 1")) {
            names.emplace(std::move(value), std::move(name));
        }
        return names;
    }
    return {};
}

// What tells the rows of the table from each other besides their primary key.
std::vector<std::string> unique_columns(Store& store, const std::string& table) {
    std::vector<std::string> columns;
    for (auto& [column] : store.list<std::string>(
             "SELECT c.name FROM pragma_index_list(?) i, pragma_index_info(i.name) c"
             " WHERE i.\"unique\" AND i.origin = 'u' ORDER BY i.seq, c.seqno",
             table)) {
        columns.push_back(std::move(column));
    }
    return columns;
}

}  // namespace

std::vector<std::string> tables_of(Store& store) {
    std::vector<std::string> tables;
    for (const auto& [name] : store.list<std::string>(
             "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
        const bool is_left_out =
            std::find(std::begin(kLeftOut), std::end(kLeftOut), name) != std::end(kLeftOut);
        if (!is_left_out) tables.push_back(name);
    }
    return tables;
}

Columns columns_of(Store& store, const std::string& table) {
    Columns columns;
    const auto is_left_out = [&](const std::string& column) {
        return std::find(std::begin(kLeftOutColumns), std::end(kLeftOutColumns),
                         std::pair<std::string_view, std::string_view>(table, column)) !=
               std::end(kLeftOutColumns);
    };
    for (const auto& [name, key] : store.list<std::string, std::int64_t>(
             "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", table)) {
        if (is_left_out(name)) continue;
        columns.all.push_back(name);
        if (key > 0) columns.key.push_back(name);
    }
    if (columns.key.empty()) columns.key = unique_columns(store, table);
    for (const auto& [parent, column, id] : store.list<std::string, std::string, std::string>(
             "SELECT \"table\", min(\"from\"), min(\"to\") FROM pragma_foreign_key_list(?)"
             " GROUP BY id HAVING count(*) = 1 ORDER BY id",
             table)) {
        columns.names[column] = names_in(store, parent, id);
    }
    columns.label = label_of(columns);
    return columns;
}

// SQL cannot bind names, so this is the one place where it is put together. The names are read from
// the schema of the state at hand, which may be a file that somebody sent: quoted, whatever they
// have in them is a name and no SQL.
std::string sql_name(const std::string& name) {
    std::string quoted = "\"";
    for (const char letter : name) {
        quoted += letter;
        if (letter == '"') quoted += '"';
    }
    return quoted + "\"";
}

std::string row_key_sql(const Columns& columns, const std::string& row) {
    std::string sql;
    for (const std::string& part : columns.key) {
        if (!sql.empty()) sql += " || ' ' || ";
        sql += "quote(" + row + sql_name(part) + ")";
    }
    return sql;
}

Rows rows_of(Store& store, const std::string& table, const Columns& columns) {
    Rows rows;
    const std::string key = row_key_sql(columns, "");
    for (const std::string& column : columns.all) {
        const std::string sql = "SELECT " + key + ", quote(" + sql_name(column) + ") FROM " +
                                sql_name(table) + " ORDER BY 1";
        for (auto& [name, value] : store.list<std::string, std::string>(sql)) {
            rows[name][column] = std::move(value);
        }
    }
    return rows;
}

RowDifference describe_change(const std::string& table, const Columns& columns, const Row* before,
                              const Row* after) {
    SBEMU_CHECK(before || after);
    RowDifference difference{in_words(table), '~', key_text(columns, after ? *after : *before), {}};
    if (before && after) {
        difference.columns = compare_rows(*before, *after);
    } else {
        difference.sign = after ? '+' : '-';
        difference.columns = describe_row(after ? *after : *before, columns);
    }
    return difference;
}

}  // namespace sbemu
