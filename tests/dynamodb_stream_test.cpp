// DynamoDB Streams. Facts: facts/dynamodb-kinesis.md 2.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

std::string text(const boost::json::value& value) {
    return std::string(std::string_view(value.as_string()));
}

struct Streaming : TestCloud {
    explicit Streaming(const std::string& view_type = "NEW_AND_OLD_IMAGES") {
        arn = text(result("dynamodb.CreateTable",
                          R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": ")" +
                              view_type + "\"}}")
                       .at_pointer("/TableDescription/LatestStreamArn"));
        settle();
        shard = text(describe().at_pointer("/Shards/0/ShardId"));
    }
    boost::json::value describe() {
        return result("dynamodbstreams.DescribeStream", R"({"StreamArn": ")" + arn + "\"}")
            .at("StreamDescription");
    }
    void put(const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": "env", "Item": )" + item + "}");
    }
    void remove() {
        result("dynamodb.DeleteItem", R"({"TableName": "env", "Key": {"name": {"S": "a"}}})");
    }
    boost::json::value iterator(const std::string& type, const std::string& more = "") {
        return result("dynamodbstreams.GetShardIterator",
                      R"({"StreamArn": ")" + arn + R"(", "ShardId": ")" + shard +
                          R"(", "ShardIteratorType": ")" + type + "\"" + more + "}");
    }
    boost::json::value read(const boost::json::value& from) {
        return result("dynamodbstreams.GetRecords", boost::json::serialize(from));
    }
    boost::json::array records() { return read(iterator("TRIM_HORIZON")).at("Records").as_array(); }
    std::string names() {
        std::string all;
        for (const auto& record : records()) all += text(record.at("eventName")) + " ";
        return all;
    }

    std::string arn;
    std::string shard;
};

}  // namespace

TEST_CASE("A stream record", "[dynamodb][streams]") {
    SECTION("is written for every change, and for nothing else") {
        Streaming cloud;
        cloud.remove();
        cloud.put(R"({"name": {"S": "a"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}})");
        cloud.put(R"({"name": {"S": "a"}, "m": {"M": {"y": {"N": "2.0"}, "x": {"N": "1"}}}})");
        cloud.call("dynamodb.PutItem", R"x({"TableName": "env", "Item": {"name": {"S": "a"}},
            "ConditionExpression": "attribute_exists(nothing)"})x");
        cloud.put(R"({"name": {"S": "a"}})");
        cloud.remove();
        CHECK(cloud.names() == "INSERT MODIFY REMOVE ");
    }

    SECTION("has keys, images, size and a growing number") {
        Streaming cloud;
        cloud.advance(Duration{1999});
        cloud.put(R"({"name": {"S": "a"}, "v": {"N": "1"}})");
        cloud.put(R"({"name": {"S": "a"}, "v": {"N": "2"}})");
        auto records = cloud.records();
        auto& record = records[1].as_object();
        CHECK(record.at("eventID").as_string().size() == 32);
        record.erase("eventID");
        CHECK(boost::json::value(record) == json(R"({
            "eventName": "MODIFY", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": "us-east-1",
            "dynamodb": {
                "ApproximateCreationDateTime": 1488326401000,
                "Keys": {"name": {"S": "a"}},
                "NewImage": {"name": {"S": "a"}, "v": {"N": "2"}},
                "OldImage": {"name": {"S": "a"}, "v": {"N": "1"}},
                "SequenceNumber": "100000000000000000002",
                "SizeBytes": 21,
                "StreamViewType": "NEW_AND_OLD_IMAGES"}})"));
        CHECK_FALSE(records[0].at("dynamodb").as_object().contains("OldImage"));
    }

    SECTION("shows what the view type allows") {
        const auto [view, has_new, has_old] = GENERATE(table<std::string, bool, bool>({
            {"KEYS_ONLY", false, false},
            {"NEW_IMAGE", true, false},
            {"OLD_IMAGE", false, true},
            {"NEW_AND_OLD_IMAGES", true, true},
        }));
        INFO(view);
        Streaming cloud(view);
        cloud.put(R"({"name": {"S": "a"}, "v": {"N": "1"}})");
        cloud.put(R"({"name": {"S": "a"}, "v": {"N": "2"}})");
        const auto change = cloud.records()[1].at("dynamodb").as_object();
        CHECK(change.contains("NewImage") == has_new);
        CHECK(change.contains("OldImage") == has_old);
    }

    SECTION("is gone after 24 hours") {
        Streaming cloud;
        cloud.put(R"({"name": {"S": "a"}})");
        cloud.advance(std::chrono::hours(24));
        CHECK(cloud.names() == "");
        cloud.remove();
        cloud.shard = text(cloud.describe().at_pointer("/Shards/1/ShardId"));
        CHECK(cloud.names() == "REMOVE ");
    }
}

TEST_CASE("A shard", "[dynamodb][streams]") {
    Streaming cloud;
    cloud.put(R"({"name": {"S": "a"}})");
    const auto start = cloud.iterator("TRIM_HORIZON");
    const auto open_end = cloud.read(start).at("NextShardIterator");

    SECTION("takes records for four hours, then a child does") {
        cloud.advance(std::chrono::hours(4) - Duration{1});
        cloud.put(R"({"name": {"S": "a"}, "v": {"N": "1"}})");
        CHECK(cloud.describe().at("Shards").as_array().size() == 1);
        const auto latest = cloud.iterator("LATEST");
        cloud.advance(Duration{1});
        cloud.remove();
        const auto shards = cloud.describe().at("Shards").as_array();
        REQUIRE(shards.size() == 2);
        CHECK(shards[0].at("SequenceNumberRange") ==
              json(R"({"StartingSequenceNumber": "100000000000000000001",
                       "EndingSequenceNumber": "100000000000000000003"})"));
        CHECK(shards[1].at("SequenceNumberRange") ==
              json(R"({"StartingSequenceNumber": "100000000000000000004"})"));
        CHECK(text(shards[1].at("ParentShardId")) == cloud.shard);
        CHECK_FALSE(shards[0].as_object().contains("ParentShardId"));
        // The parent ends; what is new is in the child.
        CHECK(cloud.read(latest) == json(R"({"Records": []})"));
        CHECK(cloud.names() == "INSERT MODIFY ");
        cloud.shard = text(shards[1].at("ShardId"));
        CHECK(cloud.names() == "REMOVE ");
    }

    SECTION("is found by its parent, page by page") {
        for (int i = 0; i < 2; ++i) {
            cloud.advance(std::chrono::hours(4));
            cloud.put(R"({"name": {"S": "a"}, "v": {"N": ")" + std::to_string(i) + "\"}}");
        }
        const auto describe = [&](const std::string& more) {
            return cloud
                .result("dynamodbstreams.DescribeStream",
                        R"({"StreamArn": ")" + cloud.arn + "\"" + more + "}")
                .at("StreamDescription");
        };
        const auto all = describe("").at("Shards").as_array();
        REQUIRE(all.size() == 3);
        const std::string second = text(all[1].at("ShardId"));
        const auto children =
            describe(R"(, "ShardFilter": {"Type": "CHILD_SHARDS", "ShardId": ")" + second + "\"}");
        CHECK(children.at("Shards") == boost::json::array{all[2]});
        const auto page = describe(R"(, "Limit": 2)");
        CHECK(page.at("Shards").as_array().size() == 2);
        CHECK(text(page.at("LastEvaluatedShardId")) == second);
        CHECK(describe(R"(, "ExclusiveStartShardId": ")" + second + "\"").at("Shards") ==
              boost::json::array{all[2]});
        CHECK(describe(R"(, "ExclusiveStartShardId": "shardId-00000001488326400000-0")")
                  .at("Shards")
                  .as_array()
                  .empty());
        CHECK(error_of(cloud.call("dynamodbstreams.DescribeStream",
                                  R"({"StreamArn": ")" + cloud.arn +
                                      R"(", "ShardFilter": {"Type": "CHILD_SHARDS"}})"))
                  .starts_with("ValidationException: "));
        cloud.advance(std::chrono::hours(17));  // the first was closed 21 hours ago
        CHECK(describe("").at("Shards").as_array().size() == 3);
        cloud.advance(std::chrono::hours(3));
        CHECK(describe("").at("Shards").as_array().size() == 2);
    }

    SECTION("tells an iterator that its record is gone") {
        cloud.advance(std::chrono::hours(24) - std::chrono::minutes(1));
        const auto late = cloud.iterator("TRIM_HORIZON");
        cloud.advance(std::chrono::minutes(2));
        const auto error =
            error_of(cloud.call("dynamodbstreams.GetRecords", boost::json::serialize(late)));
        CHECK(error.starts_with("TrimmedDataAccessException: "));
        CHECK(cloud.records().empty());
    }
}

TEST_CASE("DescribeStream and ListStreams", "[dynamodb][streams]") {
    Streaming cloud;

    SECTION("describe an enabled stream with one open shard") {
        auto description = cloud.describe();
        CHECK(cloud.shard.starts_with("shardId-00000001488326400000-"));
        CHECK(cloud.shard.size() == 37);
        CHECK(description.at("StreamStatus") == "ENABLED");
        CHECK(description.at("StreamLabel") == "2017-03-01T00:00:00.000");
        CHECK(description.at("KeySchema") ==
              json(R"([{"AttributeName": "name", "KeyType": "HASH"}])"));
        CHECK(description.at_pointer("/Shards/0/SequenceNumberRange") ==
              json(R"({"StartingSequenceNumber": "100000000000000000001"})"));
        CHECK(cloud.result("dynamodbstreams.ListStreams", R"({"TableName": "env"})") ==
              boost::json::value({{"Streams", boost::json::array{boost::json::object{
                                                  {"StreamArn", cloud.arn},
                                                  {"TableName", "env"},
                                                  {"StreamLabel", "2017-03-01T00:00:00.000"}}}}}));
        CHECK(cloud.result("dynamodbstreams.ListStreams", R"({"TableName": "other"})") ==
              json(R"({"Streams": []})"));
    }

    SECTION("keep a stream for 24 hours after its table is deleted, closed and readable") {
        cloud.put(R"({"name": {"S": "a"}})");
        const auto start = cloud.iterator("TRIM_HORIZON");
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        cloud.settle();
        CHECK(cloud.describe().at("StreamStatus") == "DISABLED");
        CHECK(cloud.describe()
                  .at_pointer("/Shards/0/SequenceNumberRange")
                  .as_object()
                  .contains("EndingSequenceNumber"));
        const auto reply = cloud.read(start);
        CHECK(reply.at("Records").as_array().size() == 1);
        CHECK_FALSE(reply.as_object().contains("NextShardIterator"));
        cloud.advance(std::chrono::hours(24));
        CHECK(error_of(cloud.call("dynamodbstreams.DescribeStream",
                                  R"({"StreamArn": ")" + cloud.arn + "\"}")) ==
              "ResourceNotFoundException: Requested resource not found: Stream: " + cloud.arn +
                  " not found");
    }
}

TEST_CASE("Stream iterators", "[dynamodb][streams]") {
    Streaming cloud;
    cloud.put(R"({"name": {"S": "a"}, "v": {"N": "1"}})");
    cloud.put(R"({"name": {"S": "a"}, "v": {"N": "2"}})");
    const auto count = [&](const boost::json::value& from) {
        return cloud.read(from).at("Records").as_array().size();
    };

    SECTION("start where they are told and go on from there") {
        const std::string second = R"(, "SequenceNumber": "100000000000000000002")";
        CHECK(count(cloud.iterator("TRIM_HORIZON")) == 2);
        CHECK(count(cloud.iterator("AT_SEQUENCE_NUMBER", second)) == 1);
        CHECK(count(cloud.iterator("AFTER_SEQUENCE_NUMBER", second)) == 0);
        const auto latest = cloud.iterator("LATEST");
        CHECK(text(latest.at("ShardIterator")).starts_with(cloud.arn + "|1|"));
        CHECK(count(latest) == 0);
        cloud.remove();
        CHECK(count(latest) == 1);
        const auto next = cloud.read(latest).at("NextShardIterator");
        CHECK(count({{"ShardIterator", next}}) == 0);
    }

    SECTION("limit how much is read") {
        auto start = cloud.iterator("TRIM_HORIZON");
        start.as_object()["Limit"] = 1;
        CHECK(count(start) == 1);
        const auto next = cloud.read(start).at("NextShardIterator");
        CHECK(count({{"ShardIterator", next}}) == 1);
    }

    SECTION("expire after 15 minutes") {
        const auto start = cloud.iterator("TRIM_HORIZON");
        cloud.advance(std::chrono::minutes(15));
        CHECK(count(start) == 2);
        cloud.advance(Duration{1});
        CHECK(error_of(cloud.call("dynamodbstreams.GetRecords", boost::json::serialize(start)))
                  .starts_with("ExpiredIteratorException: "));
    }

    SECTION("refuse what is gone, foreign or garbage") {
        cloud.advance(std::chrono::hours(24));
        const auto call = [&](const std::string& members) {
            const Applied applied =
                cloud.call("dynamodbstreams.GetShardIterator",
                           R"({"StreamArn": ")" + cloud.arn + "\", " + members + "}");
            const auto error = error_of(applied);
            return error.substr(0, error.find(':'));
        };
        CHECK(call(R"("ShardId": ")" + cloud.shard +
                   R"(", "ShardIteratorType": "AT_SEQUENCE_NUMBER",
                      "SequenceNumber": "100000000000000000001")") == "TrimmedDataAccessException");
        CHECK(call(R"("ShardId": "shardId-00000001488326400000-00000000",
                      "ShardIteratorType": "LATEST")") == "ResourceNotFoundException");
        // Alternator's test_get_shard_iterator and test_list_streams_with_nonexistent_last_stream.
        for (const std::string type : {"LATEST", "TRIM_HORIZON"}) {
            CHECK(call(R"("ShardId": ")" + cloud.shard + R"(", "ShardIteratorType": ")" + type +
                       R"(", "SequenceNumber": "100000000000000000001")") == "ValidationException");
        }
        CHECK(error_of(cloud.call("dynamodbstreams.ListStreams", R"({"ExclusiveStartStreamArn":
                  "neither an ARN nor anything that looks like one"})")) ==
              "ValidationException: Invalid StreamArn");
        CHECK(error_of(cloud.call("dynamodbstreams.GetRecords", R"({"ShardIterator": "x"})")) ==
              "ValidationException: Invalid ShardIterator");
        CHECK(error_of(cloud.call("dynamodbstreams.DescribeStream",
                                  R"({"StreamArn": "fake-stream"})")) ==
              "ValidationException: Invalid StreamArn");
    }
}

}  // namespace sbemu
