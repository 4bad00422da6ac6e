// DescribeContinuousBackups, UpdateContinuousBackups, RestoreTableToPointInTime. Facts:
// ack-api-quirks (2026-10), DDB-TABLE-083 to 086, 100, 111, 272.
#include "fakes/dynamodb/table_recovery.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/backups.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kBehind = 300'000;  // milliseconds from now to the latest moment
constexpr std::int64_t kDay = 86'400'000;  // milliseconds

json::object describe_backups(const Context& ctx, const Table& table) {
    json::object recovery{
        {"PointInTimeRecoveryStatus", table.recovery_from ? "ENABLED" : "DISABLED"}};
    if (table.recovery_from) {
        const RecoveryWindow window = recovery_window(ctx, table);
        recovery["RecoveryPeriodInDays"] = TableSettings::of(table).recovery_days;
        recovery["EarliestRestorableDateTime"] = window.earliest;
        recovery["LatestRestorableDateTime"] = window.latest;
    }
    return {{"ContinuousBackupsDescription",
             {{"ContinuousBackupsStatus", table.status == "CREATING" ? "DISABLED" : "ENABLED"},
              {"PointInTimeRecoveryDescription", std::move(recovery)}}}};
}

// The shape of the request, before the table is looked for.
void check_moment_is_given(const json::object& request) {
    const bool latest = flag_member(request, "UseLatestRestorableTime");
    const bool moment = find_member(request, "RestoreDateTime") != nullptr;
    if (latest && moment) {  // the text behind "request. " is assumed
        throw validation_error(
            "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for "
            "point-in-time restore request. Please specify only one of them.");
    }
    if (!latest && !moment) {
        throw validation_error(
            "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be "
            "specified, but not both");
    }
}

std::string source_name(const Context& ctx, const json::object& request) {
    const auto name = find_text(request, "SourceTableName");
    const auto text = find_text(request, "SourceTableArn");
    if (name && text) {
        throw validation_error(
            "Invalid Request: Must provide exactly one of: sourceTableArn, sourceTableName");
    }
    if (name) return *name;
    if (!text) {
        throw validation_error(
            "The parameter 'TableName' is required but was not present in the request");
    }
    static constexpr std::string_view kPrefix = "table/";
    const auto arn = parse_arn(*text);
    if (!arn || arn->service != "dynamodb" || !arn->resource.starts_with(kPrefix)) {
        throw validation_error("Invalid Request: sourceTableArn is not a valid ARN");
    }
    if (arn->account != ctx.caller.account) {
        throw validation_error(
            "This action is only supported by accounts that match the resource owner’s account.");
    }
    check_restore_region(ctx, request, *text);
    return arn->resource.substr(kPrefix.size());
}

std::int64_t restored_moment(const Context& ctx, const json::object& request, const Table& table) {
    const RecoveryWindow window = recovery_window(ctx, table);
    const std::int64_t moment = number_member(request, "RestoreDateTime", window.latest);
    // Requests are in whole seconds.
    if (moment / 1000 < window.earliest / 1000 || moment / 1000 > window.latest / 1000) {
        throw ApiError("InvalidRestoreTimeException",
                       "RestoreDateTime '" + iso_time_seconds(from_milliseconds(moment)) +
                           "' must be within EarliestRestorableDateTime '" +
                           iso_time_seconds(from_milliseconds(window.earliest)) +
                           "' and LatestRestorableDateTime '" +
                           iso_time_seconds(from_milliseconds(window.latest)) + "'");
    }
    return std::clamp(moment, window.earliest, window.latest);
}

// The items of now, and for what changed since the moment, what was there then.
void copy_items_of(Context& ctx, const Table& from, std::int64_t moment, const Table& to) {
    constexpr std::int64_t kAtOnce = 1000;
    std::optional<Key> after;
    while (true) {
        const auto items = list_items(ctx, from, after, 0, kHashes, kAtOnce);
        for (const StoredItem& stored : items) put_restored_item(ctx, to, stored.item());
        if (items.size() < kAtOnce) break;
        after = items.back().key;
    }
    for (const ItemVersion& version : list_versions_at(ctx, from, moment)) {
        const auto newer = find_item(ctx, to, version.key);
        if (newer) erase_item(ctx, to, *newer);
        if (version.item) put_restored_item(ctx, to, *version.item);
    }
}

// What a shorter time has dropped does not come back with a longer one (developer guide, "Edit
// point-in-time recovery").
std::int64_t kept_since(const Context& ctx, const Table& table, std::int64_t days) {
    const std::int64_t now = to_milliseconds(ctx.now);
    return table.recovery_from ? std::max(*table.recovery_from, now - days * kDay) : now;
}

}  // namespace

RecoveryWindow recovery_window(const Context& ctx, const Table& table) {
    return {kept_since(ctx, table, TableSettings::of(table).recovery_days),
            std::max(*table.recovery_from, to_milliseconds(ctx.now) - kBehind)};
}

json::object describe_continuous_backups(Context& ctx, const json::object& request) {
    return describe_backups(ctx, backed_up_table(ctx, request));
}

json::object update_continuous_backups(Context& ctx, const json::object& request) {
    const json::object& wanted = request.at("PointInTimeRecoverySpecification").as_object();
    const bool enable = flag_member(wanted, "PointInTimeRecoveryEnabled");
    const auto days = find_number(wanted, "RecoveryPeriodInDays");
    if (!enable && days) {
        throw validation_error(
            "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time "
            "recovery.");
    }
    Table table = backed_up_table(ctx, request);
    if (table.status == "CREATING") {
        throw ApiError(
            "ContinuousBackupsUnavailableException",
            "Backups are being enabled for the table: " + table.name + ". Please retry later");
    }
    TableSettings settings = TableSettings::of(table);
    if (!enable) {
        table.recovery_from.reset();
        settings.recovery_days = TableSettings().recovery_days;
        erase_versions(ctx, table);
    } else {
        const std::int64_t next = days.value_or(settings.recovery_days);
        table.recovery_from = kept_since(ctx, table, std::min(settings.recovery_days, next));
        settings.recovery_days = next;
    }
    settings.save_in(table);
    update_table(ctx, table);
    return describe_backups(ctx, table);
}

json::object restore_table_to_point_in_time(Context& ctx, const json::object& request) {
    check_moment_is_given(request);
    const std::string name = source_name(ctx, request);
    const auto source = find_table(ctx, name);
    if (!source && find_text(request, "SourceTableArn")) {  // DDB-TABLE-447
        throw ApiError("TableNotFoundException", "Table not found");
    }
    if (!source) throw backup_table_not_found(name);
    if (!source->recovery_from) {
        throw ApiError("PointInTimeRecoveryUnavailableException",
                       "Point in time recovery is not enabled for table '" + name + "'");
    }
    const std::int64_t moment = restored_moment(ctx, request, *source);
    const std::string arn = table_arn(ctx.caller, name);
    const Table table = make_restored_table(
        ctx, request, source_of(ctx, *source),
        {arn, {{"SourceTableArn", arn}, {"RestoreDateTime", moment}, {"RestoreInProgress", true}}});
    copy_items_of(ctx, *source, moment, table);
    return {{"TableDescription", describe(ctx, *find_table(ctx, table.name), false)}};
}

}  // namespace sbemu::dynamodb
