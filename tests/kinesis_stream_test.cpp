// Kinesis streams: CreateStream, DescribeStream, ListStreams, ListShards, DeleteStream, tags.
// Texts: facts/dynamodb-kinesis.md 3.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

std::string shard_ids(const boost::json::value& shards) {
    std::string ids;
    for (const auto& shard : shards.as_array()) {
        ids += std::string(std::string_view(shard.at("ShardId").as_string())) + " ";
    }
    return ids;
}

}  // namespace

TEST_CASE("CreateStream", "[kinesis][create-stream]") {
    TestCloud cloud;

    SECTION("answers nothing, and the stream is CREATING without shards, then ACTIVE") {
        CHECK(cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 1})") ==
              json("{}"));
        auto creating = cloud.result("kinesis.DescribeStream", R"({"StreamName": "s"})");
        CHECK(creating.at_pointer("/StreamDescription/StreamStatus") == "CREATING");
        CHECK(creating.at_pointer("/StreamDescription/Shards") == json("[]"));
        cloud.settle();
        CHECK(cloud.result("kinesis.DescribeStream", R"({"StreamName": "s"})") == json(R"({
            "StreamDescription": {
                "StreamName": "s",
                "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "StreamStatus": "ACTIVE",
                "StreamModeDetails": {"StreamMode": "PROVISIONED"},
                "RetentionPeriodHours": 24,
                "StreamCreationTimestamp": 1488326400000,
                "EnhancedMonitoring": [{"ShardLevelMetrics": []}],
                "EncryptionType": "NONE",
                "Shards": [{
                    "ShardId": "shardId-000000000000",
                    "HashKeyRange": {"StartingHashKey": "0",
                        "EndingHashKey": "340282366920938463463374607431768211455"},
                    "SequenceNumberRange": {"StartingSequenceNumber":
                        "49570909912093161503194101665051070262889426200872091650"}
                }],
                "HasMoreShards": false
            }})"));
    }

    SECTION("cuts the hash keys into equal ranges, the last one taking the rest") {
        cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 3})");
        cloud.settle();
        const auto reply = cloud.result("kinesis.DescribeStream", R"({"StreamName": "s"})");
        const auto range = [&](int i, const char* end) {
            return reply.at_pointer("/StreamDescription/Shards/" + std::to_string(i) +
                                    "/HashKeyRange/" + end);
        };
        CHECK(range(0, "EndingHashKey") == "113427455640312821154458202477256070484");
        CHECK(range(1, "StartingHashKey") == "113427455640312821154458202477256070485");
        CHECK(range(2, "StartingHashKey") == "226854911280625642308916404954512140970");
        CHECK(range(2, "EndingHashKey") == "340282366920938463463374607431768211455");
    }

    SECTION("makes four shards on demand when no count is given") {
        cloud.result("kinesis.CreateStream", R"({"StreamName": "s"})");
        cloud.settle();
        const auto summary =
            cloud.result("kinesis.DescribeStreamSummary", R"({"StreamName": "s"})");
        CHECK(summary.at_pointer("/StreamDescriptionSummary/StreamModeDetails/StreamMode") ==
              "ON_DEMAND");
        CHECK(summary.at_pointer("/StreamDescriptionSummary/OpenShardCount") == 4);
    }

    SECTION("refuses a name that exists, and more shards than an account may have") {
        cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 1})");
        CHECK(error_of(
                  cloud.call("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 1})")) ==
              "ResourceInUseException: Stream s under account 123456789012 already exists.");
        CHECK(error_of(
                  cloud.call("kinesis.CreateStream", R"({"StreamName": "t", "ShardCount": 20000})"))
                  .starts_with("LimitExceededException: This request would exceed the shard limit "
                               "for the account 123456789012 in us-east-1. Current shard count "
                               "for the account: 1. Limit: 20000."));
    }
}

TEST_CASE("DeleteStream", "[kinesis][delete-stream]") {
    TestCloud cloud;
    cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 1})");
    cloud.settle();
    cloud.result("kinesis.PutRecord", R"({"StreamName": "s", "PartitionKey": "a", "Data": ""})");

    SECTION("leaves the stream DELETING, then gone, and its name free") {
        CHECK(cloud.result("kinesis.DeleteStream", R"({"StreamName": "s"})") == json("{}"));
        CHECK(cloud.result("kinesis.DescribeStreamSummary", R"({"StreamName": "s"})")
                  .at_pointer("/StreamDescriptionSummary/StreamStatus") == "DELETING");
        cloud.settle();
        CHECK(error_of(cloud.call("kinesis.DescribeStream", R"({"StreamName": "s"})")) ==
              "ResourceNotFoundException: Stream s under account 123456789012 not found.");
        CHECK(error_of(cloud.call("kinesis.CreateStream",
                                  R"({"StreamName": "s", "ShardCount": 1})")) == "none");
    }

    SECTION("makes iterators of the old stream useless, even if one of its name is made anew") {
        const auto iterator = cloud.result("kinesis.GetShardIterator",
                                           R"({"StreamName": "s", "ShardId": "shardId-000000000000",
                "ShardIteratorType": "TRIM_HORIZON"})");
        cloud.result("kinesis.DeleteStream", R"({"StreamName": "s"})");
        cloud.settle();
        cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 1})");
        cloud.settle();
        CHECK(error_of(cloud.call("kinesis.GetRecords", boost::json::serialize(iterator))) ==
              "ResourceNotFoundException: Shard shardId-000000000000 in stream s under account "
              "123456789012 does not exist");
    }

    SECTION("refuses a stream that is not there") {
        CHECK(error_of(cloud.call("kinesis.DeleteStream", R"({"StreamName": "none"})")) ==
              "ResourceNotFoundException: Stream none under account 123456789012 not found.");
    }
}

TEST_CASE("ListStreams", "[kinesis][list-streams]") {
    TestCloud cloud;
    for (const char* name : {"b", "a", "c"}) {
        cloud.result("kinesis.CreateStream",
                     R"({"ShardCount": 1, "StreamName": ")" + std::string(name) + "\"}");
    }
    SECTION("pages by name, with a start name or a token") {
        const auto first = cloud.result("kinesis.ListStreams", R"({"Limit": 2})");
        CHECK(first.at("StreamNames") == json(R"(["a", "b"])"));
        CHECK(first.at("HasMoreStreams") == true);
        CHECK(first.at_pointer("/StreamSummaries/0/StreamStatus") == "CREATING");
        const auto second = cloud.result(
            "kinesis.ListStreams",
            boost::json::serialize(boost::json::object{{"NextToken", first.at("NextToken")}}));
        CHECK(second.at("StreamNames") == json(R"(["c"])"));
        CHECK(second.at("HasMoreStreams") == false);
        CHECK(cloud.result("kinesis.ListStreams", R"({"ExclusiveStartStreamName": "a"})")
                  .at("StreamNames") == json(R"(["b", "c"])"));
    }
    SECTION("shows each account and region its own") {
        cloud.caller.region = "eu-west-1";
        CHECK(cloud.result("kinesis.ListStreams").at("StreamNames") == json("[]"));
    }
}

TEST_CASE("ListShards", "[kinesis][list-shards]") {
    TestCloud cloud;
    cloud.result("kinesis.CreateStream", R"({"StreamName": "s", "ShardCount": 3})");
    cloud.settle();

    SECTION("pages with a token that is good for 300 seconds") {
        const auto first =
            cloud.result("kinesis.ListShards", R"({"StreamName": "s", "MaxResults": 2})");
        CHECK(shard_ids(first.at("Shards")) == "shardId-000000000000 shardId-000000000001 ");
        const std::string next =
            boost::json::serialize(boost::json::object{{"NextToken", first.at("NextToken")}});
        CHECK(shard_ids(cloud.result("kinesis.ListShards", next).at("Shards")) ==
              "shardId-000000000002 ");
        cloud.advance(Duration{300'001});
        CHECK(error_of(cloud.call("kinesis.ListShards", next)) ==
              "ExpiredNextTokenException: NextToken is expired.");
    }
    SECTION("takes an ARN, a start and a filter") {
        CHECK(shard_ids(cloud
                            .result("kinesis.ListShards",
                                    R"({"StreamARN":
                                        "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                                        "ExclusiveStartShardId": "shardId-000000000001"})")
                            .at("Shards")) == "shardId-000000000002 ");
        CHECK(shard_ids(cloud
                            .result("kinesis.ListShards",
                                    R"({"StreamName": "s", "ShardFilter":
                                        {"Type": "AT_LATEST"}})")
                            .at("Shards"))
                  .size() == 63);
    }
    SECTION("refuses") {
        const auto [request, error] = GENERATE(table<std::string, std::string>({
            {"{}", "InvalidArgumentException: Either NextToken or StreamName should be provided."},
            {R"({"NextToken": "x", "StreamName": "s"})",
             "InvalidArgumentException: NextToken and StreamName cannot be provided together."},
            {R"({"NextToken": "x"})", "InvalidArgumentException: NextToken is invalid."},
            {R"({"StreamName": "none"})",
             "ResourceNotFoundException: Stream none under account 123456789012 not found."},
            {R"({"StreamName": "s", "ExclusiveStartShardId": "nonsense"})",
             "ResourceNotFoundException: Could not find shard nonsense in stream s under account "
             "123456789012."},
        }));
        INFO(request);
        CHECK(error_of(cloud.call("kinesis.ListShards", request)) == error);
    }
}

TEST_CASE("Kinesis tags and retention", "[kinesis]") {
    TestCloud cloud;
    cloud.result("kinesis.CreateStream",
                 R"({"StreamName": "s", "ShardCount": 1, "Tags": {"made": "by hand"}})");
    cloud.settle();

    SECTION("tags are added, listed by key and removed") {
        cloud.result("kinesis.AddTagsToStream",
                     R"({"StreamName": "s", "Tags": {"z": "1", "a": "2"}})");
        cloud.result("kinesis.RemoveTagsFromStream", R"({"StreamName": "s", "TagKeys": ["z"]})");
        CHECK(cloud.result("kinesis.ListTagsForStream", R"({"StreamName": "s"})") == json(R"({
            "Tags": [{"Key": "a", "Value": "2"}, {"Key": "made", "Value": "by hand"}],
            "HasMoreTags": false})"));
        CHECK(error_of(cloud.call("kinesis.AddTagsToStream",
                                  R"({"StreamName": "s", "Tags": {"a": "b;c"}})")) ==
              "InvalidArgumentException: Some tags contain invalid characters. Valid characters: "
              "Unicode letters, digits, white space, _ . / = + - % @.");
    }
    SECTION("retention goes up and down within 24 and 8760 hours") {
        const auto [operation, hours, error] =
            GENERATE(table<std::string, std::string, std::string>({
                {"Increase", "48", "none"},
                {"Decrease", "23",
                 "InvalidArgumentException: Minimum allowed retention period is 24 hours. "
                 "Requested retention period (23 hours) is too short."},
                {"Decrease", "25",
                 "InvalidArgumentException: Requested retention period (25 hours) for stream s "
                 "can not be longer than existing retention period (24 hours). Use "
                 "IncreaseRetentionPeriod API."},
            }));
        INFO(operation << " " << hours);
        CHECK(error_of(cloud.call(
                  "kinesis." + operation + "StreamRetentionPeriod",
                  R"({"StreamName": "s", "RetentionPeriodHours": )" + hours + "}")) == error);
    }
}

}  // namespace sbemu
