#include <boost/json.hpp>

#include "emulator/core/model.h"
#include "fakes/cloudformation/provider.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr Property kModeDetails[] = {{.name = "StreamMode", .required = true}};
constexpr Property kProperties[] = {
    {.name = "Name", .replaces = true},
    {.name = "ShardCount", .kind = Kind::integer},
    {.name = "StreamModeDetails", .kind = Kind::object, .members = kModeDetails},
    {.name = "RetentionPeriodHours", .kind = Kind::integer},
    {.name = "Tags", .kind = Kind::list, .members = kTagMembers}};

constexpr std::string_view kAttributes[] = {"Arn"};

Progress create(Context& ctx, const ResourceRequest& resource) {
    const json::object& properties = resource.properties;
    const std::string name = properties.contains("Name") ? text_property(properties, "Name")
                                                         : generated_name(ctx, resource, 128);
    json::object request{{"StreamName", name}};
    for (const char* property : {"ShardCount", "StreamModeDetails"}) {
        if (const json::value* value = properties.if_contains(property)) request[property] = *value;
    }
    if (const json::value* tags = properties.if_contains("Tags")) {
        json::object map;
        for (const json::value& tag : tags->as_array()) {
            map[text_property(tag.as_object(), "Key")] = text_property(tag.as_object(), "Value");
        }
        request["Tags"] = std::move(map);
    }
    if (text_property(properties, "RetentionPeriodHours", "24") != "24") {
        throw not_implemented("RetentionPeriodHours of AWS::Kinesis::Stream other than 24");
    }
    ctx.call("kinesis", "CreateStream", conform_request("kinesis", "CreateStream", request));
    return Progress::stabilizing(name);
}

Progress update(Context&, const ResourceRequest&) {
    throw not_implemented("updating AWS::Kinesis::Stream in place (resharding, mode, tags)");
}

Progress remove(Context& ctx, const ResourceRequest& resource) {
    ctx.call("kinesis", "DeleteStream", {{"StreamName", resource.physical_id}});
    return Progress::done(resource.physical_id);
}

bool stable(Context& ctx, const ResourceRequest& resource, json::object& attributes) {
    const json::object result =
        ctx.call("kinesis", "DescribeStreamSummary", {{"StreamName", resource.physical_id}}).result;
    const json::object& summary = result.at("StreamDescriptionSummary").as_object();
    if (summary.at("StreamStatus") != "ACTIVE") return false;
    attributes["Arn"] = summary.at("StreamARN");
    return true;
}

}  // namespace

// Ref: the stream's name.
const Provider& kinesis_stream_provider() {
    static constexpr Provider kProvider{
        "AWS::Kinesis::Stream", kProperties, "Name", kAttributes, create, update, remove, stable};
    return kProvider;
}

}  // namespace sbemu::cloudformation
