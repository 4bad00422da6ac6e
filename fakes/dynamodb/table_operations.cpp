// DescribeTable, ListTables, DeleteTable, and the timer that settles tables.
#include <boost/json.hpp>

#include "emulator/core/check.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// facts/dynamodb-kinesis.md 1.14: fixed on demand, else what is provisioned.
json::object warm_throughput(const json::object& description) {
    if (description.contains("BillingModeSummary") &&
        description.at("BillingModeSummary").at("BillingMode") == "PAY_PER_REQUEST") {
        return {{"ReadUnitsPerSecond", 12000}, {"WriteUnitsPerSecond", 4000}, {"Status", "ACTIVE"}};
    }
    const json::value& throughput = description.at("ProvisionedThroughput");
    return {{"ReadUnitsPerSecond", throughput.at("ReadCapacityUnits")},
            {"WriteUnitsPerSecond", throughput.at("WriteCapacityUnits")},
            {"Status", "ACTIVE"}};
}

}  // namespace

json::object describe_table(Context& ctx, const json::object& request) {
    const Table table = existing_table(ctx, request);
    json::object description = describe(table);
    description["WarmThroughput"] = warm_throughput(description);
    if (json::value* summary = description.if_contains("BillingModeSummary")) {
        summary->as_object().emplace("LastUpdateToPayPerRequestDateTime",
                                     description.at("CreationDateTime"));
    }
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
    check_changeable(table);
    const json::object full = describe(table);
    if (full.at("DeletionProtectionEnabled") == true) {
        throw validation_error(
            "Resource cannot be deleted as it is currently protected against deletion. Disable "
            "deletion protection first.");
    }

    table.status = "DELETING";
    if (table.stream) end_stream(ctx, *table.stream);
    table.stream.reset();
    update_table(ctx, table);
    settle_soon(ctx, table);

    json::object description = describe(table);
    json::object reply;
    for (const char* member :
         {"TableName", "TableStatus", "ProvisionedThroughput", "TableSizeBytes", "ItemCount",
          "TableArn", "TableId", "DeletionProtectionEnabled"}) {
        reply[member] = description.at(member);
    }
    return {{"TableDescription", std::move(reply)}};
}

void settle_table(Context& ctx, std::string_view arn) {
    auto table = find_table(ctx, arn.substr(arn.find('/') + 1));
    SBEMU_CHECK(table);  // only this timer removes tables
    settle_streams(ctx, table->name);
    if (table->status == "DELETING") {
        erase_table(ctx, *table);
    } else {
        table->status = "ACTIVE";
        update_table(ctx, *table);
    }
}

}  // namespace sbemu::dynamodb
