// Backups: a table's shape and items, kept apart from it. Restores make tables of them.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

struct Backup {
    std::int64_t id = 0;
    std::string arn;
    std::string table_name;
    std::string name;
    std::string type = "USER";            // USER, SYSTEM
    std::int64_t created = 0;             // milliseconds
    std::optional<std::int64_t> expires;  // of SYSTEM ones
    std::int64_t size_bytes = 0;
    std::string source;                 // JSON: source_of
    std::optional<std::string> target;  // the table that is or was restored from it
};

// What a restore needs to know of a table: SourceTableDetails and SourceTableFeatureDetails as
// DescribeBackup answers them, and AttributeDefinitions.
boost::json::object source_of(Context& ctx, const Table& table);

// DeleteTable of a table with point-in-time recovery leaves a backup for 35 days.
void back_up_deleted(Context& ctx, const Table& table);

// Throws if the backup or table is in another region than the caller.
void check_restore_region(const Context& ctx, const boost::json::object& request,
                          const std::string& arn);

// Where a restored table comes from.
struct RestoreOrigin {
    std::string arn;              // of the backup or table: TableSettings::restored_from
    boost::json::object summary;  // RestoreSummary
};
// Makes the table TargetTableName, CREATING and without items, with the overrides of the request.
// Throws if they do not fit the source, or the table exists.
Table make_restored_table(Context& ctx, const boost::json::object& request,
                          const boost::json::object& source, const RestoreOrigin& origin);
// Puts the item of another table or a backup into the new one.
void put_restored_item(Context& ctx, const Table& table, const Item& item);

// backup_rows.cpp
std::int64_t insert_backup(Context& ctx, const Backup& backup);  // throws away expired ones
std::optional<Backup> find_backup(Context& ctx, std::string_view arn);
void set_backup_target(Context& ctx, const Backup& backup, std::string_view target);
void erase_backup(Context& ctx, const Backup& backup);
struct BackupFilter {
    std::string table;  // empty: of all tables
    std::string type;   // USER, SYSTEM, AWS_BACKUP or ALL
    std::int64_t from = 0;
    std::optional<std::int64_t> before;  // milliseconds
    std::int64_t after_created = 0;      // with after_arn: where the page before ended
    std::string after_arn;
};
std::vector<Backup> list_backups(Context& ctx, const BackupFilter& filter, std::int64_t limit);
void copy_items_to_backup(Context& ctx, const Table& table, std::int64_t backup);
void for_each_backup_item(Context& ctx, const Backup& backup,
                          const std::function<void(const Item&)>& use);

}  // namespace sbemu::dynamodb
