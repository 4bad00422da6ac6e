// Backups and their items as rows.
#include "emulator/core/check.h"
#include "emulator/store/store.h"
#include "fakes/dynamodb/backups.h"

namespace sbemu::dynamodb {

namespace {

using BackupRow =
    std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t,
               std::optional<std::int64_t>, std::int64_t, std::string, std::optional<std::string>>;

Backup backup_of(const BackupRow& row) {
    const auto& [id, arn, table, name, type, created, expires, size, source, target] = row;
    return {id, arn, table, name, type, created, expires, size, source, target};
}

}  // namespace

std::int64_t insert_backup(Context& ctx, const Backup& backup) {
    ctx.store.run("DELETE FROM dynamodb_backup WHERE expires <= ?", to_milliseconds(ctx.now));
    ctx.store.run(
        "INSERT INTO dynamodb_backup (account, region, arn, table_name, name, type, created,"
        " expires, size_bytes, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, ctx.caller.region, backup.arn, backup.table_name, backup.name,
        backup.type, backup.created, backup.expires, backup.size_bytes, backup.source);
    const auto inserted = find_backup(ctx, backup.arn);
    SBEMU_CHECK(inserted);
    return inserted->id;
}

std::optional<Backup> find_backup(Context& ctx, std::string_view arn) {
    const auto row = ctx.store.find<std::int64_t, std::string, std::string, std::string,
                                    std::string, std::int64_t, std::optional<std::int64_t>,
                                    std::int64_t, std::string, std::optional<std::string>>(
        "SELECT id, arn, table_name, name, type, created, expires, size_bytes, source, target"
        " FROM dynamodb_backup WHERE account = ? AND region = ? AND arn = ?"
        " AND coalesce(expires > ?, true)",
        ctx.caller.account, ctx.caller.region, arn, to_milliseconds(ctx.now));
    if (!row) return std::nullopt;
    return backup_of(*row);
}

void set_backup_target(Context& ctx, const Backup& backup, std::string_view target) {
    ctx.store.run("UPDATE dynamodb_backup SET target = ? WHERE id = ?", target, backup.id);
}

void erase_backup(Context& ctx, const Backup& backup) {
    ctx.store.run("DELETE FROM dynamodb_backup WHERE id = ?", backup.id);
}

std::vector<Backup> list_backups(Context& ctx, const BackupFilter& filter, std::int64_t limit) {
    std::vector<Backup> backups;
    for (const auto& row : ctx.store.list<std::int64_t, std::string, std::string, std::string,
                                          std::string, std::int64_t, std::optional<std::int64_t>,
                                          std::int64_t, std::string, std::optional<std::string>>(
             "SELECT id, arn, table_name, name, type, created, expires, size_bytes, source, target"
             " FROM dynamodb_backup WHERE account = ? AND region = ? AND ? IN ('', table_name)"
             " AND ? IN ('ALL', type) AND created >= ? AND coalesce(created < ?, true)"
             " AND (created, arn) > (?, ?) AND coalesce(expires > ?, true)"
             " ORDER BY created, arn LIMIT ?",
             ctx.caller.account, ctx.caller.region, filter.table, filter.type, filter.from,
             filter.before, filter.after_created, filter.after_arn, to_milliseconds(ctx.now),
             limit)) {
        backups.push_back(backup_of(row));
    }
    return backups;
}

void copy_items_to_backup(Context& ctx, const Table& table, std::int64_t backup) {
    ctx.store.run(
        "INSERT INTO dynamodb_backup_item (backup_id, number, item)"
        " SELECT ?, id, item FROM dynamodb_item WHERE table_id = ? ORDER BY id",
        backup, table.id);
}

void for_each_backup_item(Context& ctx, const Backup& backup,
                          const std::function<void(const Item&)>& use) {
    constexpr std::int64_t kAtOnce = 1000;
    std::int64_t last = 0;
    while (true) {
        const auto rows = ctx.store.list<std::int64_t, std::string>(
            "SELECT number, item FROM dynamodb_backup_item WHERE backup_id = ? AND number > ?"
            " ORDER BY number LIMIT ?",
            backup.id, last, kAtOnce);
        for (const auto& [number, text] : rows) {
            last = number;
            use(parse_stored(text));
        }
        if (rows.size() < kAtOnce) return;
    }
}

}  // namespace sbemu::dynamodb
