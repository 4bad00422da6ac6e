// DeleteTable. Facts: facts/dynamodb-kinesis.md 1.15.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

const char* const kTable = R"({"TableName": "env",
    "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
    "ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5}})";

}  // namespace

TEST_CASE("DeleteTable", "[dynamodb][delete-table]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", kTable);

    SECTION("waits for a table that is CREATING") {
        CHECK(error_of(cloud.call("dynamodb.DeleteTable", R"({"TableName": "env"})")) ==
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "is being created: env");
    }
    cloud.settle();

    SECTION("answers little, then the table and its items are gone") {
        cloud.result("dynamodb.PutItem", R"({"TableName": "env", "Item": {"name": {"S": "x"}}})");
        const auto reply = cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        CHECK(reply.at_pointer("/TableDescription/TableStatus") == "DELETING");
        CHECK_FALSE(reply.at("TableDescription").as_object().contains("KeySchema"));
        CHECK_FALSE(reply.at("TableDescription").as_object().contains("CreationDateTime"));
        cloud.settle();
        CHECK(error_of(cloud.call("dynamodb.DescribeTable", R"({"TableName": "env"})")) ==
              "ResourceNotFoundException: Requested resource not found: Table: env not found");
        cloud.result("dynamodb.CreateTable", kTable);
        cloud.settle();
        CHECK(cloud.result("dynamodb.Scan", R"({"TableName": "env"})").at("Count") == 0);
    }

    SECTION("refuses a protected table") {
        cloud.result("dynamodb.UpdateTable",
                     R"({"TableName": "env", "DeletionProtectionEnabled": true})");
        cloud.settle();
        CHECK(error_of(cloud.call("dynamodb.DeleteTable", R"({"TableName": "env"})")) ==
              "ValidationException: Resource cannot be deleted as it is currently protected "
              "against deletion. Disable deletion protection first.");
    }

    SECTION(
        "says since when an on-demand table is one (Alternator's test_delete_table_description)") {
        cloud.result("dynamodb.UpdateTable",
                     R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST"})");
        cloud.settle();
        const auto reply = cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        const auto& summary = reply.at_pointer("/TableDescription/BillingModeSummary");
        CHECK(summary.at("BillingMode") == "PAY_PER_REQUEST");
        CHECK(summary.at("LastUpdateToPayPerRequestDateTime").is_int64());
    }
}

}  // namespace sbemu
