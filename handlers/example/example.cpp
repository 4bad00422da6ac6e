#include "handlers/example/example.h"

#include <boost/json.hpp>

#include "handlers/runtime/runtime_loop.h"
#include "handlers/runtime/text.h"

namespace json = boost::json;

namespace sbemu::example {
namespace {

using lambda_runtime::Aws;
using lambda_runtime::Context;
using lambda_runtime::HandlerError;

struct Record {
    std::string sequence_number;
    std::string data;  // raw bytes
};

std::string configured(const Context& context, const std::string& name) {
    auto value = context.variable(name);
    if (!value || value->empty()) {
        throw HandlerError("MissingConfiguration", name + " is not configured");
    }
    return *std::move(value);
}

// Throws std::exception on another shape.
Record parse_record(const json::value& record) {
    const json::object& kinesis = record.as_object().at("kinesis").as_object();
    return {std::string(kinesis.at("sequenceNumber").as_string()),
            lambda_runtime::decode_base64(kinesis.at("data").as_string())};
}

std::vector<Record> parse_records(const json::value& event) {
    std::vector<Record> records;
    try {
        for (const json::value& record : event.as_object().at("Records").as_array()) {
            records.push_back(parse_record(record));
        }
    } catch (const std::exception& error) {
        throw HandlerError("InvalidEvent",
                           std::string("The event is not one of Kinesis's: ") + error.what());
    }
    return records;
}

}  // namespace

json::value store_records(const json::value& event, Context& context, Aws& aws) {
    const std::vector<Record> records = parse_records(event);
    const std::string bucket = configured(context, "EventBucket");
    const std::string region = configured(context, "EventBucketRegion");
    const std::string prefix = configured(context, "EventPrefix");
    for (const Record& record : records) {
        const std::string key = prefix + "/" + record.sequence_number;
        aws.call("s3", region, "PutObject",
                 {{"Bucket", bucket}, {"Key", key}, {"Body", record.data}});
        context.log("Put s3://" + bucket + "/" + key);
    }
    return json::value("Stored " + std::to_string(records.size()) + " records");
}

}  // namespace sbemu::example
