// Tables and their tags as rows.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>

#include "emulator/core/check.h"
#include "emulator/core/json_text.h"
#include "emulator/store/store.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

json::array written(const std::vector<KeyAttribute>& keys) {
    json::array result;
    for (const KeyAttribute& key : keys) result.push_back({key.name, key.type});
    return result;
}

std::vector<KeyAttribute> read_keys(const json::value& written) {
    std::vector<KeyAttribute> keys;
    for (const json::value& key : written.as_array()) {
        keys.push_back({std::string(key.at(0).as_string()), std::string(key.at(1).as_string())});
    }
    return keys;
}

std::string write_indexes(const std::vector<Index>& indexes) {
    if (indexes.empty()) return "";
    json::array result;
    for (const Index& index : indexes) {
        result.push_back({{"id", index.id},
                          {"name", index.name},
                          {"is_global", index.is_global},
                          {"status", index.status},
                          {"partition", written(index.partition)},
                          {"sort", written(index.sort)},
                          {"projection", index.projection},
                          {"non_key", json::array(index.non_key.begin(), index.non_key.end())},
                          {"description", index.description}});
    }
    return json::serialize(result);
}

std::vector<Index> read_indexes(const std::string& text) {
    std::vector<Index> indexes;
    if (text.empty()) return indexes;
    const json::value all = json::parse(text);
    for (const json::value& written : all.as_array()) {
        Index index;
        index.id = written.at("id").as_int64();
        index.name = std::string(written.at("name").as_string());
        index.is_global = written.at("is_global").as_bool();
        index.status = std::string(written.at("status").as_string());
        index.partition = read_keys(written.at("partition"));
        index.sort = read_keys(written.at("sort"));
        index.projection = std::string(written.at("projection").as_string());
        for (const json::value& name : written.at("non_key").as_array()) {
            index.non_key.emplace_back(name.as_string());
        }
        index.description = std::string(written.at("description").as_string());
        indexes.push_back(std::move(index));
    }
    return indexes;
}

}  // namespace

const Index* Table::find_index(std::string_view index_name) const {
    for (const Index& index : indexes) {
        if (index.name == index_name) return &index;
    }
    return nullptr;
}

json::object parse_stored(std::string_view text) { return parse_json(text).as_object(); }

std::string table_arn(const Caller& caller, std::string_view table) {
    return caller.arn("dynamodb", "table/" + std::string(table));
}

namespace {

// Tables that were looked up, by account, region and name: nearly every call wants one. What
// changes a table's row takes it out.
struct KnownTables {
    struct Before {
        using is_transparent = void;
        bool operator()(const auto& one, const auto& other) const {
            return std::lexicographical_compare(one.begin(), one.end(), other.begin(), other.end());
        }
    };
    std::map<std::array<std::string, 3>, Table, Before> tables;

    Table* find(const Caller& caller, std::string_view name) {
        const auto found =
            tables.find(std::array<std::string_view, 3>{caller.account, caller.region, name});
        return found == tables.end() ? nullptr : &found->second;
    }
};

std::optional<Table> read_table(Context& ctx, std::string_view name) {
    auto row =
        ctx.store
            .find<std::int64_t, std::string, std::string, std::string, std::optional<std::string>,
                  std::optional<std::string>, std::optional<std::int64_t>,
                  std::optional<std::string>, std::optional<std::int64_t>, std::int64_t,
                  std::int64_t, std::string, std::string, std::string>(
                "SELECT id, status, partition_name, partition_type, sort_name, sort_type, stream,"
                " time_to_live, recovery_from, item_count, size_bytes, indexes, description,"
                " settings"
                " FROM dynamodb_table WHERE account = ? AND region = ? AND name = ?",
                ctx.caller.account, ctx.caller.region, name);
    if (!row) return std::nullopt;
    auto& [id, status, partition, partition_type, sort, sort_type, stream, time_to_live,
           recovery_from, items, bytes, indexes, description, settings] = *row;
    Table table;
    table.id = id;
    table.name = name;
    table.named = name;
    table.status = std::move(status);
    table.partition = {std::move(partition), std::move(partition_type)};
    if (sort) table.sort = KeyAttribute{*std::move(sort), *std::move(sort_type)};
    table.stream = stream;
    table.item_count = items;
    table.size_bytes = bytes;
    table.time_to_live = std::move(time_to_live);
    table.recovery_from = recovery_from;
    table.indexes = read_indexes(indexes);
    table.description = std::move(description);
    table.settings = std::move(settings);
    if (const auto active = ctx.store.find<std::string, std::string>(
            "SELECT arn, precision FROM dynamodb_destination"
            " WHERE table_id = ? AND status IN ('ACTIVE', 'UPDATING')",
            id)) {
        table.destination = {std::get<0>(*active), std::get<1>(*active)};
    }
    return table;
}

}  // namespace

std::optional<Table> find_table(Context& ctx, std::string_view name) {
    KnownTables& known = ctx.store.remembered<KnownTables>();
    if (const Table* found = known.find(ctx.caller, name)) return *found;
    std::optional<Table> table = read_table(ctx, name);
    if (table) {
        known.tables.insert({{ctx.caller.account, ctx.caller.region, std::string(name)}, *table});
    }
    return table;
}

void count_change(Context& ctx, const Table& table, std::int64_t items, std::int64_t bytes) {
    if (items == 0 && bytes == 0) return;
    ctx.store.run(
        "UPDATE dynamodb_table SET item_count = item_count + ?, size_bytes = size_bytes + ?"
        " WHERE id = ?",
        items, bytes, table.id);
    Table* known = ctx.store.remembered<KnownTables>().find(ctx.caller, table.name);
    if (!known) return;
    known->item_count += items;
    known->size_bytes += bytes;
}

std::vector<std::string> list_table_names(Context& ctx, std::string_view after,
                                          std::int64_t limit) {
    std::vector<std::string> names;
    for (auto& [name] : ctx.store.list<std::string>(
             "SELECT name FROM dynamodb_table WHERE account = ? AND region = ? AND name > ?"
             " ORDER BY name LIMIT ?",
             ctx.caller.account, ctx.caller.region, after, limit)) {
        names.push_back(std::move(name));
    }
    return names;
}

std::int64_t insert_table(Context& ctx, const Table& table) {
    std::optional<std::string> sort_name;
    std::optional<std::string> sort_type;
    if (table.sort) {
        sort_name = table.sort->name;
        sort_type = table.sort->type;
    }
    ctx.store.run(
        "INSERT INTO dynamodb_table (account, region, name, status, partition_name,"
        " partition_type, sort_name, sort_type, stream, time_to_live, recovery_from, item_count,"
        " size_bytes, indexes, description, settings)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)",
        ctx.caller.account, ctx.caller.region, table.name, table.status, table.partition.name,
        table.partition.type, sort_name, sort_type, table.stream, table.time_to_live,
        table.recovery_from, write_indexes(table.indexes), table.description.text(),
        table.settings.text());
    const auto inserted = find_table(ctx, table.name);
    SBEMU_CHECK(inserted);
    return inserted->id;
}

void forget_tables(Context& ctx) { ctx.store.remembered<KnownTables>() = {}; }

void update_table(Context& ctx, const Table& table) {
    forget_tables(ctx);
    ctx.store.run(
        "UPDATE dynamodb_table SET status = ?, stream = ?, time_to_live = ?, recovery_from = ?,"
        " indexes = ?, description = ?, settings = ? WHERE id = ?",
        table.status, table.stream, table.time_to_live, table.recovery_from,
        write_indexes(table.indexes), table.description.text(), table.settings.text(), table.id);
}

void erase_table(Context& ctx, const Table& table) {
    forget_tables(ctx);
    ctx.store.run("DELETE FROM dynamodb_table WHERE id = ?", table.id);
}

std::int64_t count_restores(Context& ctx) {
    return *ctx.store.value<std::int64_t>(
        "SELECT count(*) FROM dynamodb_table WHERE account = ? AND region = ?"
        " AND settings ->> 'restored_from' IS NOT NULL",
        ctx.caller.account, ctx.caller.region);
}

std::vector<std::pair<std::string, std::string>> list_tags(Context& ctx, const Table& table) {
    std::vector<std::pair<std::string, std::string>> tags;
    for (auto& [key, value] : ctx.store.list<std::string, std::string>(
             "SELECT key, value FROM dynamodb_tag WHERE table_id = ? ORDER BY key", table.id)) {
        tags.emplace_back(std::move(key), std::move(value));
    }
    return tags;
}

void put_tag(Context& ctx, const Table& table, std::string_view key, std::string_view value) {
    ctx.store.run("INSERT OR REPLACE INTO dynamodb_tag (table_id, key, value) VALUES (?, ?, ?)",
                  table.id, key, value);
}

void erase_tag(Context& ctx, const Table& table, std::string_view key) {
    ctx.store.run("DELETE FROM dynamodb_tag WHERE table_id = ? AND key = ?", table.id, key);
}

}  // namespace sbemu::dynamodb
