// EnableKinesisStreamingDestination, DisableKinesisStreamingDestination,
// UpdateKinesisStreamingDestination, DescribeKinesisStreamingDestination, and the records that go
// to Kinesis. Facts: facts/dynamodb-kinesis.md 1.15 and ack-api-quirks (2026-10), DDB-TABLE-234 to
// 236, 268, 299 to 304, 318, 319, 460. On AWS a stream that is gone gets what it missed within a
// day if it comes back; here that is lost.
#include "fakes/dynamodb/kinesis_destinations.h"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/encoding.h"
#include "emulator/core/latency.h"
#include "emulator/core/members.h"
#include "emulator/core/timers.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr const char* kPrecision = "ApproximateCreationDateTimePrecision";

ApiError not_in_state(const std::string& why) {
    return validation_error(
        "Table is not in a valid state to enable Kinesis Streaming Destination: " + why);
}

// A table that is being made is not there yet.
Table destination_table(Context& ctx, const json::object& request) {
    Table table = manageable_table(ctx, request);
    if (table.status == "CREATING") throw table_not_found(table.name);
    return table;
}

bool is_idle(const KinesisDestination& destination) {
    return destination.status == "DISABLED" || destination.status == "ENABLE_FAILED";
}

// Nothing if it can be used; else why not.
std::optional<std::string> fault_of(Context& ctx, const std::string& text) {
    static constexpr std::string_view kStream = "stream/";
    const std::string begin =
        "The kinesis Arn used to enable kinesis replication belongs to a "
        "stream which is not in ";
    const std::string forbidden = "User does not have a permission to use kinesis stream";
    const auto arn = parse_arn(text);
    if (!arn || arn->partition != "aws") return forbidden;
    if (arn->region != ctx.caller.region) return begin + "the current region";
    if (arn->account != ctx.caller.account) return begin + "Active state";
    if (arn->service != "kinesis" || !arn->resource.starts_with(kStream)) return forbidden;
    const auto answer = ctx.try_call("kinesis", "DescribeStreamSummary",
                                     {{"StreamName", arn->resource.substr(kStream.size())}});
    const auto* outcome = std::get_if<Outcome>(&answer);
    if (!outcome) return forbidden;
    const auto& summary = outcome->result.at("StreamDescriptionSummary");
    return summary.at("StreamStatus") == "ACTIVE" ? std::nullopt : std::optional(forbidden);
}

void settle_in(Context& ctx, const Table& table, const KinesisDestination& destination,
               Duration usual) {
    set_timer(ctx, "dynamodb", "settle-destination",
              table_arn(ctx.caller, table.name) + " " + destination.arn,
              ctx.now + usual_duration(ctx, usual));
}

json::object answer_to(const Table& table, const KinesisDestination& destination) {
    return {{"TableName", table.name},
            {"StreamArn", destination.arn},
            {"DestinationStatus", destination.status}};
}

// The precision of a configuration; empty if it has none.
std::string precision_of(const json::object& request, std::string_view configuration) {
    const json::object* given = find_object(request, configuration);
    return given ? text_member(*given, kPrecision) : "";
}

// Whether it was on the way to another state.
bool settle(Context& ctx, KinesisDestination& destination) {
    if (destination.status == "DISABLING") {
        destination.status = "DISABLED";
        destination.precision.clear();
    } else if (destination.status == "ENABLING") {
        const auto fault = fault_of(ctx, destination.arn);
        destination.status = fault ? "ENABLE_FAILED" : "ACTIVE";
        destination.description = fault.value_or("");
    } else if (destination.status == "UPDATING") {
        destination.status = "ACTIVE";
    } else {
        return false;
    }
    return true;
}

}  // namespace

json::object describe_kinesis_streaming_destination(Context& ctx, const json::object& request) {
    const Table table = destination_table(ctx, request);
    json::array described;
    for (const KinesisDestination& destination : list_destinations(ctx, table)) {
        // Those of a table that goes are UPDATING.
        const bool goes = table.status == "DELETING" && destination.status == "ACTIVE";
        json::object entry{{"StreamArn", destination.arn},
                           {"DestinationStatus", goes ? "UPDATING" : destination.status}};
        if (!destination.description.empty()) {
            entry["DestinationStatusDescription"] = destination.description;
        }
        if (!destination.precision.empty()) entry[kPrecision] = destination.precision;
        described.push_back(std::move(entry));
    }
    return {{"TableName", table.name}, {"KinesisDataStreamDestinations", std::move(described)}};
}

// One at a time; whether there is such a stream is seen later.
json::object enable_kinesis_streaming_destination(Context& ctx, const json::object& request) {
    const Table table = destination_table(ctx, request);
    const auto all = list_destinations(ctx, table);
    if (table.status == "DELETING" || !std::all_of(all.begin(), all.end(), is_idle)) {
        throw not_in_state(
            "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE "
            "operation.");
    }
    const KinesisDestination destination{
        text_member(request, "StreamArn"), "ENABLING", "",
        precision_of(request, "EnableKinesisStreamingConfiguration")};
    put_destination(ctx, table, destination);
    settle_in(ctx, table, destination,
              fault_of(ctx, destination.arn) ? usual::kFailDestination : usual::kEnableDestination);
    json::object reply = answer_to(table, destination);
    const json::object* configuration = find_object(request, "EnableKinesisStreamingConfiguration");
    reply["EnableKinesisStreamingConfiguration"] = configuration ? *configuration : json::object();
    return reply;
}

json::object disable_kinesis_streaming_destination(Context& ctx, const json::object& request) {
    const Table table = destination_table(ctx, request);
    if (find_object(request, "EnableKinesisStreamingConfiguration")) {
        throw validation_error(
            "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters");
    }
    auto destination = find_destination(ctx, table, text_member(request, "StreamArn"));
    const std::string status = destination ? destination->status : "";
    if (status == "DISABLING") return answer_to(table, *destination);
    if (status != "ACTIVE" || table.status == "DELETING") {
        throw not_in_state(
            "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
    }
    destination->status = "DISABLING";
    put_destination(ctx, table, *destination);
    settle_in(ctx, table, *destination, usual::kDisableDestination);
    return answer_to(table, *destination);
}

json::object update_kinesis_streaming_destination(Context& ctx, const json::object& request) {
    const std::string precision = precision_of(request, "UpdateKinesisStreamingConfiguration");
    const Table table = destination_table(ctx, request);
    if (precision.empty()) {
        throw validation_error(
            "Streaming destination cannot be updated with given parameters: "
            "UpdateKinesisStreamingConfiguration cannot be null or contain only null values");
    }
    const std::string arn = text_member(request, "StreamArn");
    auto destination = find_destination(ctx, table, arn);
    if (!destination) {
        throw not_in_state("No streaming destination with streamArn: " + arn +
                           " found for table with tableName: " + table.name);
    }
    if (destination->status != "ACTIVE") {
        throw not_in_state(
            "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. "
            "TableName: " +
            table.name + ", kdsArn: " + arn);
    }
    const std::string current =
        destination->precision.empty() ? "MILLISECOND" : destination->precision;
    if (precision == current) {
        throw validation_error(
            "Invalid Request: Precision is already set to the desired value of " + precision +
            " for tableId: " +
            text_member(json::parse(table.description.text()).as_object(), "TableId") +
            ", kdsArn: " + arn);
    }
    destination->precision = precision;
    destination->status = "UPDATING";
    put_destination(ctx, table, *destination);
    settle_in(ctx, table, *destination, usual::kUpdateDestination);
    json::object reply = answer_to(table, *destination);
    reply["UpdateKinesisStreamingConfiguration"] = {{kPrecision, precision}};
    return reply;
}

// The key: the table's ARN and the stream's.
void settle_kinesis_destination(Context& ctx, std::string_view key) {
    const auto blank = key.find(' ');
    const auto table = find_table(ctx, names_in_arn(key.substr(0, blank)).first);
    if (!table) return;
    auto destination = find_destination(ctx, *table, key.substr(blank + 1));
    if (destination && settle(ctx, *destination)) put_destination(ctx, *table, *destination);
}

// Record: the developer guide's, and many that were published. The partition key is a digest of
// the item's (which one is assumed).
void put_on_destination(Context& ctx, const Table& table, const Item* old_item,
                        const Item* new_item, ChangedBy by) {
    const std::string& precision = table.destination->precision;
    const std::int64_t now = to_milliseconds(ctx.now);
    json::object change{
        {"ApproximateCreationDateTime", precision == "MICROSECOND" ? now * 1000 : now}};
    change["SizeBytes"] = add_images(table, "NEW_AND_OLD_IMAGES", old_item, new_item, change);
    if (!precision.empty()) change[kPrecision] = precision;
    const std::string partition =
        boost::to_upper_copy(hex_encode(md5(json::serialize(change.at("Keys")))));
    json::value user(nullptr);
    if (by == ChangedBy::time_to_live) {
        user = {{"type", "Service"}, {"principalId", "dynamodb.amazonaws.com"}};
    }
    const json::object record{{"awsRegion", ctx.caller.region},
                              {"eventID", ctx.random.uuid()},
                              {"eventName", name_of_change(old_item, new_item)},
                              {"userIdentity", std::move(user)},
                              {"recordFormat", "application/json"},
                              {"tableName", table.name},
                              {"dynamodb", std::move(change)},
                              {"eventSource", "aws:dynamodb"}};
    const std::string& arn = table.destination->arn;
    // A stream that does not take it, or is gone, leaves the destination as it is (DDB-TABLE-319).
    ctx.try_call("kinesis", "PutRecord",
                 {{"StreamName", arn.substr(arn.rfind('/') + 1)},
                  {"PartitionKey", partition},
                  {"Data", base64_encode(json::serialize(record))}});
}

}  // namespace sbemu::dynamodb
