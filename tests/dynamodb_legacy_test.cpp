// What expressions replaced: KeyConditions, QueryFilter, ScanFilter, Expected, AttributeUpdates,
// ConditionalOperator, AttributesToGet. Texts: facts/dynamodb-kinesis.md 1.8.
#include <catch2/catch.hpp>

#include "tests/dynamodb_read_tables.h"

namespace sbemu {

namespace {

const std::string kOne = "1 validation error detected: ";
const std::string kInvalid = "One or more parameter values were invalid: ";

struct Legacy : ReadTables {
    std::string error(const std::string& operation, const std::string& more,
                      const std::string& table = "hash") {
        return error_of(
            call("dynamodb." + operation, R"({"TableName": ")" + table + R"(", )" + more + "}"));
    }
    std::string put_error(const std::string& expected) {
        return error("PutItem", R"("Item": {"a": {"S": "k"}}, "Expected": )" + expected, "none");
    }
    boost::json::value get() {
        return result("dynamodb.GetItem", R"({"TableName": "hash", "Key": {"a": {"S": "k"}}})")
            .at("Item");
    }
    // The item with key k after the updates.
    boost::json::value update(const std::string& updates) {
        return result("dynamodb.UpdateItem",
                      R"({"TableName": "hash", "Key": {"a": {"S": "k"}}, "ReturnValues": "ALL_NEW",
                          "AttributeUpdates": )" +
                          updates + "}");
    }
    std::string update_error(const std::string& updates) {
        return error("UpdateItem", R"("Key": {"a": {"S": "k"}}, "AttributeUpdates": )" + updates);
    }
};

const char* const kItem = R"({"a": {"S": "k"}, "s": {"S": "abc"}, "n": {"N": "5"},
    "bin": {"B": "YWJj"}, "ss": {"SS": ["x", "y"]}, "ns": {"NS": ["1", "2"]},
    "l": {"L": [{"S": "x"}, {"N": "1"}]}, "m": {"M": {"k": {"S": "v"}}}, "t": {"BOOL": true},
    "dot.ted": {"S": "d"}})";

std::string condition(const std::string& comparison, const std::string& arguments) {
    return R"({"ComparisonOperator": ")" + comparison +
           (arguments.empty() ? R"("})" : R"(", "AttributeValueList": [)" + arguments + "]}");
}

}  // namespace

TEST_CASE("A condition on an attribute holds or does not", "[dynamodb][legacy]") {
    Legacy cloud;
    cloud.put("hash", kItem);
    const auto [attribute, comparison, arguments, holds] =
        GENERATE(table<std::string, std::string, std::string, bool>({
            {"s", "EQ", R"({"S": "abc"})", true},
            {"s", "EQ", R"({"S": "ab"})", false},
            {"n", "EQ", R"({"N": "5.0"})", true},
            {"ss", "EQ", R"({"SS": ["y", "x"]})", true},
            {"l", "EQ", R"({"L": [{"S": "x"}, {"N": "1"}]})", true},
            {"m", "EQ", R"({"M": {"k": {"S": "v"}}})", true},
            {"t", "EQ", R"({"BOOL": true})", true},
            {"no", "EQ", R"({"S": "abc"})", false},
            {"s", "NE", R"({"S": "abc"})", false},
            {"s", "NE", R"({"N": "1"})", true},
            {"no", "NE", R"({"S": "abc"})", true},
            {"n", "LT", R"({"N": "10"})", true},
            {"n", "LT", R"({"N": "5"})", false},
            {"n", "LE", R"({"N": "5"})", true},
            {"n", "GT", R"({"N": "5"})", false},
            {"n", "GE", R"({"N": "5"})", true},
            {"n", "GT", R"({"S": "1"})", false},
            {"no", "LT", R"({"N": "10"})", false},
            {"bin", "GT", R"({"B": "YWI="})", true},
            {"n", "BETWEEN", R"({"N": "5"}, {"N": "10"})", true},
            {"n", "BETWEEN", R"({"N": "6"}, {"N": "10"})", false},
            {"s", "BEGINS_WITH", R"({"S": "ab"})", true},
            {"bin", "BEGINS_WITH", R"({"B": "YWI="})", true},
            {"s", "BEGINS_WITH", R"({"B": "YWI="})", false},
            {"s", "IN", R"({"S": "x"}, {"S": "abc"})", true},
            {"s", "IN", R"({"S": "x"})", false},
            {"no", "IN", R"({"S": "x"})", false},
            {"s", "NULL", "", false},
            {"no", "NULL", "", true},
            {"s", "NOT_NULL", "", true},
            {"no", "NOT_NULL", "", false},
            {"s", "CONTAINS", R"({"S": "bc"})", true},
            {"ss", "CONTAINS", R"({"S": "y"})", true},
            {"l", "CONTAINS", R"({"N": "1"})", true},
            {"ns", "CONTAINS", R"({"N": "1"})", true},
            {"ns", "CONTAINS", R"({"S": "1"})", false},
            {"bin", "CONTAINS", R"({"B": "Yg=="})", true},
            {"no", "CONTAINS", R"({"S": "y"})", false},
            {"s", "NOT_CONTAINS", R"({"S": "bc"})", false},
            {"s", "NOT_CONTAINS", R"({"S": "z"})", true},
            {"n", "NOT_CONTAINS", R"({"S": "z"})", true},
            {"no", "NOT_CONTAINS", R"({"S": "z"})", false},
            {"dot.ted", "EQ", R"({"S": "d"})", true},
            {"m.k", "NOT_NULL", "", false},
        }));
    INFO(attribute << " " << comparison << " " << arguments);
    const std::string conditions =
        R"({")" + attribute + R"(": )" + condition(comparison, arguments) + "}";
    CHECK(
        cloud.result("dynamodb.Scan", R"({"TableName": "hash", "ScanFilter": )" + conditions + "}")
            .at("Count") == (holds ? 1 : 0));
    CHECK(cloud.error("DeleteItem", R"("Key": {"a": {"S": "k"}}, "Expected": )" + conditions) ==
          (holds ? "none" : "ConditionalCheckFailedException: The conditional request failed"));
}

TEST_CASE("Conditions are joined", "[dynamodb][legacy]") {
    Legacy cloud;
    cloud.put("hash", kItem);
    const auto [operation, wanted] =
        GENERATE(table<std::string, int>({{"", 0}, {R"("AND")", 0}, {R"("OR")", 1}}));
    const std::string more = operation.empty() ? "" : R"(, "ConditionalOperator": )" + operation;
    const std::string conditions = R"({"s": )" + condition("EQ", R"({"S": "abc"})") + R"(, "n": )" +
                                   condition("EQ", R"({"N": "6"})") + "}" + more;
    CHECK(
        cloud.result("dynamodb.Scan", R"({"TableName": "hash", "ScanFilter": )" + conditions + "}")
            .at("Count") == wanted);
    CHECK((cloud.error("PutItem", R"("Item": {"a": {"S": "k"}}, "Expected": )" + conditions) ==
           "none") == (wanted == 1));
}

TEST_CASE("Expected can say that something is there", "[dynamodb][legacy]") {
    Legacy cloud;
    cloud.put("hash", kItem);
    const auto [expected, holds] = GENERATE(table<std::string, bool>({
        {R"({"s": {"Value": {"S": "abc"}}})", true},
        {R"({"s": {"Value": {"S": "abd"}}})", false},
        {R"({"s": {"Value": {"S": "abc"}, "Exists": true}})", true},
        {R"({"s": {"Exists": false}})", false},
        {R"({"no": {"Exists": false}})", true},
        {R"({"n": {"ComparisonOperator": "GT", "Value": {"N": "4"}}})", true},
        {R"({})", true},
    }));
    INFO(expected);
    CHECK(cloud.error("UpdateItem", R"("Key": {"a": {"S": "k"}}, "Expected": )" + expected) ==
          (holds ? "none" : "ConditionalCheckFailedException: The conditional request failed"));
    const Applied failed = cloud.call("dynamodb.PutItem",
                                      R"({"TableName": "hash", "Item": {"a": {"S": "k"}},
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "Expected": {"s": {"Exists": false}}})");
    CHECK(std::get<ApiError>(failed.answer).fields.at("Item").at("n") == json(R"({"N": "5"})"));
}

TEST_CASE("Expected is refused, enveloped and before the table", "[dynamodb][legacy]") {
    Legacy cloud;
    const auto [expected, error] = GENERATE(table<std::string, std::string>({
        {R"({"a": {"Value": {"S": "x"}, "AttributeValueList": []}})",
         kInvalid + "Value and AttributeValueList cannot be used together for Attribute: a"},
        {R"({"a": {"Exists": true, "ComparisonOperator": "EQ"}})",
         kInvalid + "Exists and ComparisonOperator cannot be used together for Attribute: a"},
        {R"({"a": {"ComparisonOperator": "EQ"}})",
         kInvalid + "Value or AttributeValueList must be used with ComparisonOperator: EQ for "
                    "Attribute: a"},
        {R"({"a": {"AttributeValueList": []}})",
         kInvalid +
             "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"},
        {R"({"a": {}})", kInvalid + "Value must be provided when Exists is null for Attribute: a"},
        {R"({"a": {"Exists": true}})",
         kInvalid + "Value must be provided when Exists is true for Attribute: a"},
        {R"({"a": {"Exists": false, "Value": {"S": "x"}}})",
         kInvalid + "Value cannot be used when Exists is false for Attribute: a"},
        {R"({"a": {"Value": {"N": "x"}}})",
         "The parameter cannot be converted to a numeric value: x"},
        {R"({"a": {"ComparisonOperator": "BETWEEN", "Value": {"N": "1"}}})",
         kInvalid + "Invalid number of argument(s) for the BETWEEN ComparisonOperator"},
        {R"({"a": {"ComparisonOperator": "NULL", "Value": {"N": "1"}}})",
         kInvalid + "Invalid number of argument(s) for the NULL ComparisonOperator"},
        {R"({"a": {"ComparisonOperator": "LT", "Value": {"SS": ["a"]}}})",
         kInvalid + "ComparisonOperator LT is not valid for SS AttributeValue type"},
        {R"({}, "ConditionalOperator": "XOR")",
         "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"},
        {R"({}, "ConditionalOperator": "OR")",
         "ConditionalOperator cannot be used without Filter or Expected"},
        {R"({"a": {"Exists": false}}, "ConditionalOperator": "OR")",
         "ConditionalOperator can only be used when Filter or Expected has two or more elements"},
    }));
    INFO(expected);
    CHECK(cloud.put_error(expected) == "ValidationException: " + kOne + error);
}

TEST_CASE("Filters are refused", "[dynamodb][legacy]") {
    Legacy cloud;
    const auto [comparison, arguments, error] =
        GENERATE(table<std::string, std::string, std::string>({
            {"EQ", "", kInvalid + "Invalid number of argument(s) for the EQ ComparisonOperator"},
            {"EQ", R"({"S": "a"}, {"S": "b"})",
             kInvalid + "Invalid number of argument(s) for the EQ ComparisonOperator"},
            {"NOT_NULL", R"({"S": "a"})",
             kInvalid + "Invalid number of argument(s) for the NOT_NULL ComparisonOperator"},
            {"BETWEEN", R"({"S": "a"})",
             kInvalid + "Invalid number of argument(s) for the BETWEEN ComparisonOperator"},
            {"IN", "", kInvalid + "Invalid number of argument(s) for the IN ComparisonOperator"},
            {"IN", R"({"S": "a"}, {"N": "1"})",
             kInvalid + "AttributeValues inside AttributeValueList must be of same type"},
            {"IN", R"({"BOOL": true})",
             kInvalid + "ComparisonOperator IN is not valid for BOOL AttributeValue type"},
            {"GE", R"({"L": []})",
             kInvalid + "ComparisonOperator GE is not valid for L AttributeValue type"},
            {"CONTAINS", R"({"NS": ["1"]})",
             kInvalid + "ComparisonOperator CONTAINS is not valid for NS AttributeValue type"},
            {"BEGINS_WITH", R"({"N": "1"})",
             kInvalid + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"},
            {"BETWEEN", R"({"N": "10"}, {"N": "9"})",
             "The BETWEEN condition was provided a range where the lower bound is greater than the "
             "upper bound"},
        }));
    INFO(comparison << arguments);
    const std::string filter = R"({"x": )" + condition(comparison, arguments) + "}";
    CHECK(cloud.error("Scan", R"("ScanFilter": )" + filter) == "ValidationException: " + error);
    CHECK(cloud.error("Query", R"("KeyConditions": {}, "QueryFilter": )" + filter) ==
          "ValidationException: " + error);
    CHECK(cloud.error("Scan", R"("ConditionalOperator": "AND")") ==
          "ValidationException: ConditionalOperator cannot be used without Filter or Expected");
    CHECK(cloud.error("Scan", R"("FilterExpression": "a = b", "ScanFilter": {})") ==
          "ValidationException: Can not use both expression and non-expression parameters in the "
          "same request: Non-expression parameters: {ScanFilter} Expression parameters: "
          "{FilterExpression}");
}

TEST_CASE("KeyConditions query", "[dynamodb][legacy]") {
    Legacy cloud;
    for (const char* b : {"a", "b", "ba", "c"}) {
        cloud.put("range", R"({"a": {"S": "k"}, "b": {"S": ")" + std::string(b) +
                               R"("}, "x": {"S": ")" + b + R"("}})");
    }
    const std::string hash = R"("a": )" + condition("EQ", R"({"S": "k"})");
    const auto count = [&](const std::string& more) {
        return cloud.result("dynamodb.Query", R"({"TableName": "range", )" + more + "}")
            .at("Count");
    };
    const auto [comparison, arguments, wanted] = GENERATE(table<std::string, std::string, int>({
        {"EQ", R"({"S": "b"})", 1},
        {"LT", R"({"S": "b"})", 1},
        {"LE", R"({"S": "b"})", 2},
        {"GT", R"({"S": "b"})", 2},
        {"GE", R"({"S": "b"})", 3},
        {"BEGINS_WITH", R"({"S": "b"})", 2},
        {"BETWEEN", R"({"S": "b"}, {"S": "c"})", 3},
    }));
    INFO(comparison);
    CHECK(count(R"("KeyConditions": {)" + hash + R"(, "b": )" + condition(comparison, arguments) +
                "}") == wanted);
    // With the other parameters of its time, or with expressions.
    CHECK(count(R"("KeyConditions": {)" + hash + R"(}, "QueryFilter": {"x": )" +
                condition(comparison, arguments) + "}") == wanted);
    CHECK(count(R"("KeyConditions": {)" + hash + R"(}, "FilterExpression": "x > :x",
        "ExpressionAttributeValues": {":x": {"S": "b"}})") == 2);
    CHECK(cloud
              .result("dynamodb.Query", R"({"TableName": "range", "Limit": 1,
              "AttributesToGet": ["b"], "KeyConditions": {)" +
                                            hash + "}}")
              .at("Items") == json(R"([{"b": {"S": "a"}}])"));
}

TEST_CASE("KeyConditions are refused", "[dynamodb][legacy]") {
    Legacy cloud;
    const std::string hash = R"("a": )" + condition("EQ", R"({"S": "k"})");
    const std::string not_indexable =
        "Attempted conditional constraint is not an indexable operation";
    const auto [conditions, error] = GENERATE_COPY(table<std::string, std::string>({
        {"", "Conditions can be of length 1 or 2 only"},
        {hash + R"(, "b": )" + condition("EQ", R"({"S": "k"})") + R"(, "c": )" +
             condition("NULL", ""),
         "Conditions can be of length 1 or 2 only"},
        {R"("a": )" + condition("EQ", ""),
         kInvalid + "Invalid number of argument(s) for the EQ ComparisonOperator"},
        {R"("z": )" + condition("NULL", ""), "Query condition missed key schema element: a"},
        {hash + R"(, "z": )" + condition("NULL", ""),
         "Query condition missed key schema element: b"},
        {R"("a": )" + condition("NULL", ""), not_indexable},
        {R"("a": )" + condition("NE", R"({"N": "1"})"), not_indexable},
        {R"("a": )" + condition("IN", R"({"S": "k"})"), not_indexable},
        {hash + R"(, "b": )" + condition("CONTAINS", R"({"S": "k"})"), not_indexable},
        {R"("a": )" + condition("LE", R"({"S": "k"})"), "Query key condition not supported"},
        {R"("a": )" + condition("EQ", R"({"N": "1"})"),
         kInvalid + "Condition parameter type does not match schema type"},
    }));
    INFO(conditions);
    CHECK(cloud.error("Query", R"("KeyConditions": {)" + conditions + "}", "range") ==
          "ValidationException: " + error);
    for (const std::string key : {"a", "b"}) {
        CHECK(cloud.error("Query",
                          R"("KeyConditions": {)" + hash + R"(}, "QueryFilter": {")" + key +
                              R"(": )" + condition("NULL", "") + "}",
                          "range") ==
              "ValidationException: QueryFilter can only contain non-primary key attributes: "
              "Primary key attribute: " +
                  key);
    }
}

TEST_CASE("AttributeUpdates change attributes", "[dynamodb][legacy]") {
    Legacy cloud;
    cloud.put("hash", R"({"a": {"S": "k"}, "n": {"N": "5"}, "ss": {"SS": ["x", "y"]},
        "l": {"L": [{"N": "1"}]}, "m": {"M": {"k": {"S": "v"}}}})");

    SECTION("putting, removing, adding") {
        CHECK(cloud
                  .update(R"({"n": {"Action": "ADD", "Value": {"N": "-7"}},
                "ss": {"Action": "ADD", "Value": {"SS": ["z", "x"]}},
                "l": {"Action": "ADD", "Value": {"L": [{"N": "2"}]}},
                "m": {"Action": "DELETE"}, "no": {"Action": "DELETE"},
                "put": {"Action": "PUT", "Value": {"BOOL": true}}, "m.k": {"Value": {"S": "d"}},
                "new": {"Action": "ADD", "Value": {"N": "3"}}})")
                  .at("Attributes") ==
              json(R"({"a": {"S": "k"}, "n": {"N": "-2"}, "ss": {"SS": ["x", "y", "z"]},
                "l": {"L": [{"N": "1"}, {"N": "2"}]}, "put": {"BOOL": true}, "m.k": {"S": "d"},
                "new": {"N": "3"}})"));
        CHECK(cloud.get().as_object().size() == 7);
    }
    SECTION("taking members out of sets, and the set with the last") {
        CHECK(cloud.update(R"({"ss": {"Action": "DELETE", "Value": {"SS": ["x", "w"]}}})")
                  .at("Attributes")
                  .at("ss") == json(R"({"SS": ["y"]})"));
        cloud.update(R"({"ss": {"Action": "DELETE", "Value": {"SS": ["y"]}}})");
        CHECK_FALSE(cloud.get().as_object().contains("ss"));
    }
    SECTION("making the item where there is none, unless they only take away") {
        const std::string other =
            R"({"TableName": "hash", "Key": {"a": {"S": "other"}}, "AttributeUpdates": )";
        const auto find = [&] {
            return cloud.result("dynamodb.GetItem",
                                R"({"TableName": "hash", "Key": {"a": {"S": "other"}}})");
        };
        cloud.result("dynamodb.UpdateItem", other + R"({"x": {"Action": "DELETE"}}})");
        CHECK(find() == json("{}"));
        cloud.result("dynamodb.UpdateItem", other + R"({"x": {"Value": {"S": "y"}}}})");
        CHECK(find() == json(R"({"Item": {"a": {"S": "other"}, "x": {"S": "y"}}})"));
    }
    SECTION("if what is expected is so") {
        const std::string update = R"("Key": {"a": {"S": "k"}},
            "AttributeUpdates": {"n": {"Value": {"N": "1"}}}, "Expected": )";
        CHECK(cloud.error("UpdateItem", update + R"({"n": {"Value": {"N": "6"}}})") ==
              "ConditionalCheckFailedException: The conditional request failed");
        CHECK(cloud.error("UpdateItem", update + R"({"n": {"Value": {"N": "5"}}})") == "none");
        CHECK(cloud.get().at("n") == json(R"({"N": "1"})"));
    }
    SECTION("and are refused") {
        const auto [updates, error] = GENERATE(table<std::string, std::string>({
            {R"({"n": {}})",
             kOne + kInvalid +
                 "Only DELETE action is allowed when no attribute value is specified"},
            {R"({"n": {"Action": "ADD"}})",
             kOne + kInvalid +
                 "Only DELETE action is allowed when no attribute value is specified"},
            {R"({"n": {"Action": "DELETE", "Value": {"S": "x"}}})",
             kOne + kInvalid + "DELETE action with value is not supported for the type S"},
            {R"({"n": {"Action": "ADD", "Value": {"S": "x"}}})",
             kOne + kInvalid + "ADD action is not supported for the type S"},
            {R"({"n": {"Action": "ADD", "Value": {"M": {}}}})",
             kOne + kInvalid + "ADD action is not supported for the type M"},
            {R"({"": {"Value": {"N": "1"}}})",
             kOne + "Empty attribute name"},  // assumed: as in items
            {R"({"n": {"Value": {"N": "x"}}})",
             kOne + "The parameter cannot be converted to a numeric value: x"},
            {R"({"n": {"Value": {"N": "1"}}}, "UpdateExpression": "SET n = n")",
             kOne + "Can not use both expression and non-expression parameters in the same "
                    "request: Non-expression parameters: {AttributeUpdates} Expression "
                    "parameters: {UpdateExpression}"},
            {R"({"a": {"Value": {"S": "x"}}})",
             kInvalid + "Cannot update attribute a. This attribute is part of the key"},
            {R"({"n": {"Action": "ADD", "Value": {"SS": ["x"]}}})",
             "Type mismatch for attribute to update"},
            {R"({"ss": {"Action": "DELETE", "Value": {"NS": ["1"]}}})",
             "Type mismatch for attribute to update"},
        }));
        INFO(updates);
        CHECK(cloud.update_error(updates) == "ValidationException: " + error);
    }
}

TEST_CASE("AttributesToGet names attributes, once each", "[dynamodb][legacy]") {
    Legacy cloud;
    cloud.put("hash", kItem);
    CHECK(cloud
              .result("dynamodb.Scan", R"({"TableName": "hash",
              "AttributesToGet": ["dot.ted", "m.k", "n"]})")
              .at("Items") == json(R"([{"n": {"N": "5"}, "dot.ted": {"S": "d"}}])"));
    for (const std::string operation : {"Scan", "Query"}) {
        CHECK(
            cloud.error(operation, R"("AttributesToGet": ["n", "s", "n"], "KeyConditions": {})") ==
            "ValidationException: " + kInvalid + "Duplicate value in attribute name: n");
    }
}

}  // namespace sbemu
