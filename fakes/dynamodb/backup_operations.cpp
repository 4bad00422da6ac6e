// CreateBackup, DescribeBackup, ListBackups, DeleteBackup. Facts: ack-api-quirks (2026-10),
// DDB-BACKUP-001 to 028.
#include <boost/json.hpp>
#include <charconv>

#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/backup_requests.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/table_time_to_live.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kSystemLifetime = 35 * 86'400'000LL;  // milliseconds

// "arn:...:table/name/backup/01489602797149-73d8d5bc", as AWS documents it.
std::string new_arn(const Context& ctx, const Table& table, const std::string& suffix) {
    std::string digits = std::to_string(to_milliseconds(ctx.now));
    digits.insert(0, 14 - digits.size(), '0');
    return table_arn(ctx.caller, table.name) + "/backup/" + digits + "-" + suffix;
}

// When the backup of an ARN was made: lists go on behind it, also if it is gone.
std::int64_t created_of(const std::string& arn) {
    const auto digits = arn.rfind('/') + 1;
    std::int64_t created = 0;
    std::from_chars(arn.data() + digits, arn.data() + arn.size(), created);
    return created;
}

json::object describe_details(const Backup& backup, const std::string& status) {
    json::object details{{"BackupArn", backup.arn},
                         {"BackupName", backup.name},
                         {"BackupSizeBytes", backup.size_bytes},
                         {"BackupStatus", status},
                         {"BackupType", backup.type},
                         {"BackupCreationDateTime", backup.created}};
    if (backup.expires) details["BackupExpiryDateTime"] = *backup.expires;
    return details;
}

json::object describe(const Backup& backup, const std::string& status) {
    const json::object source = json::parse(backup.source).as_object();
    return {{"BackupDetails", describe_details(backup, status)},
            {"SourceTableDetails", source.at("SourceTableDetails")},
            // Of a system backup they are not told.
            {"SourceTableFeatureDetails", backup.type == "SYSTEM"
                                              ? json::value(json::object())
                                              : source.at("SourceTableFeatureDetails")}};
}

json::object summarize(const Backup& backup) {
    json::object summary = describe_details(backup, "AVAILABLE");
    const json::object source = json::parse(backup.source).as_object();
    for (const char* const member : {"TableName", "TableId", "TableArn"}) {
        summary[member] = source.at("SourceTableDetails").at(member);
    }
    return summary;
}

Backup store_backup(Context& ctx, const Table& table, Backup backup) {
    backup.table_name = table.name;
    backup.created = to_milliseconds(ctx.now);
    backup.size_bytes = table.size_bytes;
    backup.source = json::serialize(source_of(ctx, table));
    backup.id = insert_backup(ctx, backup);
    copy_items_to_backup(ctx, table, backup.id);
    return backup;
}

json::array describe_index_infos(const Table& table, bool global, bool is_on_demand) {
    json::array infos;
    for (const Index& index : table.indexes) {
        if (index.is_global != global || index.status == "DELETING") continue;
        json::object info{{"IndexName", index.name},
                          {"KeySchema", describe_keys({index.partition, index.sort})},
                          {"Projection", describe_projection(index)}};
        if (global) {
            const GlobalIndexDetails details = GlobalIndexDetails::of(index);
            info["ProvisionedThroughput"] = plain_throughput(details.throughput);
            const json::object limits = without_ended_limits(details.on_demand);
            if (is_on_demand && !limits.empty()) info["OnDemandThroughput"] = limits;
        }
        infos.push_back(std::move(info));
    }
    return infos;
}

json::object describe_features(const Table& table, const json::object& description) {
    const bool on_demand = is_on_demand(description);
    json::object features;
    for (const auto& [member, global] :
         {std::pair{"LocalSecondaryIndexes", false}, {"GlobalSecondaryIndexes", true}}) {
        json::array infos = describe_index_infos(table, global, on_demand);
        if (!infos.empty()) features[member] = std::move(infos);
    }
    if (const json::value* stream = description.if_contains("StreamSpecification")) {
        features["StreamDescription"] = *stream;
    }
    if (table.time_to_live) features["TimeToLiveDescription"] = describe_time_to_live(table);
    // A change that is under way counts as done.
    const auto soon = TableSettings::of(table).encryption_soon;
    const json::object* current = find_object(description, "SSEDescription");
    const json::object encryption = soon ? *soon : current ? *current : json::object();
    if (!encryption.empty()) features["SSEDescription"] = encryption;
    return features;
}

}  // namespace

json::object plain_throughput(const json::object& throughput) {
    return {{"ReadCapacityUnits", throughput.at("ReadCapacityUnits")},
            {"WriteCapacityUnits", throughput.at("WriteCapacityUnits")}};
}

Backup existing_backup(Context& ctx, const json::object& request) {
    const std::string text = text_member(request, "BackupArn");
    const auto arn = parse_arn(text);
    if (!arn || !arn->resource.starts_with("table/") ||
        arn->resource.find("/backup/") == std::string::npos) {
        throw validation_error("Invalid Backup ARN");
    }
    if (arn->partition != "aws" || arn->service != "dynamodb") {
        throw validation_error("Invalid Request: BackupArn is not valid");
    }
    if (arn->account != ctx.caller.account) {
        throw ApiError("AccessDeniedException", "Access is denied");
    }
    auto backup = find_backup(ctx, text);
    if (!backup) throw ApiError("BackupNotFoundException", "Backup not found: " + text);
    return *std::move(backup);
}

json::object source_of(Context& ctx, const Table& table) {
    const json::object description = json::parse(table.description.text()).as_object();
    json::object details{
        {"TableName", table.name},
        {"TableId", description.at("TableId")},
        {"TableArn", table_arn(ctx.caller, table.name)},
        {"TableSizeBytes", table.size_bytes},
        {"KeySchema", description.at("KeySchema")},
        {"TableCreationDateTime", description.at("CreationDateTime")},
        {"ProvisionedThroughput",
         plain_throughput(description.at("ProvisionedThroughput").as_object())},
        {"ItemCount", table.item_count},
        {"BillingMode", is_on_demand(description) ? "PAY_PER_REQUEST" : "PROVISIONED"}};
    if (const json::value* limits = description.if_contains("OnDemandThroughput")) {
        details["OnDemandThroughput"] = *limits;
    }
    return {{"SourceTableDetails", std::move(details)},
            {"SourceTableFeatureDetails", describe_features(table, description)},
            {"AttributeDefinitions", description.at("AttributeDefinitions")}};
}

void back_up_deleted(Context& ctx, const Table& table) {
    Backup backup;
    int number = 0;  // 0, but for tables of one name that go in one millisecond
    do {
        const std::string digits = std::to_string(number++);
        backup.arn = new_arn(ctx, table, std::string(8 - digits.size(), '0') + digits);
    } while (find_backup(ctx, backup.arn));
    backup.name = table.name + "$DeletedTableBackup";
    backup.type = "SYSTEM";
    backup.expires = to_milliseconds(ctx.now) + kSystemLifetime;
    store_backup(ctx, table, std::move(backup));
}

json::object create_backup(Context& ctx, const json::object& request) {
    const Table table = backed_up_table(ctx, request);
    if (table.status == "CREATING") throw backup_table_not_found(table.name);
    Backup backup;
    do {
        backup.arn = new_arn(ctx, table, ctx.random.hex(8));
    } while (find_backup(ctx, backup.arn));
    backup.name = text_member(request, "BackupName");
    return {{"BackupDetails",
             describe_details(store_backup(ctx, table, std::move(backup)), "CREATING")}};
}

json::object describe_backup(Context& ctx, const json::object& request) {
    return {{"BackupDescription", describe(existing_backup(ctx, request), "AVAILABLE")}};
}

json::object list_backups(Context& ctx, const json::object& request) {
    BackupFilter filter;
    filter.table = table_name_of(ctx, request);
    filter.type = text_member(request, "BackupType", "USER");
    filter.from = number_member(request, "TimeRangeLowerBound", 0);
    filter.before = find_number(request, "TimeRangeUpperBound");
    if (filter.before && filter.from > *filter.before) {
        throw invalid_values("Time range lower bound must be less than or equal to upper bound");
    }
    filter.after_arn = text_member(request, "ExclusiveStartBackupArn");
    if (!filter.after_arn.empty()) {
        const auto arn = parse_arn(filter.after_arn);
        if (arn && arn->region != ctx.caller.region) {
            throw validation_error(
                "Invalid Request: The supplied ExclusiveStartBackupArn does not match the region");
        }
        filter.after_created = created_of(filter.after_arn);
    }
    const std::int64_t limit = number_member(request, "Limit", 100);
    json::object reply;
    json::array& page = reply["BackupSummaries"].emplace_array();
    for (const Backup& backup : list_backups(ctx, filter, limit + 1)) {
        if (page.size() == static_cast<std::size_t>(limit)) {
            reply["LastEvaluatedBackupArn"] = page.back().at("BackupArn");
            break;
        }
        page.push_back(summarize(backup));
    }
    return reply;
}

json::object delete_backup(Context& ctx, const json::object& request) {
    const Backup backup = existing_backup(ctx, request);
    if (backup.type == "SYSTEM") {
        throw validation_error(
            "Invalid Request: User is not allowed to delete the system backup with arn " +
            backup.arn + ". It will automatically expire on " +
            iso_time(from_milliseconds(*backup.expires)));
    }
    if (is_being_restored(ctx, backup)) {
        throw ApiError("BackupInUseException",
                       "Backup is being used to restore table: " + backup.arn);
    }
    erase_backup(ctx, backup);
    return {{"BackupDescription", describe(backup, "DELETED")}};
}

}  // namespace sbemu::dynamodb
