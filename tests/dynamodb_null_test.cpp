// null where a list or a map of a request should have something. JSON null means absent, so that
// the API model lets it through; each of these once was InternalFailure.
#include <catch2/catch.hpp>

#include "tests/dynamodb_tables.h"

namespace sbemu {

TEST_CASE("Entries that are null are refused", "[dynamodb][null]") {
    EnvAndLogTables cloud;
    const std::string one = R"("TableName": "env", "Key": {"name": {"S": "fn"}})";
    const auto [operation, members] = GENERATE_COPY(table<std::string, std::string>({
        {"PutItem",
         R"("TableName": "env", "Item": {"name": {"S": "fn"}}, "Expected": {"a": null})"},
        {"PutItem", R"("TableName": "env", "Item": {"name": {"S": "fn"}}, "ConditionExpression":
            "#a < b", "ExpressionAttributeNames": {"#a": null})"},
        {"UpdateItem", one + R"(, "AttributeUpdates": {"a": null})"},
        {"GetItem", one + R"(, "AttributesToGet": ["a", null])"},
        {"Query", R"("TableName": "env", "KeyConditions": {"name": null})"},
        {"Scan", R"("TableName": "env", "ScanFilter": {"a": null})"},
        {"BatchWriteItem", R"("RequestItems": {"env": null})"},
        {"BatchWriteItem", R"("RequestItems": {"env": [null]})"},
        {"BatchGetItem", R"("RequestItems": {"env": null})"},
        {"BatchGetItem", R"("RequestItems": {"env": {"Keys": [null]}})"},
        {"TransactWriteItems", R"("TransactItems": [null])"},
        {"TransactGetItems", R"("TransactItems": [null])"},
        {"BatchExecuteStatement", R"("Statements": [null])"},
        {"ExecuteTransaction", R"("TransactStatements": [null])"},
        {"TagResource", R"("ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/env",
            "Tags": [null])"},
        {"UntagResource", R"("ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/env",
            "TagKeys": [null])"},
        {"UpdateTable", R"("TableName": "env", "GlobalSecondaryIndexUpdates": [null])"},
        {"CreateTable", R"("TableName": "new", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
            "AttributeDefinitions": [null])"},
        {"CreateTable", R"("TableName": "new", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
            "GlobalSecondaryIndexes": [{"IndexName": "idx", "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [null]}])"},
    }));
    INFO(operation << " " << members);
    CHECK(error_of(cloud.call("dynamodb." + operation, "{" + members + "}")) ==
          "SerializationException: ");
}

TEST_CASE("Values that are null or have null in them are refused", "[dynamodb][null]") {
    EnvAndLogTables cloud;
    const std::string one = "ValidationException: 1 validation error detected: ";
    const std::string empty =
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    const auto [value, error] = GENERATE_COPY(table<std::string, std::string>({
        {"null", empty},
        {R"({"S": null})", empty},
        {R"({"L": [null]})", empty},
        {R"({"M": {"a": null}})", empty},
        {R"({"SS": ["a", null]})",
         "One or more parameter values were invalid: An string set may not have a null string "
         "as a "
         "member"},
        {R"({"NS": ["1", null]})", empty},
        {R"({"BS": ["AA==", null]})", empty},
    }));
    INFO(value);
    CHECK(error_of(cloud.call("dynamodb.PutItem", R"({"TableName": "env",
        "Item": {"name": {"S": "fn"}, "a": )" + value +
                                                      "}}")) == one + error);
    CHECK(error_of(cloud.call("dynamodb.ExecuteStatement",
                              R"({"Statement": "SELECT * FROM env WHERE a = ?", "Parameters": [)" +
                                  value + "]}")) == "ValidationException: " + error);
}

}  // namespace sbemu
