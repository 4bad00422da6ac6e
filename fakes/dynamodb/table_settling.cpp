// The timers with which tables and indexes reach the states they are on the way to.
#include <algorithm>
#include <boost/json.hpp>

#include "fakes/dynamodb/backups.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_policies.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/table_update.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// Indexes that were made with the table are complete with it.
void complete_first_indexes(Table& table) {
    for (Index& index : table.indexes) {
        if (index.status == "CREATING" && !GlobalIndexDetails::of(index).backfilling) {
            index.status = "ACTIVE";
        }
    }
}

// The units, the class and the billing mode that the table is UPDATING to. What is warm never gets
// less (DDB-TABLE-064, 284).
void complete_update(const Context& ctx, Table& table, TableSettings& settings,
                     json::object& description) {
    const std::int64_t now = to_milliseconds(ctx.now);
    if (settings.throughput_soon) {
        description["ProvisionedThroughput"] = *std::move(settings.throughput_soon);
        settings.throughput_soon.reset();
    }
    const bool enters_on_demand = settings.is_updating("billing") && is_on_demand(description);
    Billing billing = parse_units(description.at("ProvisionedThroughput").as_object());
    billing.is_on_demand = enters_on_demand;
    const json::object initial = initial_warm_throughput(billing);
    json::object& warm = description["WarmThroughput"].as_object();
    warm = greater_warm_throughput(warm, initial);
    if (enters_on_demand) {
        description["BillingModeSummary"].as_object()["LastUpdateToPayPerRequestDateTime"] = now;
        for (Index& index : table.indexes) {
            if (!index.is_global) continue;
            GlobalIndexDetails details = GlobalIndexDetails::of(index);
            details.warm = greater_warm_throughput(details.warm, initial);
            details.save_in(index);
        }
    }
    if (!settings.class_soon.empty()) {
        description["TableClassSummary"] = {{"TableClass", settings.class_soon},
                                            {"LastUpdateDateTime", now}};
        settings.class_soon.clear();
    }
}

void complete_index(Index& index) {
    GlobalIndexDetails details = GlobalIndexDetails::of(index);
    details.on_demand = without_ended_limits(details.on_demand);
    if (details.throughput_soon) {
        details.throughput = *std::move(details.throughput_soon);
        details.throughput_soon.reset();
    }
    const json::object warm = initial_warm_throughput(parse_units(details.throughput));
    details.warm = greater_warm_throughput(details.warm, warm);
    details.backfilling.reset();
    details.save_in(index);
    index.status = "ACTIVE";
}

void remove_index(Context& ctx, Table& table, const std::string& name) {
    const auto index = std::find_if(table.indexes.begin(), table.indexes.end(),
                                    [&](const Index& each) { return each.name == name; });
    empty_index(ctx, table, *index);
    table.indexes.erase(index);
    prune_definitions(table);
}

}  // namespace

void settle_table(Context& ctx, std::string_view arn) {
    auto table = find_table(ctx, names_in_arn(arn).first);
    if (!table) return;
    settle_streams(ctx, table->name);
    if (table->status == "DELETING") {
        // What counts is whether it is kept then, not when it was deleted (DDB-TABLE-088, 167,
        // 453).
        if (table->recovery_from) back_up_deleted(ctx, *table);
        erase_policies(ctx, table_arn(ctx.caller, table->name));
        return erase_table(ctx, *table);
    }
    TableSettings settings = TableSettings::of(*table);
    json::object description = json::parse(table->description.text()).as_object();
    complete_update(ctx, *table, settings, description);
    settings.updating.clear();
    settings.restored_from.clear();
    description.erase("RestoreSummary");
    table->description = json::serialize(description);
    complete_first_indexes(*table);
    settings.save_in(*table);
    table->status = "ACTIVE";
    update_table(ctx, *table);
}

void settle_index(Context& ctx, std::string_view arn) {
    const auto [table_name, index_name] = names_in_arn(arn);
    auto table = find_table(ctx, table_name);
    if (!table) return;
    const auto index =
        std::find_if(table->indexes.begin(), table->indexes.end(),
                     [&, name = index_name](const Index& each) { return each.name == name; });
    if (index == table->indexes.end()) return;
    GlobalIndexDetails details = GlobalIndexDetails::of(*index);
    if (index->status == "DELETING") {
        remove_index(ctx, *table, index_name);
    } else if (index->status == "CREATING" && details.backfilling == false) {
        details.backfilling = true;
        details.save_in(*index);
        settle_index_in(ctx, *table, *index, usual::kBackfillIndex);
    } else {
        complete_index(*index);
    }
    update_table(ctx, *table);
}

// Something else may have raised it meanwhile.
void settle_warm_throughput(Context& ctx, std::string_view arn) {
    const auto [table_name, index_name] = names_in_arn(arn);
    auto table = find_table(ctx, table_name);
    if (!table) return;
    if (index_name.empty()) {
        TableSettings settings = TableSettings::of(*table);
        if (!settings.warm_soon) return;
        json::object description = json::parse(table->description.text()).as_object();
        json::object& warm = description["WarmThroughput"].as_object();
        warm = greater_warm_throughput(warm, *settings.warm_soon);
        table->description = json::serialize(description);
        settings.warm_soon.reset();
        settings.save_in(*table);
    }
    for (Index& index : table->indexes) {
        if (!index.is_global || index.name != index_name) continue;
        GlobalIndexDetails details = GlobalIndexDetails::of(index);
        if (!details.warm_soon) return;
        details.warm = greater_warm_throughput(details.warm, *details.warm_soon);
        details.warm_soon.reset();
        details.save_in(index);
    }
    update_table(ctx, *table);
}

}  // namespace sbemu::dynamodb
