// Well-formed Lambda events, as AWS sends them: shapes of facts/lambda.md 2.1 and
// facts/cloudformation.md 1.2.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sbemu {

// What an event cannot be made of; for people.
struct EventError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What is not given gets a value that fits the rest.
struct EventOptions {
    std::string account = "000000000000";
    std::string region = "us-east-1";
    std::uint64_t seed = 1;  // of ids and sequence numbers
    // cloudformation
    std::string request_type = "Create";
    std::string resource_type = "Custom::Example";
    std::string logical_id = "Example";
    std::string physical_id = "example-1";  // not of a Create
    std::string stack = "example";
    std::string service_token;
    // Values that are JSON objects or lists stay such; all others become texts.
    std::vector<std::pair<std::string, std::string>> properties;
    std::vector<std::pair<std::string, std::string>> old_properties;
    // kinesis
    std::vector<std::string> data;
    std::string partition_key = "key";
    std::string stream = "example";
    // dynamodb; in DynamoDB's form: {"id": {"S": "1"}}
    std::string table = "example";
    std::string event_name = "INSERT";
    std::string keys;
    std::string item;
    std::string old_item;
    // sqs, sns, eventbridge
    std::vector<std::string> bodies;
    std::string queue = "example";
    std::string topic = "example";
    // s3
    std::string bucket = "example";
    std::vector<std::string> object_keys;
};

// cloudformation, kinesis, dynamodb, sqs, sns, s3, eventbridge.
const std::vector<std::string>& event_kinds();

// Throws EventError.
boost::json::object generate_event(const std::string& kind, const EventOptions& options);

// Two blanks a level; numbers with a fraction in decimals, as AWS writes epoch seconds.
std::string print_event(const boost::json::value& event);

}  // namespace sbemu
