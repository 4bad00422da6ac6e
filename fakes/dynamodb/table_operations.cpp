// DescribeTable, ListTables, DeleteTable, DescribeLimits, DescribeEndpoints.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_policies.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/table_tags.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// Texts: ack-api-quirks (2026-10), DDB-TABLE-069, 119, 150, 376.
void check_deletable(const Table& table) {
    check_changeable(table);
    const TableSettings settings = TableSettings::of(table);
    for (const Index& index : table.indexes) {
        if (!index.is_global || index.status == "ACTIVE") continue;
        throw resource_in_use(
            "Cannot delete table while indexes are being created, updated, or deleted.");
    }
    if (settings.is_updating("stream")) {
        throw resource_in_use("Cannot delete table while stream is being enabled/disabled.");
    }
    if (table.status == "UPDATING" || settings.encryption_soon || settings.warm_soon) {
        throw resource_in_use("Table: " + table.name + " is in the process of being updated.");
    }
    if (json::parse(table.description.text()).at("DeletionProtectionEnabled") == true) {
        throw validation_error(
            "Resource cannot be deleted as it is currently protected against deletion. Disable "
            "deletion protection first.");
    }
}

}  // namespace

json::object describe_table(Context& ctx, const json::object& request) {
    const Table table = existing_table(ctx, request);
    json::object description = describe(ctx, table);
    date_billing(table, description);
    return {{"Table", std::move(description)}};
}

json::object list_tables(Context& ctx, const json::object& request) {
    const std::int64_t limit = number_member(request, "Limit", 100);
    const auto names =
        list_table_names(ctx, text_member(request, "ExclusiveStartTableName"), limit + 1);
    json::object reply;
    json::array& page = reply["TableNames"].emplace_array();
    for (const std::string& name : names) {
        if (page.size() == static_cast<std::size_t>(limit)) {
            reply["LastEvaluatedTableName"] = page.back();
            break;
        }
        page.emplace_back(name);
    }
    return reply;
}

json::object delete_table(Context& ctx, const json::object& request) {
    Table table = existing_table(ctx, request);
    check_deletable(table);
    check_tags_settled(ctx, table);
    check_policies_settled(ctx, table);

    table.status = "DELETING";
    if (table.stream) end_stream(ctx, *table.stream);
    table.stream.reset();
    update_table(ctx, table);
    settle_table_in(ctx, table, usual::kDelete);

    json::object description = describe(ctx, table);
    date_billing(table, description);
    json::object reply;
    for (const char* member :
         {"TableName", "TableStatus", "ProvisionedThroughput", "TableSizeBytes", "ItemCount",
          "TableArn", "TableId", "DeletionProtectionEnabled"}) {
        reply[member] = description.at(member);
    }
    if (const json::value* summary = description.if_contains("BillingModeSummary")) {
        reply["BillingModeSummary"] = *summary;
    }
    return {{"TableDescription", std::move(reply)}};
}

json::object describe_limits(Context&, const json::object&) {
    return {{"AccountMaxReadCapacityUnits", kMaxUnitsOfAccount},
            {"AccountMaxWriteCapacityUnits", kMaxUnitsOfAccount},
            {"TableMaxReadCapacityUnits", kMaxUnitsOfTable},
            {"TableMaxWriteCapacityUnits", kMaxUnitsOfTable}};
}

json::object describe_endpoints(Context& ctx, const json::object&) {
    const std::string address = "dynamodb." + ctx.caller.region + ".amazonaws.com";
    return {{"Endpoints",
             json::array{json::object{{"Address", address}, {"CachePeriodInMinutes", 1440}}}}};
}

}  // namespace sbemu::dynamodb
