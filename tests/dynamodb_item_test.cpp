// PutItem, GetItem, DeleteItem. Texts: facts/dynamodb-kinesis.md 1.4 to 1.11.
#include <catch2/catch.hpp>

#include "fakes/dynamodb/values/normal_item.h"
#include "tests/dynamodb_tables.h"

namespace sbemu {

namespace {

const std::string kOne = "1 validation error detected: ";
const std::string kInvalid = "One or more parameter values were invalid: ";

struct Tables : EnvAndLogTables {
    boost::json::value put(const std::string& item, const std::string& more = "") {
        return result("dynamodb.PutItem", R"({"TableName": "env", "Item": )" + item + more + "}");
    }
    std::string put_error(const std::string& item, const std::string& more = "") {
        return error_of(
            call("dynamodb.PutItem", R"({"TableName": "env", "Item": )" + item + more + "}"));
    }
    boost::json::value get(const std::string& more = "") {
        return result("dynamodb.GetItem",
                      R"({"TableName": "env", "Key": {"name": {"S": "fn"}})" + more + "}");
    }
};

}  // namespace

TEST_CASE("PutItem", "[dynamodb][put-item]") {
    Tables cloud;

    SECTION("stores values in their normal form") {
        CHECK(cloud.put(R"({"name": {"S": "fn"}, "n": {"N": "0042.1200"},
            "ns": {"NS": ["10", "9", "-1e2"]}, "ss": {"SS": ["b", "", "a"]},
            "bs": {"BS": ["/w==", "AA=="]}, "m": {"M": {"e": {"N": "1E3"}, "s": {"S": ""}}},
            "l": {"L": [{"N": "-0"}, {"NULL": true}, {"BOOL": false}, {"B": "YQ=="}]}})") ==
              json("{}"));
        CHECK(cloud.get() == json(R"({"Item": {"name": {"S": "fn"}, "n": {"N": "42.12"},
            "ns": {"NS": ["-100", "9", "10"]}, "ss": {"SS": ["", "a", "b"]},
            "bs": {"BS": ["AA==", "/w=="]}, "m": {"M": {"e": {"N": "1000"}, "s": {"S": ""}}},
            "l": {"L": [{"N": "0"}, {"NULL": true}, {"BOOL": false}, {"B": "YQ=="}]}}})"));
    }

    SECTION("replaces the whole item and answers the old one for ALL_OLD") {
        const char* all_old = R"(, "ReturnValues": "ALL_OLD")";
        CHECK(cloud.put(R"({"name": {"S": "fn"}, "v": {"N": "1"}})", all_old) == json("{}"));
        CHECK(cloud.put(R"({"name": {"S": "fn"}, "w": {"N": "2"}})", all_old) ==
              json(R"({"Attributes": {"name": {"S": "fn"}, "v": {"N": "1"}}})"));
        CHECK(cloud.get() == json(R"({"Item": {"name": {"S": "fn"}, "w": {"N": "2"}}})"));
    }

    SECTION("takes the ARN of the table for its name") {
        cloud.result("dynamodb.PutItem", R"({"Item": {"name": {"S": "fn"}}, "TableName":
            "arn:aws:dynamodb:us-east-1:123456789012:table/env"})");
        CHECK(cloud.get() == json(R"({"Item": {"name": {"S": "fn"}}})"));
    }

    SECTION("refuses values and parameters, before it looks for the table") {
        const auto [item, more, error] = GENERATE(table<std::string, std::string, std::string>({
            {R"({"a": {}})", "",
             "Supplied AttributeValue is empty, must contain exactly one of the supported "
             "datatypes"},
            {R"({"a": {"S": "x", "N": "1"}})", "",
             "Supplied AttributeValue has more than one datatypes set, must contain exactly one "
             "of the supported datatypes"},
            {R"({"a": {"NULL": false}})", "",
             kInvalid + "Null attribute value types must have the value of true"},
            {R"({"a": {"SS": []}})", "", kInvalid + "An string set  may not be empty"},
            {R"({"a": {"NS": []}})", "", kInvalid + "An number set  may not be empty"},
            {R"({"a": {"BS": []}})", "", kInvalid + "Binary sets should not be empty"},
            {R"({"a": {"SS": ["b", "a", "b"]}})", "",
             kInvalid + R"(Input collection ["a", "b", "b"] contains duplicates.)"},
            {R"({"a": {"NS": ["1", "1.0"]}})", "",
             kInvalid + "Input collection contains duplicates."},
            {R"({"a": {"SS": ["c", "a", "a", "b"]}})", "",
             kInvalid + R"(Input collection ["a", "c", "a", "b"] contains duplicates.)"},
            {R"({"a": {"BS": ["/w==", "AA==", "AA=="]}})", "",
             kInvalid +
                 R"(Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.)"},
            {R"({"a": {"L": [{"N": "abc"}]}})", "",
             "The parameter cannot be converted to a numeric value: abc"},
            {R"({"": {"S": "x"}})", "", "Empty attribute name"},
            {"{}", R"(, "ReturnValues": "ALL_NEW")", "ReturnValues can only be ALL_OLD or NONE"},
            {"{}", R"(, "ExpressionAttributeNames": {"#a": "a"})",
             "ExpressionAttributeNames can only be specified when using expressions"},
            {"{}", R"(, "ExpressionAttributeValues": {":a": {"S": "a"}})",
             "ExpressionAttributeValues can only be specified when using expressions"},
            {"{}", R"(, "Expected": {}, "ConditionExpression": "a = :a")",
             "Can not use both expression and non-expression parameters in the same request: "
             "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"},
            {"{}", R"(, "ConditionExpression": "a = a1", "ExpressionAttributeNames": {})",
             "ExpressionAttributeNames must not be empty"},
            {"{}", R"(, "ConditionExpression": "a = a1", "ExpressionAttributeNames": {"a": "a"})",
             R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "a")"},
            {"{}",
             R"(, "ConditionExpression": "a = a1",
                "ExpressionAttributeNames": {"#a": "a", "#b": "b"})",
             "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}"},
            {"{}",
             R"(, "ConditionExpression": "a = a1",
                "ExpressionAttributeValues": {":a": {"S": "a"}})",
             "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}"},
            {"{}", R"(, "ConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {}})",
             "Supplied AttributeValue is empty, must contain exactly one of the supported "
             "datatypes"},
            {"{}", R"(, "ConditionExpression": "a b")",
             R"(Invalid ConditionExpression: Syntax error; token: "b", near: "a b")"},
        }));
        INFO(item << more);
        CHECK(error_of(cloud.call("dynamodb.PutItem",
                                  R"({"TableName": "none", "Item": )" + item + more + "}")) ==
              "ValidationException: " + kOne + error);
    }

    SECTION("refuses keys that are not the table's") {
        const auto [item, error] = GENERATE(table<std::string, std::string>({
            {"{}", kInvalid + "Missing the key name in the item"},
            {R"({"name": {"N": "1"}})",
             kInvalid + "Type mismatch for key name expected: S actual: N"},
            {R"({"name": {"S": ""}})",
             "One or more parameter values are not valid. The AttributeValue for a key attribute "
             "cannot contain an empty string value. Key: name"},
        }));
        INFO(item);
        CHECK(cloud.put_error(item) == "ValidationException: " + error);
    }

    SECTION("limits keys, nesting and size") {
        const auto text = [](std::size_t size) { return std::string(size, 'x'); };
        CHECK(cloud.put_error(R"({"name": {"S": ")" + text(2049) + R"("}})") ==
              "ValidationException: " + kInvalid +
                  "Size of hashkey has exceeded the maximum size limit of2048 bytes");
        const auto nested = [](int lists) {
            std::string value = R"({"S": "x"})";
            for (int i = 0; i < lists; ++i) value = R"({"L": [)" + value + "]}";
            return R"({"name": {"S": "fn"}, "a": )" + value + "}";
        };
        CHECK(cloud.put_error(nested(31)) == "none");
        CHECK(cloud.put_error(nested(32)) ==
              "ValidationException: " + kOne +
                  "Nesting Levels have exceeded supported limits: Attributes in the item have "
                  "nested levels beyond supported limit");
        // name 4 + "fn" 2 + "a" 1 = 7 bytes beside the text
        const auto sized = [&](std::size_t size) {
            return R"({"name": {"S": "fn"}, "a": {"S": ")" + text(size - 7) + R"("}})";
        };
        CHECK(cloud.put_error(sized(409600)) == "none");
        CHECK(cloud.put_error(sized(409601)) ==
              "ValidationException: Item size has exceeded the maximum allowed size");
    }

    SECTION("obeys its condition, and shows the item that failed it when asked") {
        const std::string absent = R"x(, "ConditionExpression": "attribute_not_exists(#n)",
            "ExpressionAttributeNames": {"#n": "name"})x";
        const std::string item = R"({"name": {"S": "fn"}, "v": {"N": "1"}})";
        CHECK(cloud.put_error(item, absent) == "none");
        CHECK(cloud.put_error(item, absent) ==
              "ConditionalCheckFailedException: The conditional request failed");
        const Applied failed = cloud.call(
            "dynamodb.PutItem", R"({"TableName": "env", "Item": )" + item + absent +
                                    R"(, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})");
        CHECK(std::get<ApiError>(failed.answer).fields ==
              json(R"({"Item": {"name": {"S": "fn"}, "v": {"N": "1"}}})"));
        CHECK(cloud.put_error(item, R"(, "ConditionExpression": "v = :v",
            "ExpressionAttributeValues": {":v": {"N": "1.0"}})") == "none");
    }

    SECTION("refuses tables that are not there") {
        CHECK(error_of(cloud.call("dynamodb.PutItem",
                                  R"({"TableName": "none", "Item": {"name": {"S": "fn"}}})")) ==
              "ResourceNotFoundException: Requested resource not found");
    }

    SECTION("reports capacity by the larger of the old and the new item") {
        const std::string total = R"(, "ReturnConsumedCapacity": "TOTAL")";
        CHECK(cloud.put(R"({"name": {"S": "fn"}, "a": {"S": ")" + std::string(1100, 'x') + R"("}})",
                        total) ==
              json(R"({"ConsumedCapacity": {"TableName": "env", "CapacityUnits": 2}})"));
        CHECK(cloud.put(R"({"name": {"S": "fn"}})", R"(, "ReturnConsumedCapacity": "INDEXES")") ==
              json(R"({"ConsumedCapacity": {"TableName": "env", "CapacityUnits": 2,
                       "Table": {"CapacityUnits": 2}}})"));
    }

    SECTION("reports capacity under the name that the request has") {
        const std::string arn = "arn:aws:dynamodb:us-east-1:123456789012:table/env";
        CHECK(cloud.result("dynamodb.PutItem", R"({"TableName": ")" + arn +
                                                   R"(", "Item": {"name": {"S": "fn"}},
                                                       "ReturnConsumedCapacity": "TOTAL"})") ==
              json(R"({"ConsumedCapacity": {"CapacityUnits": 1, "TableName": ")" + arn + "\"}}"));
        CHECK(cloud
                  .result("dynamodb.TransactGetItems",
                          R"({"ReturnConsumedCapacity": "TOTAL", "TransactItems": [{"Get":
                               {"TableName": ")" +
                              arn + R"(", "Key": {"name": {"S": "fn"}}}}]})")
                  .at_pointer("/ConsumedCapacity/0/TableName") == boost::json::value(arn));
    }
}

TEST_CASE("GetItem", "[dynamodb][get-item]") {
    Tables cloud;
    cloud.put(R"({"name": {"S": "fn"}, "v": {"N": "1"}, "m": {"M": {"a": {"S": "x"}}}})");

    SECTION("answers nothing for an item that is not there") {
        CHECK(cloud.result("dynamodb.GetItem",
                           R"({"TableName": "env", "Key": {"name": {"S": "no"}}})") == json("{}"));
    }
    SECTION("projects") {
        CHECK(cloud.get(R"(, "ProjectionExpression": "m.a, #v",
            "ExpressionAttributeNames": {"#v": "v"})") ==
              json(R"({"Item": {"v": {"N": "1"}, "m": {"M": {"a": {"S": "x"}}}}})"));
        CHECK(cloud.get(R"(, "ProjectionExpression": "nothing")") == json(R"({"Item": {}})"));
        CHECK(cloud.get(R"(, "AttributesToGet": ["v", "m.a"])") ==
              json(R"({"Item": {"v": {"N": "1"}}})"));
    }
    SECTION("reports half a unit for an eventually consistent read") {
        CHECK(cloud.get(R"(, "ReturnConsumedCapacity": "TOTAL")") ==
              json(R"({"Item": {"name": {"S": "fn"}, "v": {"N": "1"},
                                "m": {"M": {"a": {"S": "x"}}}},
                       "ConsumedCapacity": {"TableName": "env", "CapacityUnits": 0.5}})"));
        CHECK(cloud.get(R"(, "ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true)")
                  .at_pointer("/ConsumedCapacity/CapacityUnits") == 1);
    }
    SECTION("refuses, without an envelope") {
        const auto [members, error] = GENERATE(table<std::string, std::string>({
            {R"("Key": {})", "The provided key element does not match the schema"},
            {R"("Key": {"name": {"N": "1"}})",
             "The provided key element does not match the schema"},
            {R"("Key": {"name": {"S": "a"}, "x": {"S": "a"}})",
             "The provided key element does not match the schema"},
            {R"("Key": {"name": {"S": ""}})",
             "One or more parameter values are not valid. The AttributeValue for a key attribute "
             "cannot contain an empty string value. Key: name"},
            {R"("Key": {"name": {}})",
             "Supplied AttributeValue is empty, must contain exactly one of the supported "
             "datatypes"},
            {R"("Key": {"name": {"S": "a"}}, "AttributesToGet": ["a", "b", "a"])",
             kInvalid + "Duplicate value in attribute name: a"},
            {R"("Key": {"name": {"S": "a"}}, "ProjectionExpression": "name")",
             "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved "
             "keyword: name"},
            {R"("Key": {"name": {"S": "a"}}, "AttributesToGet": ["a"],
                "ProjectionExpression": "a")",
             "Can not use both expression and non-expression parameters in the same request: "
             "Non-expression parameters: {AttributesToGet} Expression parameters: "
             "{ProjectionExpression}"},
        }));
        INFO(members);
        CHECK(error_of(cloud.call("dynamodb.GetItem", R"({"TableName": "env", )" + members +
                                                          "}")) == "ValidationException: " + error);
    }
}

TEST_CASE("DeleteItem", "[dynamodb][delete-item]") {
    Tables cloud;
    cloud.put(R"({"name": {"S": "fn"}, "v": {"N": "1"}})");
    const auto remove = [&](const std::string& more) {
        return cloud.call("dynamodb.DeleteItem",
                          R"({"TableName": "env", "Key": {"name": {"S": "fn"}})" + more + "}");
    };

    SECTION("returns the old item for ALL_OLD, once") {
        const char* all_old = R"(, "ReturnValues": "ALL_OLD")";
        CHECK(std::get<Outcome>(remove(all_old).answer).result ==
              json(R"({"Attributes": {"name": {"S": "fn"}, "v": {"N": "1"}}})"));
        CHECK(std::get<Outcome>(remove(all_old).answer).result == json("{}"));
        CHECK(cloud.get() == json("{}"));
    }
    SECTION("obeys its condition") {
        CHECK(error_of(remove(R"(, "ConditionExpression": "v > :v",
            "ExpressionAttributeValues": {":v": {"N": "1"}})")) ==
              "ConditionalCheckFailedException: The conditional request failed");
        CHECK(cloud.get() != json("{}"));
    }
    SECTION("refuses") {
        CHECK(error_of(remove(R"(, "ReturnValues": "UPDATED_OLD")")) ==
              "ValidationException: " + kOne + "ReturnValues can only be ALL_OLD or NONE");
        CHECK(error_of(cloud.call("dynamodb.DeleteItem",
                                  R"({"TableName": "env", "Key": {"id": {"S": "fn"}}})")) ==
              "ValidationException: The provided key element does not match the schema");
    }
}

TEST_CASE("An item that is normal is not copied", "[dynamodb][put-item]") {
    using dynamodb::NormalItem;
    const auto is_copied = [](const std::string& text) {
        const boost::json::value value = json(text);
        const NormalItem normal = NormalItem::of(value.as_object());
        CHECK(normal.item() == dynamodb::normalize_item(value.as_object()));
        return &normal.item() != &value.as_object();
    };
    std::string nested = R"({"S": "x"})";  // in 31 maps
    for (int i = 0; i < 31; ++i) nested = R"({"M": {"a": )" + nested + "}}";

    CHECK_FALSE(is_copied("{}"));
    CHECK_FALSE(is_copied(R"({"a": {"S": ""}, "b": {"N": "-1.5"}, "c": {"B": "YQ=="}})"));
    CHECK_FALSE(is_copied(R"({"a": {"BOOL": false}, "b": {"NULL": true}, "c": {"L": []}})"));
    CHECK_FALSE(is_copied(R"({"m": {"M": {"": {"L": [{"S": "x"}, {"N": "0"}]}}}})"));
    CHECK_FALSE(is_copied(R"({"a": )" + nested + "}"));
    CHECK(is_copied(R"({"a": {"N": "1.0"}})"));
    CHECK(is_copied(R"({"m": {"M": {"l": {"L": [{"N": "1e1"}]}}}})"));
    CHECK(is_copied(R"({"a": {"SS": ["b", "a"]}})"));
    CHECK(is_copied(R"({"a": {"S": "x", "N": null}})"));

    const auto error_of_item = [](const std::string& text) {
        const boost::json::value value = json(text);
        try {
            NormalItem::of(value.as_object());
        } catch (const ApiError& error) {
            return error.code + ": " + error.what();
        }
        return std::string("none");
    };
    CHECK(error_of_item(R"({"": {"S": "x"}})") == "ValidationException: Empty attribute name");
    CHECK(error_of_item(R"({"a": {"B": "?"}})").starts_with("SerializationException: "));
    for (const char* faulty : {R"({"a": {"S": null}})", R"({"a": {"NULL": false}})", R"({"a": {}})",
                               R"({"a": {"N": "x"}})", R"({"a": {"X": "x"}})", R"({"a": null})"}) {
        INFO(faulty);
        CHECK(error_of_item(faulty).starts_with("ValidationException: "));
    }
    CHECK(error_of_item(R"({"a": {"M": {"a": )" + nested + "}}}")
              .starts_with("ValidationException: Nesting Levels have exceeded"));
}

}  // namespace sbemu
