#include "fakes/cloudformation/provider_dynamodb_table.h"

#include <boost/json.hpp>

#include "emulator/core/latency.h"
#include "emulator/core/model.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr Property kAttributeDefinition[] = {{.name = "AttributeName", .required = true},
                                             {.name = "AttributeType", .required = true}};
constexpr Property kKeyElement[] = {{.name = "AttributeName", .required = true},
                                    {.name = "KeyType", .required = true}};
constexpr Property kThroughput[] = {
    {.name = "ReadCapacityUnits", .kind = Kind::integer, .required = true},
    {.name = "WriteCapacityUnits", .kind = Kind::integer, .required = true}};
constexpr Property kOnDemand[] = {{.name = "MaxReadRequestUnits", .kind = Kind::integer},
                                  {.name = "MaxWriteRequestUnits", .kind = Kind::integer}};
constexpr Property kWarm[] = {{.name = "ReadUnitsPerSecond", .kind = Kind::integer},
                              {.name = "WriteUnitsPerSecond", .kind = Kind::integer}};
constexpr Property kStream[] = {{.name = "StreamViewType", .required = true}};
constexpr Property kEncryption[] = {{.name = "SSEEnabled", .kind = Kind::boolean, .required = true},
                                    {.name = "SSEType"},
                                    {.name = "KMSMasterKeyId"}};
constexpr Property kTimeToLive[] = {{.name = "AttributeName"},
                                    {.name = "Enabled", .kind = Kind::boolean, .required = true}};
constexpr Property kRecovery[] = {{.name = "PointInTimeRecoveryEnabled", .kind = Kind::boolean},
                                  {.name = "RecoveryPeriodInDays", .kind = Kind::integer}};
constexpr Property kPolicy[] = {
    {.name = "PolicyDocument", .kind = Kind::document, .required = true}};
constexpr Property kInsights[] = {{.name = "Enabled", .kind = Kind::boolean, .required = true},
                                  {.name = "Mode"}};
constexpr Property kDestination[] = {{.name = "StreamArn", .required = true},
                                     {.name = "ApproximateCreationDateTimePrecision"}};
constexpr Property kProjection[] = {{.name = "ProjectionType"},
                                    {.name = "NonKeyAttributes", .kind = Kind::list}};
constexpr Property kLocalIndex[] = {
    {.name = "IndexName", .required = true},
    {.name = "KeySchema", .kind = Kind::list, .required = true, .members = kKeyElement},
    {.name = "Projection", .kind = Kind::object, .required = true, .members = kProjection}};
constexpr Property kGlobalIndex[] = {
    kLocalIndex[0],
    kLocalIndex[1],
    kLocalIndex[2],
    {.name = "ProvisionedThroughput", .kind = Kind::object, .members = kThroughput},
    {.name = "OnDemandThroughput", .kind = Kind::object, .members = kOnDemand},
    {.name = "WarmThroughput", .kind = Kind::object, .members = kWarm},
    {.name = "ContributorInsightsSpecification", .kind = Kind::object, .members = kInsights}};
constexpr Property kProperties[] = {
    {.name = "TableName", .replaces = true},
    {.name = "AttributeDefinitions", .kind = Kind::list, .members = kAttributeDefinition},
    {.name = "KeySchema",
     .kind = Kind::list,
     .required = true,
     .replaces = true,
     .members = kKeyElement},
    {.name = "BillingMode"},
    {.name = "ProvisionedThroughput", .kind = Kind::object, .members = kThroughput},
    {.name = "OnDemandThroughput", .kind = Kind::object, .members = kOnDemand},
    {.name = "WarmThroughput", .kind = Kind::object, .members = kWarm},
    {.name = "StreamSpecification", .kind = Kind::object, .members = kStream},
    {.name = "SSESpecification", .kind = Kind::object, .members = kEncryption},
    {.name = "TimeToLiveSpecification", .kind = Kind::object, .members = kTimeToLive},
    {.name = "PointInTimeRecoverySpecification", .kind = Kind::object, .members = kRecovery},
    {.name = "ContributorInsightsSpecification", .kind = Kind::object, .members = kInsights},
    {.name = "KinesisStreamSpecification", .kind = Kind::object, .members = kDestination},
    {.name = "ResourcePolicy", .kind = Kind::object, .members = kPolicy},
    {.name = "TableClass"},
    {.name = "DeletionProtectionEnabled", .kind = Kind::boolean},
    {.name = "Tags", .kind = Kind::list, .members = kTagMembers},
    {.name = "GlobalSecondaryIndexes", .kind = Kind::list, .members = kGlobalIndex},
    {.name = "LocalSecondaryIndexes",
     .kind = Kind::list,
     .replaces = true,
     .members = kLocalIndex}};

constexpr std::string_view kAttributes[] = {"Arn", "StreamArn"};

// Nothing if there is no such table.
std::optional<json::object> find_table(Context& ctx, const std::string& name) {
    auto answer = ctx.try_call("dynamodb", "DescribeTable", {{"TableName", name}});
    if (const auto* error = std::get_if<ApiError>(&answer)) {
        if (error->code == "ResourceNotFoundException") return std::nullopt;
        throw *error;
    }
    return std::get<Outcome>(answer).result.at("Table").as_object();
}

bool is_active(const json::object& table) {
    if (table.at("TableStatus") != "ACTIVE") return false;
    const json::value* encryption = table.if_contains("SSEDescription");
    if (encryption && encryption->at("Status") == "UPDATING") return false;
    const json::value* indexes = table.if_contains("GlobalSecondaryIndexes");
    if (!indexes) return true;
    for (const json::value& index : indexes->as_array()) {
        if (index.at("IndexStatus") != "ACTIVE") return false;
    }
    return true;
}

Progress create(Context& ctx, const ResourceRequest& resource) {
    json::object request = create_table_request(resource);
    if (!request.contains("TableName")) request["TableName"] = generated_name(ctx, resource, 255);
    const std::string name = text_property(request, "TableName");
    ctx.call("dynamodb", "CreateTable", conform_request("dynamodb", "CreateTable", request));
    return Progress::stabilizing(name);
}

// UpdateTable takes one change at a time; `stable` makes those that are left.
Progress update(Context& ctx, const ResourceRequest& resource) {
    check_index_changes(resource);
    const auto table = find_table(ctx, resource.physical_id);
    if (table && is_active(*table)) take_next_step(ctx, resource, *table);
    return Progress::stabilizing(resource.physical_id);
}

// Whether the table goes; what is under way with it may not let it yet.
bool delete_table(Context& ctx, const std::string& name) {
    const auto answer = ctx.try_call("dynamodb", "DeleteTable", {{"TableName", name}});
    const auto* error = std::get_if<ApiError>(&answer);
    if (error && error->code != "ResourceInUseException") throw *error;
    return !error;
}

// It is gone with the next event, unless tables take their time.
Progress remove(Context& ctx, const ResourceRequest& resource) {
    const auto table = find_table(ctx, resource.physical_id);
    if (!table) return Progress::done(resource.physical_id);
    const bool is_gone = delete_table(ctx, resource.physical_id);
    return is_gone && latency_of(ctx.store) == Latency::none
               ? Progress::done(resource.physical_id)
               : Progress::stabilizing(resource.physical_id, {{"TableId", table->at("TableId")}});
}

// Another table may have the name meanwhile.
bool is_gone(Context& ctx, const ResourceRequest& resource, const json::object& table) {
    if (!is_same(resource.noted, table, "TableId")) return true;
    if (is_active(table)) delete_table(ctx, resource.physical_id);
    return false;
}

// A table that is not there any more was deleted.
bool stable(Context& ctx, const ResourceRequest& resource, json::object& attributes) {
    const auto table = find_table(ctx, resource.physical_id);
    if (!table) return true;
    if (resource.is_deletion) return is_gone(ctx, resource, *table);
    if (!is_active(*table) || take_next_step(ctx, resource, *table)) return false;
    attributes["Arn"] = table->at("TableArn");
    if (const json::value* stream = table->if_contains("LatestStreamArn")) {
        attributes["StreamArn"] = *stream;
    }
    return true;
}

}  // namespace

// Ref: the table's name.
const Provider& dynamodb_table_provider() {
    static constexpr Provider kProvider{"AWS::DynamoDB::Table",
                                        kProperties,
                                        "TableName",
                                        kAttributes,
                                        create,
                                        update,
                                        remove,
                                        stable};
    return kProvider;
}

}  // namespace sbemu::cloudformation
