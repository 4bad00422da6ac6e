// Kinesis streams that changes of a table go to. Recorded on AWS: ack-api-quirks (2026-10),
// DDB-TABLE-234 to 236, 268, 299 to 304, 318, 319, 460. Records: the developer guide's.
#include <catch2/catch.hpp>

#include "emulator/core/encoding.h"
#include "tests/test_cloud.h"

namespace sbemu {
namespace {

const std::string kStream = "arn:aws:kinesis:us-east-1:123456789012:stream/changes";

struct Destinations : TestCloud {
    Destinations() {
        result("dynamodb.CreateTable", R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]})");
        make_stream();
    }
    void make_stream() {
        result("kinesis.CreateStream", R"({"StreamName": "changes", "ShardCount": 1})");
        settle();
    }
    static std::string request(const std::string& arn, const std::string& more) {
        return R"({"TableName": "env", "StreamArn": ")" + arn + "\"" + more + "}";
    }
    boost::json::value does(const std::string& verb, const std::string& arn = kStream,
                            const std::string& more = "") {
        return result("dynamodb." + verb + "KinesisStreamingDestination", request(arn, more));
    }
    std::string error(const std::string& verb, const std::string& arn = kStream,
                      const std::string& more = "") {
        return error_of(
            call("dynamodb." + verb + "KinesisStreamingDestination", request(arn, more)));
    }
    boost::json::value listed() {
        return result("dynamodb.DescribeKinesisStreamingDestination", R"({"TableName": "env"})")
            .at("KinesisDataStreamDestinations");
    }
    // The first one's.
    std::string status() {
        return std::string(listed().as_array().at(0).at("DestinationStatus").as_string());
    }
    void enable(const std::string& more = "") {
        does("Enable", kStream, more);
        settle();
        REQUIRE(status() == "ACTIVE");
    }
    void put(const std::string& rest) {
        result("dynamodb.PutItem",
               R"({"TableName": "env", "Item": {"p": {"S": "a"})" + rest + "}}");
    }
    // What is on the stream, decoded.
    std::vector<boost::json::object> records() {
        const auto shard = result("kinesis.GetShardIterator",
                                  R"({"StreamName": "changes", "ShardIteratorType": "TRIM_HORIZON",
                                      "ShardId": "shardId-000000000000"})");
        const auto read = result("kinesis.GetRecords", boost::json::serialize(shard));
        std::vector<boost::json::object> records;
        for (const auto& record : read.at("Records").as_array()) {
            const auto data = base64_decode(record.at("Data").as_string());
            REQUIRE(data);
            records.push_back(boost::json::parse(*data).as_object());
        }
        return records;
    }
    void slowly() { result("sbemu.SetLatency", R"({"Mode": "aws"})"); }
};

std::string precise(const std::string& operation, const std::string& precision) {
    return ", \"" + operation +
           R"(KinesisStreamingConfiguration": {"ApproximateCreationDateTimePrecision": ")" +
           precision + "\"}";
}

const std::string kState =
    "ValidationException: Table is not in a valid state to enable Kinesis Streaming Destination: ";
const std::string kNotOff =
    kState +
    "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE "
    "operation.";
const std::string kNotActive =
    kState + "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.";
const std::string kNotUpdatable =
    kState +
    "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. "
    "TableName: env, kdsArn: " +
    kStream;

}  // namespace

TEST_CASE("A Kinesis destination is enabled, changed and disabled in its time", "[dynamodb]") {
    Destinations cloud;
    cloud.slowly();
    CHECK(cloud.listed() == json("[]"));
    CHECK(cloud.does("Enable") == json(R"({"TableName": "env", "StreamArn": ")" + kStream + R"(",
                   "DestinationStatus": "ENABLING", "EnableKinesisStreamingConfiguration": {}})"));
    CHECK(cloud.status() == "ENABLING");
    CHECK(cloud.error("Enable") == kNotOff);
    CHECK(cloud.error("Disable") == kNotActive);
    CHECK(cloud.error("Update", kStream, precise("Update", "MICROSECOND")) == kNotUpdatable);
    cloud.advance(Duration{7'000});
    CHECK(cloud.listed() ==
          json(R"([{"StreamArn": ")" + kStream + R"(", "DestinationStatus": "ACTIVE"}])"));
    CHECK(cloud.error("Enable") == kNotOff);

    CHECK(cloud.does("Update", kStream, precise("Update", "MICROSECOND")) ==
          json(R"({"TableName": "env", "StreamArn": ")" + kStream + R"(",
                   "DestinationStatus": "UPDATING", "UpdateKinesisStreamingConfiguration":
                       {"ApproximateCreationDateTimePrecision": "MICROSECOND"}})"));
    CHECK(cloud.listed() == json(R"([{"StreamArn": ")" + kStream + R"(",
        "DestinationStatus": "UPDATING", "ApproximateCreationDateTimePrecision": "MICROSECOND"}])"));
    CHECK(cloud.error("Disable") == kNotActive);
    cloud.advance(Duration{120'000});
    CHECK(cloud.status() == "UPDATING");
    cloud.advance(Duration{32'000});
    CHECK(cloud.status() == "ACTIVE");

    CHECK(cloud.does("Disable") == json(R"({"TableName": "env", "StreamArn": ")" + kStream +
                                        R"(", "DestinationStatus": "DISABLING"})"));
    CHECK(cloud.does("Disable").at("DestinationStatus") == "DISABLING");
    CHECK(cloud.error("Update", kStream, precise("Update", "MILLISECOND")) == kNotUpdatable);
    cloud.advance(Duration{2'000});
    // It stays listed, without its precision, and is enabled again in place.
    const auto disabled =
        json(R"([{"StreamArn": ")" + kStream + R"(", "DestinationStatus": "DISABLED"}])");
    CHECK(cloud.listed() == disabled);
    cloud.advance(Duration{171'000});
    CHECK(cloud.listed() == disabled);
    CHECK(cloud.error("Disable") == kNotActive);
    CHECK(cloud.error("Update", kStream, precise("Update", "MILLISECOND")) == kNotUpdatable);
    cloud.does("Enable");
    cloud.advance(Duration{7'000});
    CHECK(cloud.listed() ==
          json(R"([{"StreamArn": ")" + kStream + R"(", "DestinationStatus": "ACTIVE"}])"));
}

TEST_CASE("What cannot be done with a Kinesis destination", "[dynamodb]") {
    Destinations cloud;
    CHECK(cloud.error("Disable") == kNotActive);
    CHECK(cloud.error("Update", kStream, precise("Update", "MICROSECOND")) ==
          kState + "No streaming destination with streamArn: " + kStream +
              " found for table with tableName: env");
    cloud.enable();
    CHECK(cloud.error("Disable", kStream, precise("Enable", "MICROSECOND")) ==
          "ValidationException: Stream cannot be disabled using "
          "EnableKinesisStreamingConfiguration parameters");
    const std::string nothing =
        "ValidationException: Streaming destination cannot be updated with given parameters: "
        "UpdateKinesisStreamingConfiguration cannot be null or contain only null values";
    CHECK(cloud.error("Update") == nothing);
    CHECK(cloud.error("Update", kStream, R"(, "UpdateKinesisStreamingConfiguration": {})") ==
          nothing);
    const std::string table =
        std::string(cloud.result("dynamodb.DescribeTable", R"({"TableName": "env"})")
                        .at("Table")
                        .at("TableId")
                        .as_string());
    CHECK(cloud.error("Update", kStream, precise("Update", "MILLISECOND")) ==
          "ValidationException: Invalid Request: Precision is already set to the desired value of "
          "MILLISECOND for tableId: " +
              table + ", kdsArn: " + kStream);
    CHECK(cloud.error("Enable", kStream, precise("Enable", "SECOND"))
              .find("Member must satisfy enum value set: [MILLISECOND, MICROSECOND]") !=
          std::string::npos);
    for (const std::string verb : {"Enable", "Disable", "Update"}) {
        INFO(verb);
        const std::string elsewhere = R"({"TableName": "nowhere", "StreamArn": ")" + kStream +
                                      "\"" + (verb == "Update" ? precise(verb, "MICROSECOND") : "");
        CHECK(error_of(
                  cloud.call("dynamodb." + verb + "KinesisStreamingDestination", elsewhere + "}"))
                  .starts_with("ResourceNotFoundException: "));
    }
}

// Whether there is such a stream is seen only later.
TEST_CASE("A Kinesis destination that cannot be used ends as ENABLE_FAILED", "[dynamodb]") {
    Destinations cloud;
    const std::string forbidden = "User does not have a permission to use kinesis stream";
    const std::string begin =
        "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in ";
    const auto [arn, why] = GENERATE_COPY(table<std::string, std::string>({
        {"arn:aws:kinesis:us-east-1:123456789012:stream/none", forbidden},
        {"arn:aws:kinesis:us-east-1:123456789012:stream/CHANGES", forbidden},
        {"arn:aws:dynamodb:us-east-1:123456789012:table/env", forbidden},
        {kStream + "/consumer/reader:1", forbidden},
        {"arn:aws:kinesis:eu-west-1:123456789012:stream/changes", begin + "the current region"},
        {"arn:aws:kinesis:us-east-1:111111111111:stream/changes", begin + "Active state"},
    }));
    INFO(arn);
    CHECK(cloud.does("Enable", arn).at("DestinationStatus") == "ENABLING");
    cloud.settle();
    const std::string failed = R"({"StreamArn": ")" + arn +
                               R"(", "DestinationStatus": "ENABLE_FAILED",
                                  "DestinationStatusDescription": ")" +
                               why + "\"}";
    CHECK(cloud.listed() == json("[" + failed + "]"));
    CHECK(cloud.error("Disable", arn) == kNotActive);
    // Another may be tried; the one that failed stays listed.
    cloud.does("Enable");
    cloud.settle();
    CHECK(cloud.listed() == json(R"([{"StreamArn": ")" + kStream +
                                 R"(", "DestinationStatus": "ACTIVE"}, )" + failed + "]"));
}

TEST_CASE("Every change of a table with a Kinesis destination is a record", "[dynamodb]") {
    Destinations cloud;
    cloud.put("");
    cloud.enable();
    CHECK(cloud.records().empty());
    cloud.put(R"(, "v": {"N": "1"})");
    cloud.put(R"(, "v": {"N": "1"})");  // changes nothing
    cloud.result("dynamodb.DeleteItem", R"({"TableName": "env", "Key": {"p": {"S": "a"}}})");
    cloud.put("");
    const auto records = cloud.records();
    REQUIRE(records.size() == 3);
    boost::json::object modified = records[0];
    CHECK(modified.at("eventID").as_string().size() == 36);
    CHECK(modified.at("eventID") != records[1].at("eventID"));
    modified.erase("eventID");
    CHECK(modified == json(R"({"awsRegion": "us-east-1", "eventName": "MODIFY",
        "userIdentity": null, "recordFormat": "application/json", "tableName": "env",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"ApproximateCreationDateTime": 1488326400000, "Keys": {"p": {"S": "a"}},
                     "NewImage": {"p": {"S": "a"}, "v": {"N": "1"}},
                     "OldImage": {"p": {"S": "a"}}, "SizeBytes": 9}})"));
    CHECK(records[1].at("eventName") == "REMOVE");
    CHECK_FALSE(records[1].at("dynamodb").as_object().contains("NewImage"));
    CHECK(records[2].at("eventName") == "INSERT");
    CHECK_FALSE(records[2].at("dynamodb").as_object().contains("OldImage"));

    // None while it is disabled.
    cloud.does("Disable");
    cloud.put(R"(, "v": {"N": "2"})");
    cloud.settle();
    cloud.put(R"(, "v": {"N": "3"})");
    CHECK(cloud.records().size() == 3);
}

TEST_CASE("Every way to change items leads to a Kinesis destination", "[dynamodb]") {
    Destinations cloud;
    cloud.result("dynamodb.UpdateTable", R"({"TableName": "env", "StreamSpecification":
        {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})");
    cloud.settle();
    cloud.enable();
    cloud.result("dynamodb.BatchWriteItem",
                 R"({"RequestItems": {"env": [{"PutRequest": {"Item": {"p": {"S": "1"}}}},
                                              {"PutRequest": {"Item": {"p": {"S": "2"}}}}]}})");
    cloud.result("dynamodb.TransactWriteItems", R"({"TransactItems": [
        {"Put": {"TableName": "env", "Item": {"p": {"S": "3"}}}},
        {"Delete": {"TableName": "env", "Key": {"p": {"S": "1"}}}}]})");
    // One that is cancelled changes nothing.
    CHECK(error_of(cloud.call("dynamodb.TransactWriteItems", R"j({"TransactItems": [
        {"Put": {"TableName": "env", "Item": {"p": {"S": "4"}}}},
        {"Delete": {"TableName": "env", "Key": {"p": {"S": "9"}},
                    "ConditionExpression": "attribute_exists(p)"}}]})j"))
              .starts_with("TransactionCanceledException"));
    cloud.result("dynamodb.ExecuteStatement",
                 R"({"Statement": "UPDATE env SET v = 1 WHERE p = '2'"})");
    std::vector<std::string> changes;
    for (const auto& record : cloud.records()) {
        changes.push_back(std::string(record.at("eventName").as_string()) + " " +
                          std::string(record.at("dynamodb").at_pointer("/Keys/p/S").as_string()));
    }
    CHECK(changes ==
          std::vector<std::string>{"INSERT 1", "INSERT 2", "INSERT 3", "REMOVE 1", "MODIFY 2"});
    // The table's own stream has them, too, as its view type says.
    const std::string stream =
        std::string(cloud.result("dynamodb.DescribeTable", R"({"TableName": "env"})")
                        .at_pointer("/Table/LatestStreamArn")
                        .as_string());
    const auto shards =
        cloud.result("dynamodbstreams.DescribeStream", R"({"StreamArn": ")" + stream + "\"}");
    const auto iterator = cloud.result(
        "dynamodbstreams.GetShardIterator",
        R"({"ShardIteratorType": "TRIM_HORIZON", "StreamArn": ")" + stream + R"(", "ShardId": )" +
            boost::json::serialize(shards.at_pointer("/StreamDescription/Shards/0/ShardId")) + "}");
    const auto read = cloud.result("dynamodbstreams.GetRecords", boost::json::serialize(iterator));
    CHECK(read.at("Records").as_array().size() == 5);
    CHECK_FALSE(read.at_pointer("/Records/0/dynamodb").as_object().contains("NewImage"));
}

TEST_CASE("Records of a Kinesis destination say the precision of their time, and who expired them",
          "[dynamodb]") {
    Destinations cloud;
    cloud.enable(precise("Enable", "MICROSECOND"));
    cloud.result("dynamodb.UpdateTimeToLive", R"({"TableName": "env", "TimeToLiveSpecification":
                                                  {"Enabled": true, "AttributeName": "until"}})");
    cloud.put(R"(, "until": {"N": "1488326401"})");
    cloud.advance(Duration{2'000});
    const auto records = cloud.records();
    REQUIRE(records.size() == 2);
    const auto& put = records[0].at("dynamodb").as_object();
    CHECK(put.at("ApproximateCreationDateTime") == 1'488'326'400'000'000);
    CHECK(put.at("ApproximateCreationDateTimePrecision") == "MICROSECOND");
    CHECK(records[0].at("userIdentity").is_null());
    CHECK(records[1].at("eventName") == "REMOVE");
    CHECK(records[1].at("userIdentity") ==
          json(R"({"type": "Service", "principalId": "dynamodb.amazonaws.com"})"));
}

// DDB-TABLE-319: the destination does not tell of it.
TEST_CASE("A Kinesis destination whose stream is gone stays ACTIVE", "[dynamodb]") {
    Destinations cloud;
    cloud.enable();
    cloud.result("kinesis.DeleteStream", R"({"StreamName": "changes"})");
    cloud.settle();
    cloud.put("");
    CHECK(cloud.status() == "ACTIVE");
    cloud.does("Update", kStream, precise("Update", "MICROSECOND"));
    cloud.settle();
    CHECK(cloud.status() == "ACTIVE");
    cloud.make_stream();
    cloud.put(R"(, "v": {"N": "1"})");
    CHECK(cloud.records().size() == 1);
}

TEST_CASE("A table that is deleted leaves the stream of its Kinesis destination", "[dynamodb]") {
    Destinations cloud;
    cloud.enable();
    cloud.slowly();
    cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
    CHECK(cloud.status() == "UPDATING");  // DDB-TABLE-235
    CHECK(cloud.error("Enable") == kNotOff);
    CHECK(cloud.error("Disable") == kNotActive);
    cloud.advance(Duration{60'000});
    CHECK(cloud.error("Describe").starts_with("ResourceNotFoundException: "));
    CHECK(cloud.result("kinesis.DescribeStreamSummary", R"({"StreamName": "changes"})")
              .at("StreamDescriptionSummary")
              .at("StreamStatus") == "ACTIVE");
}

}  // namespace sbemu
