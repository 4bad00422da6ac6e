// Time to live. Facts: facts/dynamodb-kinesis.md 1.15 and ack-api-quirks (2026-10), DDB-TABLE-143
// to 147.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

constexpr std::int64_t kStart = 1488326400;  // TestCloud begins, in seconds

struct Expiring : TestCloud {
    Expiring() {
        const auto made = result("dynamodb.CreateTable",
                                 R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "OLD_IMAGE"}})");
        arn = made.at_pointer("/TableDescription/LatestStreamArn").as_string();
    }
    std::string set(bool enabled, const std::string& attribute = "ttl") {
        return error_of(call("dynamodb.UpdateTimeToLive",
                             R"({"TableName": "env", "TimeToLiveSpecification": {"Enabled": )" +
                                 std::string(enabled ? "true" : "false") +
                                 R"(, "AttributeName": ")" + attribute + "\"}}"));
    }
    void put(const std::string& name, const std::string& value) {
        result("dynamodb.PutItem", R"({"TableName": "env", "Item": {"name": {"S": ")" + name +
                                       R"("}, "ttl": )" + value + "}}");
    }
    void put(const std::string& name, std::int64_t second) {
        put(name, R"({"N": ")" + std::to_string(second) + "\"}");
    }
    std::int64_t count() {
        return result("dynamodb.Scan", R"({"TableName": "env"})").at("Count").as_int64();
    }
    boost::json::array records() {
        const auto described =
            result("dynamodbstreams.DescribeStream", R"({"StreamArn": ")" + arn + "\"}");
        const boost::json::object request{
            {"StreamArn", arn},
            {"ShardId", described.at_pointer("/StreamDescription/Shards/0/ShardId")},
            {"ShardIteratorType", "TRIM_HORIZON"}};
        const auto iterator =
            result("dynamodbstreams.GetShardIterator", boost::json::serialize(request));
        return result("dynamodbstreams.GetRecords", boost::json::serialize(iterator))
            .at("Records")
            .as_array();
    }

    std::string arn;
};

}  // namespace

TEST_CASE("UpdateTimeToLive", "[dynamodb][ttl]") {
    Expiring cloud;

    SECTION("waits for a table that is CREATING") {
        CHECK(cloud.set(true) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "env is being created");
        CHECK(error_of(cloud.call("dynamodb.DescribeTimeToLive", R"({"TableName": "env"})")) ==
              "ValidationException: Cannot describe time to live while table is in CREATING state: "
              "Current table state is CREATING");
    }
    cloud.settle();

    SECTION("refuses what is so already, another attribute, and to be asked too often") {
        CHECK(cloud.set(false) == "ValidationException: TimeToLive is already disabled");
        REQUIRE(cloud.set(true) == "none");
        CHECK(cloud.set(true) == "ValidationException: TimeToLive is already enabled");
        CHECK(cloud.set(true, "other") ==
              "ValidationException: TimeToLive is active on a different AttributeName: current "
              "AttributeName is ttl");
        CHECK(cloud.set(false) ==
              "ValidationException: Time to live has been modified multiple "
              "times within a fixed interval");
        CHECK(cloud.result("dynamodb.DescribeTimeToLive", R"({"TableName": "env"})") ==
              json(R"({"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED",
                                                 "AttributeName": "ttl"}})"));
        cloud.advance(std::chrono::minutes(31));
        CHECK(cloud.set(false) == "none");
        CHECK(cloud.result("dynamodb.DescribeTimeToLive", R"({"TableName": "env"})") ==
              json(R"({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}})"));
        CHECK(error_of(cloud.call("dynamodb.UpdateTimeToLive",
                                  R"({"TableName": "none", "TimeToLiveSpecification":
                                      {"Enabled": true, "AttributeName": "a"}})")) ==
              "ResourceNotFoundException: Requested resource not found: Table: none not found");
    }
}

TEST_CASE("An item expires", "[dynamodb][ttl]") {
    Expiring cloud;
    cloud.settle();

    SECTION("in its second, by the service, as the stream tells") {
        REQUIRE(cloud.set(true) == "none");
        cloud.put("a", kStart + 60);
        cloud.advance(std::chrono::seconds(60) - Duration{1});
        CHECK(cloud.count() == 1);
        cloud.advance(Duration{1});
        CHECK(cloud.count() == 0);
        const auto records = cloud.records();
        REQUIRE(records.size() == 2);
        CHECK(records[1].at("eventName") == "REMOVE");
        CHECK(records[1].at("userIdentity") ==
              json(R"({"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"})"));
        CHECK(records[1].at_pointer("/dynamodb/OldImage/name/S") == "a");
        CHECK_FALSE(records[0].as_object().contains("userIdentity"));
    }

    SECTION("when what it says is over already, or is moved forward, but not what is moved back") {
        REQUIRE(cloud.set(true) == "none");
        cloud.put("past", kStart - 10);
        cloud.put("sooner", kStart + 1000);
        cloud.put("sooner", kStart + 10);
        cloud.put("later", kStart + 10);
        cloud.put("later", kStart + 1000);
        cloud.settle();
        CHECK(cloud.count() == 2);
        cloud.advance(std::chrono::seconds(10));
        CHECK(cloud.count() == 1);
        cloud.advance(std::chrono::seconds(990));
        CHECK(cloud.count() == 0);
    }

    SECTION("not if it is no number, or more than five years old, or time to live is off") {
        REQUIRE(cloud.set(true) == "none");
        cloud.put("text", R"({"S": "1"})");
        cloud.put("old", kStart - 5L * 365 * 86'400 - 1);
        cloud.put("late", kStart + 3600);
        cloud.advance(std::chrono::minutes(31));
        CHECK(cloud.count() == 3);
        REQUIRE(cloud.set(false) == "none");
        cloud.advance(std::chrono::hours(2));
        CHECK(cloud.count() == 3);
        REQUIRE(cloud.set(true) == "none");  // "late" is over by now
        cloud.settle();
        CHECK(cloud.count() == 2);
    }

    SECTION("in numbers, some in each event, also what was there before") {
        for (int i = 0; i < 250; ++i) cloud.put("item" + std::to_string(i), kStart + 5);
        REQUIRE(cloud.set(true) == "none");
        cloud.advance(std::chrono::seconds(4));
        CHECK(cloud.count() == 250);
        const auto before = cloud.kernel.event_count();
        cloud.advance(std::chrono::seconds(1));
        CHECK(cloud.kernel.event_count() == before + 3);
        CHECK(cloud.count() == 0);
    }
}

}  // namespace sbemu
