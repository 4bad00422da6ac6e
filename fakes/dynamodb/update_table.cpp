// UpdateTable: throughput, billing mode, indexes, stream, deletion protection, class, encryption.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_update.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kNotBuilt[] = {"ReplicaUpdates", "MultiRegionConsistency",
                                          "GlobalTableWitnessUpdates",
                                          "GlobalTableSettingsReplicationMode"};

// To PROVISIONED: every index says what it wants, limits on demand go.
void leave_on_demand(TableUpdate& update) {
    update.description["BillingModeSummary"].as_object()["BillingMode"] = "PROVISIONED";
    update.description.erase("OnDemandThroughput");
    for (Index& index : update.table.indexes) {
        if (!index.is_global) continue;
        const json::object* wanted = find_index_update(update.request, index.name);
        if (!wanted || !find_object(*wanted, "ProvisionedThroughput")) {
            throw invalid_values("ProvisionedThroughput must be specified for index: " +
                                 index.name);
        }
        GlobalIndexDetails details = GlobalIndexDetails::of(index);
        details.on_demand.clear();
        details.save_in(index);
    }
}

void set_units(json::object& throughput, std::int64_t units) {
    throughput["ReadCapacityUnits"] = units;
    throughput["WriteCapacityUnits"] = units;
}

void enter_on_demand(const Context& ctx, TableUpdate& update) {
    json::object& description = update.description;
    description["BillingModeSummary"] = {
        {"BillingMode", "PAY_PER_REQUEST"},
        {"LastUpdateToPayPerRequestDateTime", to_milliseconds(ctx.now)}};
    set_units(description["ProvisionedThroughput"].as_object(), 0);
    const json::object initial = initial_warm_throughput({true, 0, 0});
    description["WarmThroughput"] =
        greater_warm_throughput(description["WarmThroughput"].as_object(), initial);
    for (Index& index : update.table.indexes) {
        if (!index.is_global) continue;
        GlobalIndexDetails details = GlobalIndexDetails::of(index);
        set_units(details.throughput, 0);
        details.warm = greater_warm_throughput(details.warm, initial);
        details.save_in(index);
    }
}

void set_throughput(const Context& ctx, TableUpdate& update, const json::object& wanted) {
    json::object& current = update.description["ProvisionedThroughput"].as_object();
    current = changed_throughput(ctx, current, wanted);
    json::object& warm = update.description["WarmThroughput"].as_object();
    warm = greater_warm_throughput(warm, initial_warm_throughput(parse_units(current)));
    update.keeps_busy("throughput", usual::kThroughput);
}

void set_billing(const Context& ctx, TableUpdate& update) {
    const json::object* throughput = find_object(update.request, "ProvisionedThroughput");
    if (update.was_on_demand != update.is_on_demand) {
        if (update.is_on_demand) {
            enter_on_demand(ctx, update);
        } else {
            leave_on_demand(update);
        }
        update.keeps_busy("billing", usual::kBilling);
    } else if (throughput && update.is_on_demand) {
        throw invalid_values(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            "PAY_PER_REQUEST");
    }
    if (throughput) set_throughput(ctx, update, *throughput);
}

void set_stream(Context& ctx, TableUpdate& update) {
    const json::object* stream = find_object(update.request, "StreamSpecification");
    if (!stream) return;
    Table& table = update.table;
    const auto view = find_text(*stream, "StreamViewType");
    if (flag_member(*stream, "StreamEnabled")) {
        if (!view) {
            throw invalid_values("If stream is being enabled then UpdateViewType is required");
        }
        if (table.stream) {
            throw validation_error("Table already has an enabled stream: TableName: " + table.name);
        }
        begin_stream(ctx, table, update.description, *view);
    } else {
        if (view) {
            throw invalid_values(
                "If stream is being disabled, then UpdateViewType must not be specified");
        }
        if (!table.stream) {
            throw validation_error("Table has no stream to disable: TableName: " + table.name);
        }
        end_stream(ctx, *table.stream);
        table.stream.reset();
        // LatestStreamArn and LatestStreamLabel stay (facts/dynamodb-kinesis.md 1.14).
        update.description.erase("StreamSpecification");
    }
    update.keeps_busy("stream", usual::kStream);
}

void set_encryption(Context& ctx, TableUpdate& update) {
    const json::object* specification = find_object(update.request, "SSESpecification");
    if (!specification) return;
    auto encryption = encryption_of(ctx, *specification);
    const json::value* current = update.description.if_contains("SSEDescription");
    if (!encryption && !current) throw invalid_values("Table is already encrypted by default");
    const bool is_same_key = current && encryption &&
                             find_member(*specification, "KMSMasterKeyId") &&
                             current->at("KMSMasterKeyArn") == encryption->at("KMSMasterKeyArn");
    if (is_same_key) {
        throw invalid_values(
            "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if "
            "you want to change Master Key");
    }
    update.description.erase("SSEDescription");
    if (encryption) update.description["SSEDescription"] = *std::move(encryption);
}

void set_warm_throughput(Context& ctx, TableUpdate& update) {
    const json::object* wanted = find_object(update.request, "WarmThroughput");
    if (!wanted) return;
    const json::object& current = update.description.at("WarmThroughput").as_object();
    json::object raised = raised_warm_throughput(current, *wanted, WarmFloor::current);
    if (raised == current) return;
    update.settings.warm_soon = std::move(raised);
    settle_warm_throughput_in(ctx, update.table, usual::kWarmThroughput);
}

void set_the_rest(Context& ctx, TableUpdate& update) {
    if (find_member(update.request, "DeletionProtectionEnabled")) {
        update.description["DeletionProtectionEnabled"] =
            flag_member(update.request, "DeletionProtectionEnabled");
    }
    if (const auto table_class = find_text(update.request, "TableClass")) {
        update.description["TableClassSummary"] = {
            {"TableClass", *table_class}, {"LastUpdateDateTime", to_milliseconds(ctx.now)}};
        update.keeps_busy("class", usual::kTableClass);
    }
    check_on_demand_limits(update.request, {update.is_on_demand, true});
    if (const json::object* limits = find_object(update.request, "OnDemandThroughput")) {
        update.description["OnDemandThroughput"] = *limits;
    }
}

}  // namespace

TableUpdate::TableUpdate(const json::object& request, Table existing)
    : request(request),
      table(std::move(existing)),
      description(json::parse(table.description.text()).as_object()),
      settings(TableSettings::of(table)) {
    was_on_demand = dynamodb::is_on_demand(description);
    const std::string mode = text_member(request, "BillingMode");
    is_on_demand = mode.empty() ? was_on_demand : mode == "PAY_PER_REQUEST";
}

void TableUpdate::keeps_busy(std::string_view what, Duration usual) {
    if (!settings.is_updating(what)) settings.updating.emplace_back(what);
    takes = std::max(takes, usual);
    table.status = "UPDATING";
}

json::object update_table(Context& ctx, const json::object& request) {
    refuse_members(request, "UpdateTable", kNotBuilt);
    check_update_request(request);
    TableUpdate update(request, manageable_table(ctx, request));
    check_not_in_the_way(update);

    set_billing(ctx, update);
    set_stream(ctx, update);
    set_encryption(ctx, update);
    set_warm_throughput(ctx, update);
    set_the_rest(ctx, update);
    update_indexes(ctx, update);

    update.table.description = json::serialize(update.description);
    update.settings.save_in(update.table);
    update_table(ctx, update.table);
    if (update.takes > Duration{0}) settle_table_in(ctx, update.table, update.takes);
    return {{"TableDescription", describe(ctx, update.table)}};
}

}  // namespace sbemu::dynamodb
