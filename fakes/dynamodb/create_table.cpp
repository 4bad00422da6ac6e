// CreateTable answers CREATING; a timer due now makes the table ACTIVE.
#include <boost/json.hpp>
#include <set>

#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/table_requests.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kNotBuilt[] = {"LocalSecondaryIndexes", "GlobalSecondaryIndexes",
                                          "ResourcePolicy", "GlobalTableSourceArn"};

struct CreateTableRequest {
    std::string name;
    KeyAttribute partition;
    std::optional<KeyAttribute> sort;
    Billing billing;
    std::optional<std::string> stream_view;

    static CreateTableRequest parse(const json::object& request);
};

const json::array& array_of(const json::object& request, std::string_view member) {
    static const json::array kNothing;
    const json::array* array = find_array(request, member);
    return array ? *array : kNothing;
}

Billing parse_billing(const json::object& request) {
    Billing billing;
    billing.mode = text_member(request, "BillingMode", "PROVISIONED");
    const json::object* throughput = find_object(request, "ProvisionedThroughput");
    if (billing.mode == "PAY_PER_REQUEST") {
        if (!throughput) return billing;
        throw invalid_values(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            "PAY_PER_REQUEST");
    }
    if (!throughput) {
        throw invalid_values(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
            "PROVISIONED");
    }
    billing.read_units = number_member(*throughput, "ReadCapacityUnits", 0);
    billing.write_units = number_member(*throughput, "WriteCapacityUnits", 0);
    check_bounds(billing);
    return billing;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return "[" + text + "]";
}

std::vector<std::string> names_in(const json::array& elements) {
    std::vector<std::string> names;
    for (const json::value& element : elements) {
        names.push_back(text_member(element.as_object(), "AttributeName"));
    }
    return names;
}

std::string type_in(const json::array& definitions, const std::string& name) {
    for (const json::value& definition : definitions) {
        if (text_member(definition.as_object(), "AttributeName") == name) {
            return text_member(definition.as_object(), "AttributeType");
        }
    }
    return "";
}

// The order of these checks is dynalite's (facts/dynamodb-kinesis.md 1.14).
void check_keys(const json::object& request) {
    const json::array& definitions = array_of(request, "AttributeDefinitions");
    const json::array& schema = array_of(request, "KeySchema");
    const std::vector<std::string> keys = names_in(schema);
    const std::vector<std::string> defined = names_in(definitions);
    std::set<std::string> seen;
    for (const std::string& name : defined) {
        if (!seen.insert(name).second) {
            throw validation_error("Attribute Name is duplicated: " + name);
        }
    }
    const auto type_of_key = [&](std::size_t i) {
        return text_member(schema[i].as_object(), "KeyType");
    };
    if (keys.empty() || type_of_key(0) != "HASH") {
        throw validation_error(
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    }
    if (keys.size() > 1 && keys[0] == keys[1]) {
        throw validation_error(
            "Invalid KeySchema: Both the Hash Key and the Range Key element in the KeySchema have "
            "the same name");
    }
    if (keys.size() > 1 && type_of_key(1) != "RANGE") {
        throw validation_error(
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    }
    for (const std::string& key : keys) {
        if (seen.contains(key)) continue;
        throw invalid_values(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: " +
            listed(keys) + ", AttributeDefinitions: " + listed(defined));
    }
}

void check_every_definition_is_used(const json::object& request) {
    if (array_of(request, "AttributeDefinitions").size() == array_of(request, "KeySchema").size()) {
        return;
    }
    throw invalid_values(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
}

void check_indexes(const json::object& request) {
    for (const std::string member : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
        const json::array* indexes = find_array(request, member);
        if (indexes && indexes->empty()) throw invalid_values("List of " + member + " is empty");
    }
    refuse_members(request, "CreateTable", kNotBuilt);
}

std::optional<std::string> parse_stream_view(const json::object& request) {
    const json::object* specification = find_object(request, "StreamSpecification");
    if (!specification) return std::nullopt;
    const auto view = find_text(*specification, "StreamViewType");
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

CreateTableRequest CreateTableRequest::parse(const json::object& request) {
    CreateTableRequest parsed;
    parsed.name = text_member(request, "TableName");
    parsed.billing = parse_billing(request);
    check_keys(request);
    check_indexes(request);
    check_every_definition_is_used(request);
    parsed.stream_view = parse_stream_view(request);
    check_table_class(request);
    const json::array& definitions = array_of(request, "AttributeDefinitions");
    const std::vector<std::string> keys = names_in(array_of(request, "KeySchema"));
    parsed.partition = {keys[0], type_in(definitions, keys[0])};
    if (keys.size() > 1) parsed.sort = KeyAttribute{keys[1], type_in(definitions, keys[1])};
    return parsed;
}

json::object first_description(Context& ctx, const json::object& request,
                               const CreateTableRequest& parsed) {
    const std::int64_t now = to_milliseconds(ctx.now);
    json::object description{
        {"AttributeDefinitions", request.at("AttributeDefinitions")},
        {"KeySchema", request.at("KeySchema")},
        {"CreationDateTime", now},
        {"ProvisionedThroughput",
         {{"NumberOfDecreasesToday", 0},
          {"ReadCapacityUnits", parsed.billing.read_units},
          {"WriteCapacityUnits", parsed.billing.write_units}}},
        {"TableArn", table_arn(ctx.caller, parsed.name)},
        {"TableId", ctx.random.uuid()},
        {"DeletionProtectionEnabled", flag_member(request, "DeletionProtectionEnabled")}};
    if (parsed.billing.mode == "PAY_PER_REQUEST") {
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
    if (const json::object* limits = find_object(request, "OnDemandThroughput")) {
        description["OnDemandThroughput"] = *limits;
    }
    return description;
}

}  // namespace

json::object create_table(Context& ctx, const json::object& request) {
    const CreateTableRequest parsed = CreateTableRequest::parse(request);
    if (find_table(ctx, parsed.name)) {
        throw ApiError("ResourceInUseException", "Table already exists: " + parsed.name);
    }

    json::object description = first_description(ctx, request, parsed);
    Table table;
    table.name = parsed.name;
    table.status = "CREATING";
    table.partition = parsed.partition;
    table.sort = parsed.sort;
    if (parsed.stream_view) {
        const Stream stream =
            begin_stream(ctx, table.name, *parsed.stream_view, request.at("KeySchema"));
        table.stream = stream.id;
        description["StreamSpecification"] = {{"StreamEnabled", true},
                                              {"StreamViewType", stream.view_type}};
        description["LatestStreamLabel"] = stream.label;
        description["LatestStreamArn"] = stream.arn;
    }
    table.description = json::serialize(description);
    table.id = insert_table(ctx, table);
    for (const json::value& tag : array_of(request, "Tags")) {
        put_tag(ctx, table, text_member(tag.as_object(), "Key"),
                text_member(tag.as_object(), "Value"));
    }
    settle_soon(ctx, table);
    return {{"TableDescription", describe(table)}};
}

}  // namespace sbemu::dynamodb
