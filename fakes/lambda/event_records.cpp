#include "fakes/lambda/event_records.h"

#include <boost/json.hpp>

#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

// Writes the members of one object in the order they are added.
class ObjectText {
  public:
    ObjectText& raw(std::string_view name, std::string_view value) {
        text_ += text_.size() > 1 ? ",\"" : "\"";
        text_ += name;
        text_ += "\":";
        text_ += value;
        return *this;
    }
    ObjectText& text(std::string_view name, std::string_view value) {
        return raw(name, json::serialize(json::string_view(value.data(), value.size())));
    }
    // Takes a member over if it is there.
    ObjectText& copy(std::string_view name, const json::object& from) {
        if (const json::value* value = from.if_contains(name)) raw(name, json::serialize(*value));
        return *this;
    }
    std::string close() { return std::move(text_) + "}"; }

  private:
    std::string text_ = "{";
};

// facts/lambda.md 2.1.
std::string kinesis_record(const StreamSource& source, const StreamRecord& record,
                           std::string_view shard, std::string_view role) {
    ObjectText kinesis;
    kinesis.text("kinesisSchemaVersion", "1.0")
        .text("partitionKey", required_text(record.record, "PartitionKey"))
        .text("sequenceNumber", record.sequence_number)
        .text("data", required_text(record.record, "Data"))
        .raw("approximateArrivalTimestamp", seconds_text(record.arrived_at));
    ObjectText event;
    event.raw("kinesis", kinesis.close())
        .text("eventSource", "aws:kinesis")
        .text("eventVersion", "1.0")
        .text("eventID", std::string(shard) + ":" + record.sequence_number)
        .text("eventName", "aws:kinesis:record")
        .text("invokeIdentityArn", role)
        .text("awsRegion", source.owner.region)
        .text("eventSourceARN", source.arn);
    return event.close();
}

// facts/lambda.md 2.1. Times are whole seconds here.
std::string dynamodb_record(const StreamSource& source, const StreamRecord& record) {
    const json::object& change = record.record.at("dynamodb").as_object();
    ObjectText dynamodb;
    dynamodb.raw("ApproximateCreationDateTime", std::to_string(record.arrived_at / 1000));
    for (const std::string_view member :
         {"Keys", "NewImage", "OldImage", "SequenceNumber", "SizeBytes", "StreamViewType"}) {
        dynamodb.copy(member, change);
    }
    ObjectText event;
    for (const std::string_view member : {"eventID", "eventName", "eventVersion", "eventSource"}) {
        event.copy(member, record.record);
    }
    event.text("awsRegion", source.owner.region).raw("dynamodb", dynamodb.close());
    if (const json::object* identity = find_object(record.record, "userIdentity")) {
        ObjectText user;
        user.text("principalId", find_text(*identity, "PrincipalId").value_or(""))
            .text("type", find_text(*identity, "Type").value_or(""));
        event.raw("userIdentity", user.close());
    }
    return event.text("eventSourceARN", source.arn).close();
}

}  // namespace

std::string seconds_text(std::int64_t milliseconds) {
    std::string fraction = std::to_string(1000 + milliseconds % 1000).substr(1);
    while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
    return std::to_string(milliseconds / 1000) + "." + fraction;
}

std::string event_record(const StreamSource& source, const StreamRecord& record,
                         std::string_view shard, std::string_view role) {
    return source.type == SourceType::kinesis ? kinesis_record(source, record, shard, role)
                                              : dynamodb_record(source, record);
}

}  // namespace sbemu::lambda
