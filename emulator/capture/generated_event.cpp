#include "emulator/capture/generated_event.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"
#include "emulator/core/random.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// Every generated event happened then.
constexpr Time kHappened{std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}};

class Maker {
  public:
    explicit Maker(const EventOptions& options) : options_(options), random_(options.seed) {}

    json::object cloudformation() {
        const bool is_create = options_.request_type == "Create";
        const bool is_update = options_.request_type == "Update";
        if (!is_create && !is_update && options_.request_type != "Delete") {
            throw EventError("a request type is Create, Update or Delete, not '" +
                             options_.request_type + "'");
        }
        if (!is_update && !options_.old_properties.empty()) {
            throw EventError("only an Update has old properties");
        }
        const std::string token = options_.service_token.empty() ? arn("lambda", "function:example")
                                                                 : options_.service_token;
        const std::string stack_id =
            arn("cloudformation", "stack/" + options_.stack + "/" + random_.uuid());
        const std::string request_id = random_.uuid();
        json::object event{
            {"RequestType", options_.request_type},
            {"ServiceToken", token},
            {"ResponseURL", response_url(stack_id + "|" + options_.logical_id + "|" + request_id)},
            {"StackId", stack_id},
            {"RequestId", request_id},
            {"LogicalResourceId", options_.logical_id}};
        if (!is_create) event["PhysicalResourceId"] = options_.physical_id;
        event["ResourceType"] = options_.resource_type;
        event["ResourceProperties"] = properties(token, options_.properties);
        if (is_update) {
            event["OldResourceProperties"] = properties(token, options_.old_properties);
        }
        return event;
    }

    json::object kinesis() {
        const std::vector<std::string> data = given_or(options_.data, "Hello from Kinesis");
        json::array records;
        for (std::size_t i = 0; i < data.size(); ++i) {
            // 56 digits, growing within the shard.
            const std::string sequence_number =
                "49" + random_.text(40, "0123456789") + padded_number(i, 14);
            records.push_back(json::object{
                {"kinesis", json::object{{"kinesisSchemaVersion", "1.0"},
                                         {"partitionKey", options_.partition_key},
                                         {"sequenceNumber", first_sequence(sequence_number)},
                                         {"data", base64_encode(data[i])},
                                         {"approximateArrivalTimestamp", happened_seconds(i)}}},
                {"eventSource", "aws:kinesis"},
                {"eventVersion", "1.0"},
                {"eventID", "shardId-000000000000:" + first_sequence(sequence_number)},
                {"eventName", "aws:kinesis:record"},
                {"invokeIdentityArn", "arn:aws:iam::" + options_.account + ":role/example"},
                {"awsRegion", options_.region},
                {"eventSourceARN", arn("kinesis", "stream/" + options_.stream)}});
        }
        return {{"Records", records}};
    }

    json::object dynamodb() {
        const std::string& name = options_.event_name;
        if (name != "INSERT" && name != "MODIFY" && name != "REMOVE") {
            throw EventError("an event name is INSERT, MODIFY or REMOVE, not '" + name + "'");
        }
        json::object keys = attributes("--keys", options_.keys, {{"id", {{"S", "1"}}}});
        json::object item = attributes("--item", options_.item, keys);
        json::object old_item = attributes("--old-item", options_.old_item, keys);
        // Without --keys, an item with `id` is known by it, any other by its first attribute.
        const json::object& whole = options_.item.empty() ? old_item : item;
        if (options_.keys.empty() && !whole.empty()) {
            const auto id = whole.find("id") == whole.end() ? whole.begin() : whole.find("id");
            keys = {{id->key(), id->value()}};
        }
        for (json::object* image : {&item, &old_item}) {
            for (const auto& [key, value] : keys) (*image)[key] = value;
        }
        json::object change{{"ApproximateCreationDateTime", to_milliseconds(kHappened) / 1000},
                            {"Keys", keys}};
        if (name != "REMOVE") change["NewImage"] = item;
        if (name != "INSERT") change["OldImage"] = old_item;
        change["SequenceNumber"] = "1" + random_.text(20, "0123456789");
        std::size_t size = size_of(keys);
        if (name != "REMOVE") size += size_of(item);
        if (name != "INSERT") size += size_of(old_item);
        change["SizeBytes"] = size;
        change["StreamViewType"] = "NEW_AND_OLD_IMAGES";
        const std::string source = arn(
            "dynamodb", "table/" + options_.table + "/stream/" + iso_time(kHappened).substr(0, 23));
        return {{"Records", json::array{json::object{{"eventID", random_.hex(32)},
                                                     {"eventName", name},
                                                     {"eventVersion", "1.1"},
                                                     {"eventSource", "aws:dynamodb"},
                                                     {"awsRegion", options_.region},
                                                     {"dynamodb", change},
                                                     {"eventSourceARN", source}}}}};
    }

    json::object sqs() {
        json::array records;
        const std::string sent = std::to_string(to_milliseconds(kHappened));
        for (const std::string& body : given_or(options_.bodies, "Hello from SQS")) {
            records.push_back(
                json::object{{"messageId", random_.uuid()},
                             {"receiptHandle", base64_encode(random_.text(90, kAlphanumeric))},
                             {"body", body},
                             {"attributes",
                              {{"ApproximateReceiveCount", "1"},
                               {"SentTimestamp", sent},
                               {"SenderId", "AIDA" + random_.text(17, kUpperAlphanumeric)},
                               {"ApproximateFirstReceiveTimestamp", sent}}},
                             {"messageAttributes", json::object{}},
                             {"md5OfMessageAttributes", nullptr},
                             {"md5OfBody", hex_encode(md5(body))},
                             {"eventSource", "aws:sqs"},
                             {"eventSourceARN", arn("sqs", options_.queue)},
                             {"awsRegion", options_.region}});
        }
        return {{"Records", records}};
    }

    // As in the Lambda guide's page with-sns; no recording: assumed.
    json::object sns() {
        json::array records;
        const std::string topic = arn("sns", options_.topic);
        for (const std::string& body : given_or(options_.bodies, "Hello from SNS")) {
            const std::string host = "https://sns." + options_.region + ".amazonaws.com/";
            const std::string subscription = topic + ":" + random_.uuid();
            records.push_back(json::object{
                {"EventSource", "aws:sns"},
                {"EventVersion", "1.0"},
                {"EventSubscriptionArn", subscription},
                {"Sns",
                 {{"Type", "Notification"},
                  {"MessageId", random_.uuid()},
                  {"TopicArn", topic},
                  {"Subject", nullptr},
                  {"Message", body},
                  {"Timestamp", iso_time(kHappened)},
                  {"SignatureVersion", "1"},
                  {"Signature", base64_encode(random_.text(256, kAlphanumeric))},
                  {"SigningCertUrl",
                   host + "SimpleNotificationService-" + random_.hex(32) + ".pem"},
                  {"UnsubscribeUrl", host + "?Action=Unsubscribe&SubscriptionArn=" + subscription},
                  {"MessageAttributes", json::object{}}}}});
        }
        return {{"Records", records}};
    }

    // As in the S3 guide's page notification-content-structure, version 2.1; assumed.
    json::object s3() {
        json::array records;
        for (const std::string& key : given_or(options_.object_keys, "example.txt")) {
            records.push_back(json::object{
                {"eventVersion", "2.1"},
                {"eventSource", "aws:s3"},
                {"awsRegion", options_.region},
                {"eventTime", iso_time(kHappened)},
                {"eventName", "ObjectCreated:Put"},
                {"userIdentity", {{"principalId", "AWS:" + random_.text(21, kUpperAlphanumeric)}}},
                {"requestParameters", {{"sourceIPAddress", "127.0.0.1"}}},
                {"responseElements",
                 {{"x-amz-request-id", random_.text(16, kUpperAlphanumeric)},
                  {"x-amz-id-2", base64_encode(random_.text(48, kAlphanumeric))}}},
                {"s3",
                 {{"s3SchemaVersion", "1.0"},
                  {"configurationId", random_.uuid()},
                  {"bucket",
                   {{"name", options_.bucket},
                    {"ownerIdentity", {{"principalId", random_.text(14, kUpperAlphanumeric)}}},
                    {"arn", "arn:aws:s3:::" + options_.bucket}}},
                  {"object",
                   {{"key", percent_encode(key, "/")},
                    {"size", 1024},
                    {"eTag", random_.hex(32)},
                    {"sequencer", random_.hex(18)}}}}}});
        }
        return {{"Records", records}};
    }

    json::object eventbridge() {
        json::value detail = json::object{};
        if (!options_.bodies.empty()) detail = parsed("--body", options_.bodies.front());
        return {{"version", "0"},
                {"id", random_.uuid()},
                {"detail-type", options_.bodies.empty() ? "Scheduled Event" : "Example"},
                {"source", options_.bodies.empty() ? "aws.events" : "example"},
                {"account", options_.account},
                {"time", iso_time_seconds(kHappened)},
                {"region", options_.region},
                {"resources", json::array{arn("events", "rule/example")}},
                {"detail", detail}};
    }

  private:
    std::string arn(const std::string& service, const std::string& resource) const {
        return "arn:aws:" + service + ":" + options_.region + ":" + options_.account + ":" +
               resource;
    }

    static std::vector<std::string> given_or(const std::vector<std::string>& given,
                                             const char* otherwise) {
        return given.empty() ? std::vector<std::string>{otherwise} : given;
    }

    static std::string padded_number(std::size_t number, std::size_t width) {
        const std::string digits = std::to_string(number);
        return std::string(width - std::min(width, digits.size()), '0') + digits;
    }

    // The first record's number, counted on.
    std::string first_sequence(const std::string& drawn) {
        if (sequence_.empty()) sequence_ = drawn.substr(0, 42);
        return sequence_ + drawn.substr(42);
    }

    static double happened_seconds(std::size_t record) {
        return static_cast<double>(to_milliseconds(kHappened) + 1 +
                                   static_cast<std::int64_t>(record)) /
               1000;
    }

    static json::value parsed(const std::string& option, const std::string& text) {
        json::error_code error;
        json::value value = parse_json(text, error);
        if (error) throw EventError(option + " is not JSON: " + error.message());
        return value;
    }

    static json::object attributes(const std::string& option, const std::string& text,
                                   const json::object& otherwise) {
        if (text.empty()) return otherwise;
        const json::value value = parsed(option, text);
        bool is_typed = value.is_object() && !value.as_object().empty();
        if (is_typed) {
            for (const auto& [name, attribute] : value.as_object()) {
                is_typed = is_typed && attribute.is_object() && attribute.as_object().size() == 1;
            }
        }
        if (!is_typed) {
            throw EventError(option + " is written as DynamoDB has it: {\"id\": {\"S\": \"1\"}}");
        }
        return value.as_object();
    }

    // Names and values, as DynamoDB counts texts, numbers and the like (facts/dynamodb-kinesis.md).
    static std::size_t size_of(const json::object& item) {
        std::size_t size = 0;
        for (const auto& [name, attribute] : item) {
            size += name.size() + size_of_value(attribute.as_object());
        }
        return size;
    }
    static std::size_t size_of_value(const json::object& attribute) {
        const auto& [type, value] = *attribute.begin();
        if (type == "S" && value.is_string()) return value.as_string().size();
        if (type == "N" && value.is_string()) return (value.as_string().size() + 1) / 2 + 1;
        if (type == "B" && value.is_string()) return value.as_string().size() / 4 * 3;
        if (type == "M" && value.is_object()) {
            return 3 + value.as_object().size() + size_of(value.as_object());
        }
        if (type == "L" && value.is_array()) {
            std::size_t size = 3;
            for (const json::value& element : value.as_array()) {
                if (element.is_object() && !element.as_object().empty()) {
                    size += 1 + size_of_value(element.as_object());
                }
            }
            return size;
        }
        return type == "BOOL" || type == "NULL" ? 1 : json::serialize(value).size();
    }

    std::string response_url(const std::string& key) {
        std::string bucket_region = options_.region;
        std::erase(bucket_region, '-');
        const std::string stamp = compact_time(kHappened);
        return "https://cloudformation-custom-resource-response-" + bucket_region + ".s3." +
               options_.region + ".amazonaws.com/" + percent_encode(key, "/") +
               "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=" + stamp +
               "&X-Amz-SignedHeaders=host&X-Amz-Expires=7200&X-Amz-Credential=" +
               percent_encode("AKIA" + random_.text(16, kUpperAlphanumeric) + "/" +
                              stamp.substr(0, 8) + "/" + options_.region + "/s3/aws4_request") +
               "&X-Amz-Signature=" + random_.hex(64);
    }

    static json::object properties(const std::string& token,
                                   const std::vector<std::pair<std::string, std::string>>& given) {
        json::object result{{"ServiceToken", token}};
        for (const auto& [name, text] : given) {
            json::error_code error;
            json::value value = parse_json(text, error);
            const bool is_nested = !error && (value.is_object() || value.is_array());
            result[name] = is_nested ? value : json::value(text);
        }
        return result;
    }

    const EventOptions& options_;
    Random random_;
    std::string sequence_;
};

void print(const json::value& value, std::size_t depth, std::string& text) {
    const std::string indent(2 * depth + 2, ' ');
    if (value.is_object() && !value.as_object().empty()) {
        const char* before = "{\n";
        for (const auto& [name, member] : value.as_object()) {
            text += before + indent + json::serialize(name) + ": ";
            print(member, depth + 1, text);
            before = ",\n";
        }
        text += "\n" + indent.substr(2) + "}";
    } else if (value.is_array() && !value.as_array().empty()) {
        const char* before = "[\n";
        for (const json::value& element : value.as_array()) {
            text += before + indent;
            print(element, depth + 1, text);
            before = ",\n";
        }
        text += "\n" + indent.substr(2) + "]";
    } else if (value.is_double()) {
        std::array<char, 64> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                       value.as_double(), std::chars_format::fixed);
        text += std::string_view(digits.data(), static_cast<std::size_t>(end.ptr - digits.data()));
    } else {
        text += json::serialize(value);
    }
}

struct Kind {
    const char* name;
    json::object (Maker::*make)();
};

constexpr Kind kKinds[] = {{"cloudformation", &Maker::cloudformation},
                           {"kinesis", &Maker::kinesis},
                           {"dynamodb", &Maker::dynamodb},
                           {"sqs", &Maker::sqs},
                           {"sns", &Maker::sns},
                           {"s3", &Maker::s3},
                           {"eventbridge", &Maker::eventbridge}};

}  // namespace

const std::vector<std::string>& event_kinds() {
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> names;
        for (const Kind& kind : kKinds) names.emplace_back(kind.name);
        return names;
    }();
    return kNames;
}

json::object generate_event(const std::string& kind, const EventOptions& options) {
    for (const Kind& known : kKinds) {
        if (kind == known.name) return (Maker(options).*known.make)();
    }
    std::string names;
    for (const std::string& name : event_kinds()) names += (names.empty() ? "" : ", ") + name;
    throw EventError("no event is called '" + kind + "': there are " + names);
}

std::string print_event(const json::value& event) {
    std::string text;
    print(event, 0, text);
    return text + "\n";
}

}  // namespace sbemu
