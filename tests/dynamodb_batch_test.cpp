// BatchWriteItem, BatchGetItem. Texts: facts/dynamodb-kinesis.md 1.3, 1.4, 1.11.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

// Tables "one" (key: p S) and "two" (keys: p S, n N).
struct Tables : TestCloud {
    Tables() {
        result("dynamodb.CreateTable", R"({"TableName": "one", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})");
        result("dynamodb.CreateTable", R"({"TableName": "two", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"},
                                     {"AttributeName": "n", "AttributeType": "N"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                          {"AttributeName": "n", "KeyType": "RANGE"}]})");
        settle();
    }
    std::string write_error(const std::string& items) {
        return error_of(call("dynamodb.BatchWriteItem", R"({"RequestItems": )" + items + "}"));
    }
    std::string get_error(const std::string& items) {
        return error_of(call("dynamodb.BatchGetItem", R"({"RequestItems": )" + items + "}"));
    }
    boost::json::value write(const std::string& items, const std::string& more = "") {
        return result("dynamodb.BatchWriteItem", R"({"RequestItems": )" + items + more + "}");
    }
    boost::json::value get(const std::string& items, const std::string& more = "") {
        return result("dynamodb.BatchGetItem", R"({"RequestItems": )" + items + more + "}");
    }
    boost::json::value count(const std::string& table) {
        return result("dynamodb.Scan", R"({"TableName": ")" + table + R"("})").at("Count");
    }
};

constexpr std::string_view kArnOfOne = "arn:aws:dynamodb:us-east-1:123456789012:table/one";

std::string put(const std::string& item) { return R"({"PutRequest": {"Item": )" + item + "}}"; }
std::string erase(const std::string& key) { return R"({"DeleteRequest": {"Key": )" + key + "}}"; }

}  // namespace

TEST_CASE("BatchWriteItem refuses the whole batch", "[dynamodb][batch-write-item]") {
    Tables cloud;
    const auto [items, message] = GENERATE(table<std::string, std::string>({
        {"{}", "ValidationException: The requestItems parameter is required for BatchWriteItem"},
        {R"({"one": [{}]})",
         "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the "
         "supported datatypes"},
        {R"({"one": [{"PutRequest": {"Item": {"p": {"S": "a"}}},
                      "DeleteRequest": {"Key": {"p": {"S": "a"}}}}]})",
         "ValidationException: Supplied AttributeValue has more than one datatypes set, must "
         "contain exactly one of the supported datatypes"},
        {R"({"one": [)" + put(R"({"p": {"S": "a"}})") + ", " + erase(R"({"p": {"S": "a"}})") + "]}",
         "ValidationException: Provided list of item keys contains duplicates"},
        {R"({"one": [)" + put(R"({"p": {"S": "a"}})") + R"(], ")" + std::string(kArnOfOne) +
             R"(": [)" + erase(R"({"p": {"S": "a"}})") + "]}",
         "ValidationException: Provided list of item keys contains duplicates"},  // assumed
        {R"({"one": [)" + put(R"({"p": {"S": "a"}})") + ", " + put(R"({"p": {"N": "1"}})") + "]}",
         "ValidationException: The provided key element does not match the schema"},
        {R"({"one": [)" + put(R"({"p": {"S": "a"}})") + ", " + put(R"({"p": {"S": ""}})") + "]}",
         "ValidationException: One or more parameter values are not valid. The AttributeValue for "
         "a key attribute cannot contain an empty string value. Key: p"},
        {R"({"one": [)" + put(R"({"p": {"S": "a"}, "n": {"N": "x"}})") + "]}",
         "ValidationException: The parameter cannot be converted to a numeric value: x"},
        {R"({"one": [)" + put(R"({"p": {"S": "a"}, "n": {"N": ""}})") + "]}",
         "ValidationException: The parameter cannot be converted to a numeric value"},
        // The exponent has 32 bits here.
        {R"({"one": [)" + put(R"({"p": {"S": "a"}, "n": {"NS": ["1e2147483647"]}})") + "]}",
         "ValidationException: Number underflow. Attempting to store a number with magnitude "
         "smaller than supported range"},
        {R"({"one": [)" + put(R"({"p": {"S": "a"}, "n": {"N": "1e2147483648"}})") + "]}",
         "ValidationException: The parameter cannot be converted to a numeric value: 1e2147483648"},
        {R"({"one": [)" + put(R"({"p": {"S": "a"}, "n": {"BS": ["/w==", "AA==", "AA=="]}})") + "]}",
         "ValidationException: One or more parameter values were invalid: Input collection "
         "[/w==, AA==, AA==]of type BS contains duplicates."},
        {R"({"one": [)" + put(R"({"p": {"S": "a"}})") + R"(], "none": [)" +
             put(R"({"p": {"S": "a"}})") + "]}",
         "ResourceNotFoundException: Requested resource not found"},
        {R"({"one": [)" +
             put(R"({"p": {"S": "a"}, "b": {"S": ")" + std::string(409'600, 'x') + R"("}})") + "]}",
         "ValidationException: Item size has exceeded the maximum allowed size"},
    }));
    CHECK(cloud.write_error(items) == message);
    CHECK(cloud.count("one") == 0);
}

TEST_CASE("BatchWriteItem puts and deletes", "[dynamodb][batch-write-item]") {
    Tables cloud;
    cloud.write(R"({"one": [)" + put(R"({"p": {"S": "gone"}})") + "]}");
    CHECK(cloud.write(R"({"one": [)" + put(R"({"p": {"S": "a"}})") + ", " +
                          erase(R"({"p": {"S": "gone"}})") + R"(], "two": [)" +
                          put(R"({"p": {"S": "a"}, "n": {"N": "1"}})") + "]}",
                      R"(, "ReturnConsumedCapacity": "TOTAL")") ==
          json(R"({"UnprocessedItems": {}, "ConsumedCapacity": [
              {"TableName": "one", "CapacityUnits": 2},
              {"TableName": "two", "CapacityUnits": 1}]})"));
    CHECK(cloud.result("dynamodb.Scan", R"({"TableName": "one"})").at("Items") ==
          json(R"([{"p": {"S": "a"}}])"));
    CHECK(cloud.count("two") == 1);
}

TEST_CASE("BatchGetItem refuses", "[dynamodb][batch-get-item]") {
    Tables cloud;
    const auto [items, message] = GENERATE(table<std::string, std::string>({
        {R"({"one": {"Keys": [{"p": {"S": "a"}}, {"p": {"S": "a"}}]}})",
         "ValidationException: Provided list of item keys contains duplicates"},
        {R"({"one": {"Keys": [{"p": {"S": "a"}}]}, ")" + std::string(kArnOfOne) +
             R"(": {"Keys": [{"p": {"S": "a"}}]}})",
         "ValidationException: Provided list of item keys contains duplicates"},  // assumed
        {R"({"one": {"Keys": [{"p": {"N": "1"}}]}})",
         "ValidationException: The provided key element does not match the schema"},
        {R"({"none": {"Keys": [{"p": {"S": "a"}}]}})",
         "ResourceNotFoundException: Requested resource not found"},
        {R"({"one": {"Keys": [{"p": {"S": "a"}}], "ProjectionExpression": "a,,b"}})",
         "ValidationException: Invalid ProjectionExpression: Syntax error; token: \",\", near: "
         "\",,b\""},
        {R"({"none": {"Keys": [{"p": {"S": "a"}}], "ProjectionExpression": "a"},
             "one": {"Keys": [{"p": {"S": "a"}}], "AttributesToGet": ["b"]}})",
         "ValidationException: Can not use both expression and non-expression parameters in the "
         "same request: Non-expression parameters: {AttributesToGet} Expression parameters: "
         "{ProjectionExpression}"},
        {R"({"one": {"Keys": [{"p": {"S": "a"}}], "ProjectionExpression": "a",
                     "AttributesToGet": ["b"]}})",
         "ValidationException: Can not use both expression and non-expression parameters in the "
         "same request: Non-expression parameters: {AttributesToGet} Expression parameters: "
         "{ProjectionExpression}"},
    }));
    CHECK(cloud.get_error(items) == message);
}

TEST_CASE("BatchGetItem reads of several tables", "[dynamodb][batch-get-item]") {
    Tables cloud;
    cloud.write(R"({"one": [)" + put(R"({"p": {"S": "a"}, "x": {"S": "x"}, "y": {"S": "y"}})") +
                R"(], "two": [)" + put(R"({"p": {"S": "a"}, "n": {"N": "1"}})") + "]}");
    CHECK(cloud.get(R"({"one": {"Keys": [{"p": {"S": "a"}}, {"p": {"S": "b"}}],
                                "ProjectionExpression": "#x",
                                "ExpressionAttributeNames": {"#x": "x"}},
                        "two": {"Keys": [{"p": {"S": "a"}, "n": {"N": "1.0"}}],
                                "ConsistentRead": true}})",
                    R"(, "ReturnConsumedCapacity": "INDEXES")") ==
          json(R"({"Responses": {"one": [{"x": {"S": "x"}}],
                                 "two": [{"p": {"S": "a"}, "n": {"N": "1"}}]},
                   "UnprocessedKeys": {},
                   "ConsumedCapacity": [
                       {"TableName": "one", "CapacityUnits": 1, "Table": {"CapacityUnits": 1}},
                       {"TableName": "two", "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}]})"));

    SECTION("up to 16 MB, and answers the keys of the rest") {
        const std::string long_text(400'000, 'x');
        std::string keys;
        for (int i = 0; i < 60; ++i) {
            const std::string key = R"({"p": {"S": "b)" + std::to_string(i) + "\"}";
            cloud.result("dynamodb.PutItem", R"({"TableName": "one", "Item": )" + key +
                                                 R"(, "t": {"S": ")" + long_text + R"("}}})");
            keys += (keys.empty() ? "" : ", ") + key + "}";
        }
        const auto reply =
            cloud.get(R"({"one": {"Keys": [)" + keys + R"(], "ConsistentRead": true}})");
        const auto& rest = reply.at("UnprocessedKeys").at("one");
        const std::size_t read = reply.at("Responses").at("one").as_array().size();
        CHECK(read == 42);  // the item that crosses 16 MB is the last
        CHECK(rest.at("Keys").as_array().size() == 60 - read);
        CHECK(rest.at("ConsistentRead") == true);
        CHECK(rest.at("Keys").at(0) == json(R"({"p": {"S": "b42"}})"));
    }
}

}  // namespace sbemu
