#include "emulator/capture/row_watch.h"

#include <boost/json.hpp>

#include "emulator/core/json_text.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;
namespace {

std::string text_literal(const std::string& text) {
    std::string literal = "'";
    for (const char letter : text) {
        literal += letter;
        if (letter == '\'') literal += letter;
    }
    return literal + "'";
}

// SQL for the whole row as a JSON object.
std::string row_sql(const Columns& columns, const std::string& row) {
    std::string sql = "json_object(";
    for (const std::string& column : columns.all) {
        if (sql.back() != '(') sql += ", ";
        sql += text_literal(column) + ", quote(" + row + sql_name(column) + ")";
    }
    return sql + ")";
}

std::optional<Row> parse_row(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    Row row;
    const json::value columns = parse_json(*text);
    for (const auto& [column, value] : columns.as_object()) {
        row[std::string(column)] = std::string(value.as_string());
    }
    return row;
}

}  // namespace

void append_changes(RowChanges& earlier, RowChanges later) {
    for (auto& [place, change] : later) {
        const auto [known, is_new] = earlier.try_emplace(place, change);
        if (!is_new) known->second.after = std::move(change.after);
    }
}

RowWatch::RowWatch(Store& store) : store_(store) {
    // Without it a row that INSERT OR REPLACE puts away is not seen to go.
    store.script("PRAGMA recursive_triggers = ON");
    store.script(
        "CREATE TEMP TABLE row_watch (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
        " key TEXT NOT NULL, before TEXT, after TEXT) STRICT");
    for (const std::string& table : tables_of(store)) {
        const Columns columns = columns_of(store, table);
        if (!columns.key.empty()) watch(table, columns);
    }
}

void RowWatch::watch(const std::string& table, const Columns& columns) {
    const std::string note =
        "INSERT INTO row_watch (name, key, before, after) VALUES (" + text_literal(table) + ", ";
    const std::string went =
        note + row_key_sql(columns, "OLD.") + ", " + row_sql(columns, "OLD.") + ", NULL); ";
    const std::string came =
        note + row_key_sql(columns, "NEW.") + ", NULL, " + row_sql(columns, "NEW.") + "); ";
    const std::string on = " ON main." + sql_name(table) + " BEGIN ";
    const auto trigger = [&](const std::string& verb, const std::string& body) {
        store_.script("CREATE TEMP TRIGGER " + sql_name("row_watch_" + verb + "_" + table) +
                      " AFTER " + verb + on + body + "END");
    };
    trigger("INSERT", came);
    trigger("DELETE", went);
    trigger("UPDATE", went + came);  // it may get another key
}

RowChanges RowWatch::take() {
    RowChanges changes;
    for (auto& [name, key, before, after] :
         store_.list<std::string, std::string, std::optional<std::string>,
                     std::optional<std::string>>(
             "SELECT name, key, before, after FROM row_watch ORDER BY number")) {
        append_changes(changes, {{{name, key}, {parse_row(before), parse_row(after)}}});
    }
    store_.run("DELETE FROM row_watch");
    return changes;
}

}  // namespace sbemu
