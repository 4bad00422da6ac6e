// KinesisStreamSpecification of a table.
#include <boost/json.hpp>

#include "fakes/cloudformation/provider_dynamodb_table.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr const char* kSpecification = "KinesisStreamSpecification";
constexpr const char* kPrecision = "ApproximateCreationDateTimePrecision";

json::array destinations_of(Context& ctx, const ResourceRequest& resource) {
    return ctx
        .call("dynamodb", "DescribeKinesisStreamingDestination",
              {{"TableName", resource.physical_id}})
        .result.at("KinesisDataStreamDestinations")
        .as_array();
}

// Without a precision DynamoDB chooses one. Returns that there was something to do.
bool call(Context& ctx, const ResourceRequest& resource, const std::string& verb,
          const std::string& arn, const std::string& precision = "") {
    json::object request{{"TableName", resource.physical_id}, {"StreamArn", arn}};
    if (!precision.empty()) {
        request[verb + "KinesisStreamingConfiguration"] = {{kPrecision, precision}};
    }
    ctx.call("dynamodb", verb + "KinesisStreamingDestination", request);
    return true;
}

// The one that is not off, or on its way; else the one with this ARN; else an empty one.
json::object current_of(const json::array& destinations, const std::string& arn) {
    json::object found;
    for (const json::value& value : destinations) {
        const json::object& destination = value.as_object();
        const std::string status = text_property(destination, "DestinationStatus");
        if (status != "DISABLED" && status != "ENABLE_FAILED") return destination;
        if (text_property(destination, "StreamArn") == arn) found = destination;
    }
    return found;
}

bool is_usable(Context& ctx, const std::string& arn) {
    const auto answer = ctx.try_call("kinesis", "DescribeStreamSummary", {{"StreamARN", arn}});
    const auto* outcome = std::get_if<Outcome>(&answer);
    if (!outcome) return false;
    const json::value& summary = outcome->result.at("StreamDescriptionSummary");
    return summary.at("StreamARN").as_string() == arn && summary.at("StreamStatus") == "ACTIVE";
}

}  // namespace

bool take_destination_step(Context& ctx, const ResourceRequest& resource) {
    const json::object& wanted = object_property(resource.properties, kSpecification);
    if (wanted.empty() && !is_changed(resource, kSpecification)) return false;
    const std::string arn = text_property(wanted, "StreamArn");
    const std::string precision = text_property(wanted, kPrecision);
    const json::object current = current_of(destinations_of(ctx, resource), arn);
    const std::string status = text_property(current, "DestinationStatus", "DISABLED");
    if (status == "DISABLED") {
        return !arn.empty() && call(ctx, resource, "Enable", arn, precision);
    }
    if (status == "ENABLE_FAILED") {
        // That may have been an update ago.
        if (is_usable(ctx, arn)) return call(ctx, resource, "Enable", arn, precision);
        throw ApiError("GeneralServiceException",
                       text_property(current, "DestinationStatusDescription"));
    }
    if (status != "ACTIVE") return true;
    const std::string current_arn = text_property(current, "StreamArn");
    if (current_arn != arn) return call(ctx, resource, "Disable", current_arn);
    const std::string current_precision = text_property(current, kPrecision, "MILLISECOND");
    if (precision.empty() || precision == current_precision) return false;
    return call(ctx, resource, "Update", arn, precision);
}

}  // namespace sbemu::cloudformation
