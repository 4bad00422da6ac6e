#include <boost/json.hpp>

#include "emulator/core/model.h"
#include "fakes/cloudformation/provider.h"

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
constexpr Property kStream[] = {{.name = "StreamViewType", .required = true}};
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
    {.name = "ProvisionedThroughput", .kind = Kind::object, .members = kThroughput}};
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
    {.name = "StreamSpecification", .kind = Kind::object, .members = kStream},
    {.name = "TableClass"},
    {.name = "DeletionProtectionEnabled", .kind = Kind::boolean},
    {.name = "Tags", .kind = Kind::list, .members = kTagMembers},
    {.name = "GlobalSecondaryIndexes", .kind = Kind::list, .members = kGlobalIndex},
    {.name = "LocalSecondaryIndexes",
     .kind = Kind::list,
     .replaces = true,
     .members = kLocalIndex}};

constexpr std::string_view kAttributes[] = {"Arn", "StreamArn"};

json::object table_of(Context& ctx, const std::string& name) {
    return ctx.call("dynamodb", "DescribeTable", {{"TableName", name}})
        .result.at("Table")
        .as_object();
}

// The template says only the view type; the API wants the switch too.
void enable_stream(json::object& request) {
    if (json::value* stream = request.if_contains("StreamSpecification")) {
        stream->as_object()["StreamEnabled"] = true;
    }
}

Progress create(Context& ctx, const ResourceRequest& resource) {
    json::object request = resource.properties;
    if (!request.contains("TableName")) request["TableName"] = generated_name(ctx, resource, 255);
    enable_stream(request);
    const std::string name = text_property(request, "TableName");
    ctx.call("dynamodb", "CreateTable", conform_request("dynamodb", "CreateTable", request));
    return Progress::stabilizing(name);
}

// One UpdateTable call cannot change the stream and the capacity at once on AWS either, but
// takes several changes of settings.
Progress update(Context& ctx, const ResourceRequest& resource) {
    static constexpr std::string_view kUpdatable[] = {"BillingMode", "ProvisionedThroughput",
                                                      "TableClass", "DeletionProtectionEnabled"};
    json::object request{{"TableName", resource.physical_id}};
    for (const std::string_view name : kUpdatable) {
        const json::value* wanted = resource.properties.if_contains(name);
        const json::value* had = resource.old_properties.if_contains(name);
        if (wanted && (!had || *wanted != *had)) request[name] = *wanted;
    }
    const json::value* wanted = resource.properties.if_contains("StreamSpecification");
    const json::value* had = resource.old_properties.if_contains("StreamSpecification");
    if (wanted && !had) {
        request["StreamSpecification"] = *wanted;
        enable_stream(request);
    } else if (!wanted && had) {
        request["StreamSpecification"] = json::object{{"StreamEnabled", false}};
    } else if (wanted && *wanted != *had) {
        throw not_implemented("changing StreamViewType of AWS::DynamoDB::Table in place");
    }
    for (const char* name : {"GlobalSecondaryIndexes", "AttributeDefinitions", "Tags"}) {
        if (resource.properties.contains(name) != resource.old_properties.contains(name) ||
            (resource.properties.contains(name) &&
             resource.properties.at(name) != resource.old_properties.at(name))) {
            throw not_implemented(std::string("changing ") + name + " of AWS::DynamoDB::Table");
        }
    }
    if (request.size() > 1) {
        ctx.call("dynamodb", "UpdateTable", conform_request("dynamodb", "UpdateTable", request));
    }
    return Progress::stabilizing(resource.physical_id);
}

Progress remove(Context& ctx, const ResourceRequest& resource) {
    ctx.call("dynamodb", "DeleteTable", {{"TableName", resource.physical_id}});
    return Progress::done(resource.physical_id);
}

bool stable(Context& ctx, const ResourceRequest& resource, json::object& attributes) {
    const json::object table = table_of(ctx, resource.physical_id);
    if (table.at("TableStatus") != "ACTIVE") return false;
    attributes["Arn"] = table.at("TableArn");
    if (const json::value* stream = table.if_contains("LatestStreamArn")) {
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
