#include "fakes/dynamodb/table_requests.h"

#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/latency.h"
#include "emulator/core/members.h"
#include "emulator/core/timers.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_settings.h"

namespace sbemu::dynamodb {
namespace json = boost::json;

json::object describe(Context& ctx, const Table& table, bool with_warm_throughput) {
    json::object description = json::parse(table.description.text()).as_object();
    description["TableName"] = table.name;
    description["TableStatus"] = table.status;
    description["ItemCount"] = table.item_count;
    description["TableSizeBytes"] = table.size_bytes;
    json::object& throughput = description["ProvisionedThroughput"].as_object();
    throughput["NumberOfDecreasesToday"] = decreases_today(throughput, to_milliseconds(ctx.now));
    if (with_warm_throughput) {
        const bool is_changing = TableSettings::of(table).warm_soon.has_value();
        description["WarmThroughput"].as_object()["Status"] = is_changing ? "UPDATING" : "ACTIVE";
    } else {
        description.stable_erase("WarmThroughput");
    }
    describe_indexes(ctx, table, with_warm_throughput, description);
    return description;
}

void date_billing(const Table& table, json::object& description) {
    json::value* summary = description.if_contains("BillingModeSummary");
    if (!summary || TableSettings::of(table).is_updating("billing")) return;
    summary->as_object().emplace("LastUpdateToPayPerRequestDateTime",
                                 description.at("CreationDateTime"));
}

// Facts: ack-api-quirks (2026-10), DDB-TABLE-011, 442; which of two faults is told is assumed.
void check_table_arn(const Context& ctx, const json::object& request) {
    const std::string text = text_member(request, "TableName");
    const auto arn = parse_arn(text);
    if (!arn) return;
    const auto refuse = [&](const std::string& what) {
        throw validation_error("1 validation error detected: Invalid " + what + " in '" + text +
                               "'");
    };
    if (arn->partition != "aws") refuse("AWS partition");
    if (arn->service != "dynamodb") refuse("AWS service");  // assumed
    if (arn->region != ctx.caller.region) refuse("AWS region");
    if (!arn->resource.starts_with("table/") || arn->resource.find('/', 6) != std::string::npos) {
        refuse("resource type");
    }
    if (arn->account != ctx.caller.account) {
        throw ApiError("AccessDeniedException", "Access is denied");
    }
}

Table existing_table(Context& ctx, const json::object& request) {
    check_table_arn(ctx, request);
    const std::string name = table_name_of(ctx, request);
    auto table = find_table(ctx, name);
    if (!table) throw table_not_found(name);
    return *std::move(table);
}

Table manageable_table(Context& ctx, const json::object& request) {
    Table table = existing_table(ctx, request);
    if (!TableSettings::of(table).restored_from.empty()) throw table_not_found(table.name);
    return table;
}

std::pair<std::string, std::string> names_in_arn(std::string_view arn) {
    const std::string_view resource = arn.substr(arn.find('/') + 1);
    const auto slash = resource.find('/');
    if (slash == std::string_view::npos) return {std::string(resource), ""};
    return {std::string(resource.substr(0, slash)),
            std::string(resource.substr(resource.rfind('/') + 1))};
}

void check_no_index(const std::string& name, const std::string& arn) {
    if (name.find("/index/") == std::string::npos) return;
    throw invalid_values(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: " +
        arn);
}

Table backed_up_table(Context& ctx, const json::object& request) {
    check_table_arn(ctx, request);
    const std::string name = table_name_of(ctx, request);
    auto table = find_table(ctx, name);
    if (!table || !TableSettings::of(*table).restored_from.empty()) {
        throw backup_table_not_found(name);
    }
    return *std::move(table);
}

ApiError backup_table_not_found(const std::string& name) {
    return {"TableNotFoundException", "Table not found: " + name};
}

ApiError resource_in_use(const std::string& why) {
    return {"ResourceInUseException", "Attempt to change a resource which is still in use: " + why};
}

void check_changeable(const Table& table) {
    if (table.status != "CREATING" && table.status != "DELETING") return;
    throw resource_in_use("Table is being " +
                          std::string(table.status == "CREATING" ? "created" : "deleted") + ": " +
                          table.name);
}

void settle_table_in(Context& ctx, const Table& table, Duration usual) {
    const std::string arn = table_arn(ctx.caller, table.name);
    const Time due = ctx.now + usual_duration(ctx, usual);
    const auto earlier = find_timer(ctx, "dynamodb", "settle", arn);
    if (!earlier || *earlier < due) set_timer(ctx, "dynamodb", "settle", arn, due);
}

void settle_index_in(Context& ctx, const Table& table, const Index& index, Duration usual) {
    set_timer(ctx, "dynamodb", "settle-index", index_arn(ctx.caller, table, index),
              ctx.now + usual_duration(ctx, usual));
}

void settle_warm_throughput_in(Context& ctx, const std::string& arn, Duration usual) {
    set_timer(ctx, "dynamodb", "settle-warm", arn, ctx.now + usual_duration(ctx, usual));
}

void check_table_class(const json::object& request) {
    const auto table_class = find_text(request, "TableClass");
    if (!table_class || *table_class == "STANDARD" ||
        *table_class == "STANDARD_INFREQUENT_ACCESS") {
        return;
    }
    throw validation_error(
        "Invalid table-class parameter provided. Please try again with a valid table-class value: "
        "[STANDARD, STANDARD_INFREQUENT_ACCESS].");
}

}  // namespace sbemu::dynamodb
