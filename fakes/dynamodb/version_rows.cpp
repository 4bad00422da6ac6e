// Earlier versions of items as rows, for tables with point-in-time recovery.
#include <boost/json.hpp>

#include "emulator/store/store.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {
namespace json = boost::json;

void keep_version(Context& ctx, const Table& table, const Key& key, const StoredItem* old) {
    static constexpr std::int64_t kLifetime = 35 * 86'400'000LL;  // milliseconds
    const std::int64_t now = to_milliseconds(ctx.now);
    ctx.store.run(
        "DELETE FROM dynamodb_version WHERE table_id = ?1 AND number < coalesce("
        "(SELECT number FROM dynamodb_version WHERE table_id = ?1 AND replaced > ?2"
        " ORDER BY number LIMIT 1), 0)",
        table.id, now - kLifetime);
    std::optional<std::string> item;
    if (old) item = json::serialize(old->item());
    ctx.store.run(
        "INSERT INTO dynamodb_version (table_id, number, replaced, hash, partition, sort, item)"
        " VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM dynamodb_version"
        " WHERE table_id = ?1), ?2, ?3, ?4, ?5, ?6)",
        table.id, now, key.hash(), Bytes{key.partition}, Bytes{key.sort}, item);
}

void erase_versions(Context& ctx, const Table& table) {
    ctx.store.run("DELETE FROM dynamodb_version WHERE table_id = ?", table.id);
}

std::vector<ItemVersion> list_versions_at(Context& ctx, const Table& table, std::int64_t moment) {
    std::vector<ItemVersion> versions;
    for (auto& [hash, partition, sort, text] :
         ctx.store.list<std::int64_t, std::string, std::string, std::optional<std::string>>(
             "SELECT hash, partition, sort, item FROM dynamodb_version v"
             " WHERE table_id = ?1 AND replaced > ?2 AND NOT EXISTS"
             " (SELECT 1 FROM dynamodb_version e WHERE e.table_id = ?1 AND e.hash = v.hash"
             " AND e.partition = v.partition AND e.sort = v.sort AND e.number < v.number"
             " AND e.replaced > ?2) ORDER BY number",
             table.id, moment)) {
        ItemVersion version{{hash, std::move(partition), std::move(sort)}, std::nullopt};
        if (text) version.item = parse_stored(*text);
        versions.push_back(std::move(version));
    }
    return versions;
}

}  // namespace sbemu::dynamodb
