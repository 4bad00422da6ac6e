// UpdateTable: throughput, billing mode, stream, deletion protection, class, encryption.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/table_requests.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kNotBuilt[] = {"GlobalSecondaryIndexUpdates", "ReplicaUpdates",
                                          "MultiRegionConsistency", "WarmThroughput"};
constexpr std::string_view kBuilt[] = {
    "ProvisionedThroughput", "BillingMode", "StreamSpecification",
    "SSESpecification",      "TableClass",  "DeletionProtectionEnabled",
    "OnDemandThroughput"};

void check_something_to_do(const json::object& request) {
    for (const std::string_view member : kBuilt) {
        if (find_member(request, member)) return;
    }
    throw validation_error(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
        "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
        "OnDemandThroughput, WarmThroughput or TableClass is required");
}

void check_billing(const json::object& request) {
    const json::object* throughput = find_object(request, "ProvisionedThroughput");
    const std::string mode = text_member(request, "BillingMode");
    if (mode == "PAY_PER_REQUEST" && throughput) {
        throw invalid_values(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            "PAY_PER_REQUEST");
    }
    if (mode == "PROVISIONED" && !throughput) {
        throw invalid_values(
            "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
    }
    if (!throughput) return;
    check_bounds({mode, number_member(*throughput, "ReadCapacityUnits", 0),
                  number_member(*throughput, "WriteCapacityUnits", 0)});
}

bool is_on_demand(const json::object& description) {
    const json::value* summary = description.if_contains("BillingModeSummary");
    return summary && summary->at("BillingMode") == "PAY_PER_REQUEST";
}

void set_throughput(const Context& ctx, json::object& description, const json::object& wanted) {
    json::object& current = description["ProvisionedThroughput"].as_object();
    const std::int64_t old_reads = number_member(current, "ReadCapacityUnits", 0);
    const std::int64_t old_writes = number_member(current, "WriteCapacityUnits", 0);
    const std::int64_t reads = number_member(wanted, "ReadCapacityUnits", old_reads);
    const std::int64_t writes = number_member(wanted, "WriteCapacityUnits", old_writes);
    if (reads == old_reads && writes == old_writes) {
        throw validation_error(
            "The provisioned throughput for the table will not change. The requested value equals "
            "the current value. Current ReadCapacityUnits provisioned for the table: " +
            std::to_string(old_reads) + ". Requested ReadCapacityUnits: " + std::to_string(reads) +
            ". Current WriteCapacityUnits provisioned for the table: " +
            std::to_string(old_writes) +
            ". Requested WriteCapacityUnits: " + std::to_string(writes) +
            ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request "
            "higher limits.");
    }
    const std::int64_t now = to_milliseconds(ctx.now);
    if (reads < old_reads || writes < old_writes) {
        static constexpr std::int64_t kDay = 86'400'000;
        const bool again_today =
            number_member(current, "LastDecreaseDateTime", -kDay) / kDay == now / kDay;
        const std::int64_t before =
            again_today ? number_member(current, "NumberOfDecreasesToday", 0) : 0;
        current["LastDecreaseDateTime"] = now;
        current["NumberOfDecreasesToday"] = before + 1;
    }
    if (reads > old_reads || writes > old_writes) current["LastIncreaseDateTime"] = now;
    current["ReadCapacityUnits"] = reads;
    current["WriteCapacityUnits"] = writes;
}

void set_billing(const Context& ctx, json::object& description, const json::object& request) {
    const std::string mode = text_member(request, "BillingMode");
    const json::object* throughput = find_object(request, "ProvisionedThroughput");
    if (mode == "PAY_PER_REQUEST" && !is_on_demand(description)) {
        description["BillingModeSummary"] = {
            {"BillingMode", mode}, {"LastUpdateToPayPerRequestDateTime", to_milliseconds(ctx.now)}};
        json::object& current = description["ProvisionedThroughput"].as_object();
        current["ReadCapacityUnits"] = 0;
        current["WriteCapacityUnits"] = 0;
    } else if (mode == "PROVISIONED" && is_on_demand(description)) {
        description["BillingModeSummary"].as_object()["BillingMode"] = mode;
    } else if (mode.empty() && throughput && is_on_demand(description)) {
        throw invalid_values(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            "PAY_PER_REQUEST");
    }
    if (throughput) set_throughput(ctx, description, *throughput);
}

void enable_stream(Context& ctx, Table& table, json::object& description,
                   const std::optional<std::string>& view) {
    if (!view) throw invalid_values("If stream is being enabled then UpdateViewType is required");
    if (table.stream) {
        throw validation_error("Table already has an enabled stream: TableName: " + table.name);
    }
    const Stream stream = begin_stream(ctx, table.name, *view, description.at("KeySchema"));
    table.stream = stream.id;
    description["StreamSpecification"] = {{"StreamEnabled", true}, {"StreamViewType", *view}};
    description["LatestStreamLabel"] = stream.label;
    description["LatestStreamArn"] = stream.arn;
}

void disable_stream(Context& ctx, Table& table, json::object& description,
                    const std::optional<std::string>& view) {
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
    description.erase("StreamSpecification");
}

void set_encryption(Context& ctx, json::object& description, const json::object& request) {
    const json::object* specification = find_object(request, "SSESpecification");
    if (!specification) return;
    description.erase("SSEDescription");
    if (auto encryption = encryption_of(ctx, *specification)) {
        description["SSEDescription"] = *std::move(encryption);
    }
}

}  // namespace

json::object update_table(Context& ctx, const json::object& request) {
    refuse_members(request, "UpdateTable", kNotBuilt);
    check_something_to_do(request);
    check_billing(request);
    check_table_class(request);
    Table table = existing_table(ctx, request);
    check_changeable(table);

    json::object description = json::parse(table.description).as_object();
    set_billing(ctx, description, request);
    if (const json::object* stream = find_object(request, "StreamSpecification")) {
        const auto view = find_text(*stream, "StreamViewType");
        const bool enable = flag_member(*stream, "StreamEnabled");
        (enable ? enable_stream : disable_stream)(ctx, table, description, view);
    }
    set_encryption(ctx, description, request);
    if (find_member(request, "DeletionProtectionEnabled")) {
        description["DeletionProtectionEnabled"] =
            flag_member(request, "DeletionProtectionEnabled");
    }
    if (const auto table_class = find_text(request, "TableClass")) {
        description["TableClassSummary"] = {{"TableClass", *table_class},
                                            {"LastUpdateDateTime", to_milliseconds(ctx.now)}};
    }
    if (const json::object* limits = find_object(request, "OnDemandThroughput")) {
        description["OnDemandThroughput"] = *limits;
    }
    table.description = json::serialize(description);
    table.status = "UPDATING";
    update_table(ctx, table);
    settle_soon(ctx, table);
    return {{"TableDescription", describe(table)}};
}

}  // namespace sbemu::dynamodb
