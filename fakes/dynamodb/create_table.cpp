// CreateTable answers CREATING; a timer makes the table ACTIVE. The order of the checks:
// facts/dynamodb-kinesis.md 1.14 and ack-api-quirks (2026-10), DDB-TABLE-127.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/policy_document.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/table_encryption.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_keys.h"
#include "fakes/dynamodb/table_policies.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_reservations.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/table_tags.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kNotBuilt[] = {"GlobalTableSourceArn",
                                          "GlobalTableSettingsReplicationMode"};

struct CreateTableRequest {
    std::string name;
    std::vector<KeyAttribute> definitions;
    Keys keys;
    Billing billing;
    std::vector<Index> indexes;
    json::object warm;
    std::optional<std::string> stream_view;
    std::optional<std::string> policy;

    static CreateTableRequest parse(Context& ctx, const json::object& request);
};

Billing parse_billing(const json::object& request) {
    const json::object* throughput = find_object(request, "ProvisionedThroughput");
    if (text_member(request, "BillingMode") == "PAY_PER_REQUEST") {
        if (!throughput) return {true, 0, 0};
        throw invalid_values(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            "PAY_PER_REQUEST");
    }
    if (!throughput) {
        throw invalid_values(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
            "PROVISIONED");
    }
    return parse_units(*throughput);
}

void check_keys(const json::object& request, const std::vector<KeyAttribute>& definitions) {
    // ack-api-quirks (2026-10), DDB-TABLE-042.
    for (const auto& [member, name] : {std::pair("AttributeDefinitions", "attributeDefinitions"),
                                       std::pair("KeySchema", "keySchema")}) {
        if (find_member(request, member)) continue;
        throw validation_error("1 validation error detected: Value null at '" + std::string(name) +
                               "' failed to satisfy constraint: Member must not be null");
    }
    const json::array& schema = array_of(request, "KeySchema");
    if (schema.size() > definitions.size()) {
        throw validation_error("Invalid KeySchema: Some index key attribute have no definition");
    }
    check_keys_are_defined(schema, definitions);
    check_simple_keys(schema);
    const bool has_indexes = find_array(request, "LocalSecondaryIndexes") ||
                             find_array(request, "GlobalSecondaryIndexes");
    if (has_indexes || schema.size() == definitions.size()) return;
    throw invalid_values(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
}

json::object parse_warm_throughput(const Context& ctx, const json::object& request,
                                   const Billing& billing) {
    json::object initial = initial_warm_throughput(billing);
    const json::object* wanted = find_object(request, "WarmThroughput");
    if (!wanted) return initial;
    return raised_warm_throughput(
        ctx, initial, *wanted,
        billing.is_on_demand ? WarmFloor::initial_on_demand : WarmFloor::provisioned);
}

std::optional<std::string> parse_stream_view(const json::object& request) {
    const json::object* specification = find_object(request, "StreamSpecification");
    if (!specification) return std::nullopt;
    auto view = find_text(*specification, "StreamViewType");
    const bool enabled = flag_member(*specification, "StreamEnabled");
    if (enabled && !view) {
        throw invalid_values(
            "Table is being created with a stream enabled, UpdateViewType is required");
    }
    if (!enabled && view) {
        throw invalid_values(
            "Table is being created with a stream disabled, UpdateViewType should not be "
            "specified");
    }
    return view;
}

CreateTableRequest CreateTableRequest::parse(Context& ctx, const json::object& request) {
    refuse_members(request, "CreateTable", kNotBuilt);
    CreateTableRequest parsed;
    parsed.name = text_member(request, "TableName");
    parsed.billing = parse_billing(request);
    parsed.definitions = parse_definitions(request);
    check_keys(request, parsed.definitions);
    if (find_array(request, "LocalSecondaryIndexes") ||
        find_array(request, "GlobalSecondaryIndexes")) {
        parsed.indexes = parse_indexes(ctx, request, parsed.definitions, parsed.billing);
    }
    check_on_demand_limits(ctx, request, {parsed.billing.is_on_demand});
    parsed.warm = parse_warm_throughput(ctx, request, parsed.billing);
    parsed.stream_view = parse_stream_view(request);
    check_table_class(request);
    check_tags(array_of(request, "Tags"), {});
    if (const auto policy = find_text(request, "ResourcePolicy")) {
        parsed.policy = canonical_policy(*policy, PolicyTarget::table);
    }
    parsed.keys = parse_keys(array_of(request, "KeySchema"), parsed.definitions);
    check_limits(ctx, parsed.billing);
    return parsed;
}

json::object first_description(Context& ctx, const json::object& request,
                               const CreateTableRequest& parsed) {
    json::object description{
        {"AttributeDefinitions", describe_definitions(parsed.definitions)},
        {"KeySchema", describe_keys(parsed.keys)},
        {"CreationDateTime", to_milliseconds(ctx.now)},
        {"ProvisionedThroughput", new_throughput(parsed.billing)},
        {"WarmThroughput", parsed.warm},
        {"TableArn", table_arn(ctx.caller, parsed.name)},
        {"TableId", ctx.random.uuid()},
        {"DeletionProtectionEnabled", flag_member(request, "DeletionProtectionEnabled")}};
    if (parsed.billing.is_on_demand) {
        description["BillingModeSummary"] = {{"BillingMode", "PAY_PER_REQUEST"}};
    }
    if (const json::object* encryption = find_object(request, "SSESpecification")) {
        if (auto sse = encryption_of(ctx, *encryption)) {
            description["SSEDescription"] = *std::move(sse);
        }
    }
    if (const auto table_class = find_text(request, "TableClass")) {
        description["TableClassSummary"] = {{"TableClass", *table_class}};
    }
    const json::object* limits = find_object(request, "OnDemandThroughput");
    if (limits && !limits->empty()) description["OnDemandThroughput"] = *limits;
    return description;
}

// ack-api-quirks (2026-10), DDB-TABLE-005 and 444.
void check_is_new(Context& ctx, const std::string& name) {
    const auto table = find_table(ctx, name);
    if (!table) return;
    const bool is_restoring = !TableSettings::of(*table).restored_from.empty();
    if (table->status == "CREATING" && !is_restoring) check_changeable(*table);
    throw ApiError("ResourceInUseException",
                   (is_restoring ? "Table is being used: " : "Table already exists: ") + name);
}

}  // namespace

json::object create_table(Context& ctx, const json::object& request) {
    const CreateTableRequest parsed = CreateTableRequest::parse(ctx, request);
    check_is_new(ctx, parsed.name);

    json::object description = first_description(ctx, request, parsed);
    Table table;
    table.name = parsed.name;
    table.status = "CREATING";
    table.partition = parsed.keys.partition.front();
    if (!parsed.keys.sort.empty()) table.sort = parsed.keys.sort.front();
    table.indexes = parsed.indexes;
    if (parsed.stream_view) {
        begin_stream(ctx, table, description, *parsed.stream_view);
    }
    TableSettings settings;
    settings.next_index = static_cast<std::int64_t>(table.indexes.size()) + 1;
    settings.save_in(table);
    table.description = json::serialize(description);
    table.id = insert_table(ctx, table);
    check_account_limits(ctx, {}, table.name);
    put_tags(ctx, table, array_of(request, "Tags"));
    if (parsed.policy) put_policy(ctx, table_arn(ctx.caller, table.name), *parsed.policy);
    settle_table_in(ctx, table, table.indexes.empty() ? usual::kCreate : usual::kCreateWithIndexes);
    json::object reply;
    json::object& answered = reply["TableDescription"].emplace_object();
    answered = describe(ctx, table, false);
    if (find_object(request, "WarmThroughput")) {  // else it is not told yet (DDB-TABLE-032, 033)
        answered["WarmThroughput"] = parsed.warm;
        answered["WarmThroughput"].as_object()["Status"] = "UPDATING";
    }
    return reply;
}

}  // namespace sbemu::dynamodb
