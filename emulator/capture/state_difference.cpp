#include "emulator/capture/state_difference.h"

#include <boost/json.hpp>
#include <map>
#include <set>

#include "emulator/core/json_text.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;
namespace {

using Row = std::map<std::string, std::string>;  // column -> value, as SQL prints it
using Rows = std::map<std::string, Row>;         // by primary key

constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"cloudformation_event", "stack events"},
    {"cloudformation_request", "custom resource requests"},
    {"cloudformation_resource", "stack resources"},
    {"cloudformation_stack", "stacks"},
    {"dynamodb_item", "DynamoDB items"},
    {"dynamodb_table", "DynamoDB tables"},
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

constexpr std::string_view kLeftOut[] = {"kernel_event", "kernel_blob", "kernel_timer",
                                         "sqlite_sequence"};

std::string in_words(const std::string& table) {
    for (const auto& [name, words] : kWords) {
        if (name == table) return std::string(words);
    }
    return table;
}

std::vector<std::string> tables_of(Store& store) {
    std::vector<std::string> tables;
    for (const auto& [name] : store.list<std::string>(
             "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
        const bool is_left_out =
            std::find(std::begin(kLeftOut), std::end(kLeftOut), name) != std::end(kLeftOut);
        if (!is_left_out) tables.push_back(name);
    }
    return tables;
}

struct Columns {
    std::vector<std::string> all;
    std::vector<std::string> key;  // of the primary key
};

Columns columns_of(Store& store, const std::string& table) {
    Columns columns;
    for (const auto& [name, key] : store.list<std::string, std::int64_t>(
             "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", table)) {
        columns.all.push_back(name);
        if (key > 0) columns.key.push_back(name);
    }
    return columns;
}

// Names come from the schema, not from anybody's request.
Rows rows_of(Store& store, const std::string& table, const Columns& columns) {
    Rows rows;
    for (const std::string& column : columns.all) {
        std::string key;
        for (const std::string& part : columns.key) {
            key += (key.empty() ? "" : " || ' ' || ") + ("quote(" + part + ")");
        }
        const std::string sql =
            "SELECT " + key + ", quote(" + column + ") FROM " + table + " ORDER BY 1";
        for (auto& [name, value] : store.list<std::string, std::string>(sql)) {
            rows[name][column] = std::move(value);
        }
    }
    return rows;
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

std::string shortened(std::string text) {
    constexpr std::size_t kLongest = 160;
    if (text.size() > kLongest) {
        text.resize(kLongest);
        text += "...";
    }
    return text;
}

void compare_values(const std::string& path, const json::value& before, const json::value& after,
                    std::vector<std::string>& lines) {
    if (before == after) return;
    if (!before.is_object() || !after.is_object()) {
        lines.push_back(path + ": " + shortened(json::serialize(before)) + " -> " +
                        shortened(json::serialize(after)));
        return;
    }
    std::set<std::string> names;
    for (const auto& [name, member] : before.as_object()) names.emplace(name);
    for (const auto& [name, member] : after.as_object()) names.emplace(name);
    for (const std::string& name : names) {
        const json::value* old_member = before.as_object().if_contains(name);
        const json::value* new_member = after.as_object().if_contains(name);
        compare_values(path + "." + name, old_member ? *old_member : json::value(nullptr),
                       new_member ? *new_member : json::value(nullptr), lines);
    }
}

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
            compare_values(column, old_json, new_json, lines);
        } else {
            lines.push_back(column + ": " + shortened(old_text) + " -> " + shortened(new_text));
        }
    }
    return lines;
}

// What else is in a row that came or went.
std::vector<std::string> describe_row(const Row& row, const Columns& columns) {
    std::vector<std::string> lines;
    for (const std::string& column : columns.all) {
        const std::string& value = row.at(column);
        const bool is_key =
            std::find(columns.key.begin(), columns.key.end(), column) != columns.key.end();
        if (is_key || value == "NULL" || value == "''") continue;
        lines.push_back(column + ": " + shortened(plain(value)));
    }
    return lines;
}

// "'000000000000' 'us-east-1' 'env'" without the quotes.
std::string key_text(const std::string& quoted) {
    std::string text;
    for (const char letter : quoted) {
        if (letter != '\'') text += letter;
    }
    return text;
}

std::int64_t events_of(Store& store) {
    return store.value<std::int64_t>("SELECT coalesce(max(number), 0) FROM kernel_event").value();
}

}  // namespace

StateDifference compare_states(Store& before, Store& after) {
    StateDifference difference;
    difference.events = events_of(after) - events_of(before);
    for (const std::string& table : tables_of(after)) {
        const Columns columns = columns_of(after, table);
        if (columns.key.empty()) continue;
        const Rows old_rows = rows_of(before, table, columns);
        const Rows new_rows = rows_of(after, table, columns);
        for (const auto& [key, row] : old_rows) {
            if (!new_rows.contains(key)) {
                difference.rows.push_back(
                    {in_words(table), '-', key_text(key), describe_row(row, columns)});
            }
        }
        for (const auto& [key, row] : new_rows) {
            const auto found = old_rows.find(key);
            if (found == old_rows.end()) {
                difference.rows.push_back(
                    {in_words(table), '+', key_text(key), describe_row(row, columns)});
            } else if (auto lines = compare_rows(found->second, row); !lines.empty()) {
                difference.rows.push_back({in_words(table), '~', key_text(key), std::move(lines)});
            }
        }
    }
    return difference;
}

}  // namespace sbemu
