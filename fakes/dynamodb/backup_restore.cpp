// RestoreTableFromBackup and RestoreTableToPointInTime. Facts: ack-api-quirks (2026-10),
// DDB-TABLE-100, 215 to 219, 272 to 281; DDB-BACKUP-010. A restore keeps keys, indexes, billing,
// limits on demand and encryption; nothing else.
#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/check.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/backup_requests.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_encryption.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_recovery.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_reservations.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/table_update.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

ApiError invalid_request(const std::string& why) {
    return validation_error("Invalid Request: " + why);
}

Billing restored_billing(const json::object& request, const json::object& source) {
    const std::string override_mode = text_member(request, "BillingModeOverride");
    const json::object* units = find_object(request, "ProvisionedThroughputOverride");
    if (override_mode == "PROVISIONED" && !units) {
        throw invalid_request(
            "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
    }
    if (override_mode == "PAY_PER_REQUEST" && units) {
        throw invalid_request(
            "Cannot override ProvisionedThroughput if BillingMode is overridden to "
            "PAY_PER_REQUEST");
    }
    const std::string mode =
        override_mode.empty() ? text_member(source, "BillingMode") : override_mode;
    if (mode == "PAY_PER_REQUEST") {
        if (!units) return {true, 0, 0};
        throw invalid_request(
            "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
    }
    return parse_units(units ? *units : source.at("ProvisionedThroughput").as_object());
}

// OnDemandThroughput of the new table; empty if it has none.
json::object restored_limits(const Context& ctx, const json::object& request,
                             const json::object& source, const Billing& billing) {
    const json::object* wanted = find_object(request, "OnDemandThroughputOverride");
    if (!wanted) {
        const json::object* recorded = find_object(source, "OnDemandThroughput");
        return recorded && billing.is_on_demand ? without_ended_limits(*recorded) : json::object();
    }
    for (const std::string name : {"MaxReadRequestUnits", "MaxWriteRequestUnits"}) {
        const auto units = find_number(*wanted, name);
        if (!units) continue;
        if (!billing.is_on_demand) {
            throw invalid_request("Cannot override " + name +
                                  " for OnDemandThroughput unless BillingModeOverride is "
                                  "PAY_PER_REQUEST");
        }
        if (*units < 1) {
            throw invalid_request("Requested " + name +
                                  " for OnDemandThroughput is outside of valid range");
        }
    }
    check_on_demand_limits(ctx, {{"OnDemandThroughput", *wanted}}, {true, false});
    return *wanted;
}

void check_matches_source(const json::object& wanted, const json::array& recorded) {
    const auto is_it = [&](const json::value& index) {
        return index.at("KeySchema") == wanted.at("KeySchema") &&
               index.at("Projection") == wanted.at("Projection");
    };
    if (std::any_of(recorded.begin(), recorded.end(), is_it)) return;
    throw invalid_request("Index " + text_member(wanted, "IndexName") +
                          " does not match a secondary index that existed in the source table and "
                          "cannot be created during the restore operation");
}

// An index of a table on demand has no units to restore (that it must be given some is assumed).
void check_throughput(const json::object& wanted, bool is_on_demand) {
    const json::object* units = find_object(wanted, "ProvisionedThroughput");
    const bool is_given = units && number_member(*units, "ReadCapacityUnits", 0) > 0;
    const std::string name = text_member(wanted, "IndexName");
    if (!is_on_demand && !is_given) {
        throw invalid_request("Must specify provisioned throughput for index " + name);
    }
    if (is_on_demand && is_given) {
        throw invalid_request(
            "Cannot override ProvisionedThroughput if BillingMode is overridden to "
            "PAY_PER_REQUEST for index " +
            name);
    }
}

// What a recorded index keeps in the new table's billing mode.
void fit_throughput(json::object& index, bool is_on_demand) {
    const json::object* limits = find_object(index, "OnDemandThroughput");
    const json::object left = limits ? without_ended_limits(*limits) : json::object();
    if (is_on_demand) index.erase("ProvisionedThroughput");
    index.erase("OnDemandThroughput");
    if (is_on_demand && !left.empty()) index["OnDemandThroughput"] = left;
}

// As CreateTable would have been asked for them.
json::array restored_indexes(const json::object& request, const json::object& features, bool global,
                             bool is_on_demand) {
    const std::string member = global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes";
    json::array recorded = array_of(features, member);
    const json::array* wanted = find_array(
        request, global ? "GlobalSecondaryIndexOverride" : "LocalSecondaryIndexOverride");
    if (!wanted) {
        for (json::value& index : recorded) {
            fit_throughput(index.as_object(), is_on_demand);
            if (global) check_throughput(index.as_object(), is_on_demand);
        }
        return recorded;
    }
    for (const json::value& index : *wanted) {
        check_matches_source(index.as_object(), recorded);
        if (global) check_throughput(index.as_object(), is_on_demand);
    }
    return *wanted;
}

std::vector<Index> make_indexes(const Context& ctx, const json::object& request,
                                const json::object& source,
                                const std::vector<KeyAttribute>& definitions,
                                const Billing& billing) {
    const json::object& features = source.at("SourceTableFeatureDetails").as_object();
    std::vector<Index> indexes;
    for (const bool global : {false, true}) {
        for (const json::value& written :
             restored_indexes(request, features, global, billing.is_on_demand)) {
            const json::object& wanted = written.as_object();
            Index index = parse_global_index(wanted, definitions);
            index.is_global = global;
            index.id = static_cast<std::int64_t>(indexes.size()) + 1;
            if (global) {
                new_index_details(ctx, wanted, index.name, billing.is_on_demand).save_in(index);
            } else {
                index.status = "ACTIVE";
            }
            indexes.push_back(std::move(index));
        }
    }
    return indexes;
}

// Also of backups that were made while the encryption changed.
std::optional<json::object> restored_encryption(const Context& ctx, const json::object& request,
                                                const json::object& source) {
    if (const json::object* wanted = find_object(request, "SSESpecificationOverride")) {
        return encryption_of(ctx, *wanted);
    }
    const json::object& features = source.at("SourceTableFeatureDetails").as_object();
    const json::object* recorded = find_object(features, "SSEDescription");
    if (!recorded || !find_text(*recorded, "KMSMasterKeyArn")) return std::nullopt;
    json::object encryption = *recorded;
    encryption["Status"] = "ENABLED";
    return encryption;
}

void check_target_is_new(Context& ctx, const std::string& name) {
    const auto table = find_table(ctx, name);
    if (!table) return;
    const std::string from = TableSettings::of(*table).restored_from;
    if (from.empty()) {
        throw ApiError("TableAlreadyExistsException", "Table already exists: " + name);
    }
    const bool is_backup = from.find("/backup/") != std::string::npos;
    throw ApiError("TableInUseException", "Table: " + name + " is already being restored from " +
                                              (is_backup ? "backup: " : "table: ") + from);
}

void check_room_for_restore(Context& ctx) {
    constexpr std::int64_t kMost = 50;
    if (count_restores(ctx) < kMost) return;
    throw limit_exceeded(
        "Subscriber limit exceeded: Only 50 restore operations can be done "
        "simultaneously");
}

}  // namespace

void check_restore_region(const Context& ctx, const json::object& request, const std::string& arn) {
    const auto parsed = parse_arn(arn);
    if (!parsed || parsed->region == ctx.caller.region) return;
    if (!find_object(request, "SSESpecificationOverride")) {
        throw invalid_request(
            "sseSpecificationOverride must be provided for cross-region restores");
    }
    throw not_implemented("restores from another region");
}

bool is_being_restored(Context& ctx, const Backup& backup) {
    if (!backup.target) return false;
    const auto target = find_table(ctx, *backup.target);
    return target && TableSettings::of(*target).restored_from == backup.arn;
}

Table make_restored_table(Context& ctx, const json::object& request, const json::object& source,
                          const RestoreOrigin& origin) {
    const json::object& details = source.at("SourceTableDetails").as_object();
    const std::vector<KeyAttribute> definitions = parse_definitions(source);
    const Billing billing = restored_billing(request, details);
    check_limits(ctx, billing);  // the text for restores is assumed
    const json::object limits = restored_limits(ctx, request, details, billing);
    Table table;
    table.name = text_member(request, "TargetTableName");
    table.status = "CREATING";
    table.indexes = make_indexes(ctx, request, source, definitions, billing);
    check_target_is_new(ctx, table.name);
    check_room_for_restore(ctx);
    const Keys keys = parse_keys(details.at("KeySchema").as_array(), definitions);
    table.partition = keys.partition.front();
    if (!keys.sort.empty()) table.sort = keys.sort.front();

    json::object description{{"AttributeDefinitions", describe_definitions(definitions)},
                             {"KeySchema", details.at("KeySchema")},
                             {"CreationDateTime", to_milliseconds(ctx.now)},
                             {"ProvisionedThroughput", new_throughput(billing)},
                             {"WarmThroughput", initial_warm_throughput(billing)},
                             {"TableArn", table_arn(ctx.caller, table.name)},
                             {"TableId", ctx.random.uuid()},
                             {"DeletionProtectionEnabled", false},
                             {"RestoreSummary", origin.summary}};
    if (billing.is_on_demand) {
        description["BillingModeSummary"] = {{"BillingMode", "PAY_PER_REQUEST"}};
    }
    if (!limits.empty()) description["OnDemandThroughput"] = limits;
    if (auto encryption = restored_encryption(ctx, request, source)) {
        description["SSEDescription"] = *std::move(encryption);
    }
    table.description = json::serialize(description);
    prune_definitions(table);
    TableSettings settings;
    settings.next_index = static_cast<std::int64_t>(table.indexes.size()) + 1;
    settings.restored_from = origin.arn;
    settings.save_in(table);
    table.id = insert_table(ctx, table);
    check_account_limits(ctx, {}, table.name);
    settle_table_in(ctx, table, usual::kRestore);
    return table;
}

void put_restored_item(Context& ctx, const Table& table, const Item& item) {
    put_item(ctx, table, key_of_item(table, item), NormalItem::borrow(item), std::nullopt);
}

json::object restore_table_from_backup(Context& ctx, const json::object& request) {
    check_restore_region(ctx, request, text_member(request, "BackupArn"));
    const Backup backup = existing_backup(ctx, request);
    if (is_being_restored(ctx, backup) &&
        *backup.target != text_member(request, "TargetTableName")) {
        throw ApiError("BackupInUseException",
                       "Backup is being used to restore another table: " + backup.arn);
    }
    const json::object source = json::parse(backup.source).as_object();
    const RestoreOrigin origin{backup.arn,
                               {{"SourceBackupArn", backup.arn},
                                {"SourceTableArn", source.at("SourceTableDetails").at("TableArn")},
                                {"RestoreDateTime", backup.created},
                                {"RestoreInProgress", true}}};
    const Table table = make_restored_table(ctx, request, source, origin);
    set_backup_target(ctx, backup, table.name);
    for_each_backup_item(ctx, backup,
                         [&](const Item& item) { put_restored_item(ctx, table, item); });
    return {{"TableDescription", describe(ctx, *find_table(ctx, table.name), false)}};
}

}  // namespace sbemu::dynamodb
