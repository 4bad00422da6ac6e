// What is written to a key of a secondary index. Sources: paritysuite/dynamodb-conformance
// indexKeyValues and transactIndexKeys (2026-06-23, four regions), dynalite's updateItem tests.
#include <catch2/catch.hpp>

#include "tests/dynamodb_read_tables.h"

namespace sbemu {

namespace {

// Table "keys", key p S; x S is the key of "zed" and "abc", made in this order, and y B that of
// "bin".
struct Keys : TestCloud {
    Keys() {
        const auto index = [](const std::string& name, const std::string& key) {
            return R"({"IndexName": ")" + name + R"(", "KeySchema": [{"AttributeName": ")" + key +
                   R"(", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}})";
        };
        result("dynamodb.CreateTable", R"({"TableName": "keys", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"},
                                     {"AttributeName": "x", "AttributeType": "S"},
                                     {"AttributeName": "y", "AttributeType": "B"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
            "GlobalSecondaryIndexes": [)" + index("zed", "x") +
                                           ", " + index("abc", "x") + ", " + index("bin", "y") +
                                           "]}");
        settle();
    }
    std::string put(const std::string& attribute) {
        return error_of(call("dynamodb.PutItem", "{" + item(attribute) + "}"));
    }
    std::string update(const std::string& expression, const std::string& value) {
        return error_of(call("dynamodb.UpdateItem", "{" + changes(expression, value) + "}"));
    }
    Applied transact(const std::string& kind, const std::string& members) {
        return call("dynamodb.TransactWriteItems",
                    R"({"TransactItems": [{")" + kind + "\": {" + members + "}}]}");
    }

    static std::string item(const std::string& attribute) {
        return R"("TableName": "keys", "Item": {"p": {"S": "a"}, )" + attribute + "}";
    }
    static std::string changes(const std::string& expression, const std::string& value) {
        return R"("TableName": "keys", "Key": {"p": {"S": "a"}}, "UpdateExpression": ")" +
               expression + R"(", "ExpressionAttributeValues": {":v": )" + value + "}";
    }
};

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";
const std::string kNotValid = "ValidationException: One or more parameter values are not valid. ";

std::string mismatch(const std::string& type) {
    return "Type mismatch for Index Key x Expected: S Actual: " + type + " IndexName: abc";
}

std::string empty_in_put(const std::string& kind, const std::string& index,
                         const std::string& key) {
    return kNotValid +
           "A value specified for a secondary index key is not supported. The AttributeValue for a "
           "key attribute cannot contain an empty " +
           kind + " value. IndexName: " + index + ", IndexKey: " + key;
}

std::string empty_in_update(const std::string& kind) {
    return kNotValid +
           "The update expression attempted to update a secondary index key to a value that is not "
           "supported. The AttributeValue for a key attribute cannot contain an empty " +
           kind + " value.";
}

boost::json::value reasons(const Applied& applied) {
    return std::get<ApiError>(applied.answer).fields.at("CancellationReasons");
}

boost::json::value validation_error_reason(const std::string& message) {
    return json(R"([{"Code": "ValidationError", "Message":
                     "One or more parameter values were invalid: )" +
                message + R"("}])");
}

}  // namespace

TEST_CASE("A put has index keys of their type, and none is empty", "[dynamodb][index-key]") {
    Keys cloud;
    // Of several indexes the one whose name comes first is named.
    CHECK(cloud.put(R"("x": {"N": "5"})") == kInvalid + mismatch("N"));
    CHECK(cloud.put(R"("x": {"L": []})") == kInvalid + mismatch("L"));
    CHECK(cloud.put(R"("x": {"S": ""})") == empty_in_put("string", "abc", "x"));
    CHECK(cloud.put(R"("y": {"B": ""})") == empty_in_put("binary", "bin", "y"));
    CHECK(
        error_of(cloud.call("dynamodb.BatchWriteItem", R"({"RequestItems": {"keys": [{"PutRequest":
              {"Item": {"p": {"S": "a"}, "x": {"N": "5"}}}}]}})")) == kInvalid + mismatch("N"));
}

TEST_CASE("An update has index keys of their type, and none is empty", "[dynamodb][index-key]") {
    Keys cloud;
    cloud.put(R"("n": {"N": "1"}, "e": {"S": ""}, "l": {"S": ")" + std::string(2049, 'x') +
              R"("})");

    SECTION("as far as it says itself what it writes, before the condition") {
        CHECK(cloud.update("SET x = :v", R"({"N": "5"})") == kInvalid + mismatch("N"));
        CHECK(cloud.update("ADD x :v", R"({"N": "5"})") == kInvalid + mismatch("N"));
        CHECK(cloud.update("SET x = n + :v", R"({"N": "5"})") == kInvalid + mismatch("N"));
        CHECK(cloud.update("SET x = if_not_exists(x, :v)", R"({"N": "5"})") ==
              kInvalid + mismatch("N"));
        CHECK(cloud.update("SET x = list_append(q, :v)", R"({"L": []})") ==
              kInvalid + mismatch("L"));
        CHECK(error_of(cloud.call("dynamodb.UpdateItem", R"({"TableName": "keys",
                  "Key": {"p": {"S": "a"}}, "AttributeUpdates": {"x": {"Value": {"N": "5"}}},
                  "Expected": {"p": {"Exists": false}}})")) == kInvalid + mismatch("N"));
        CHECK(cloud.update("SET x = :v", R"({"S": ""})") == empty_in_update("string"));
        CHECK(cloud.update("SET y = :v", R"({"B": ""})") == empty_in_update("binary"));
    }
    SECTION("or what it takes from the item") {
        CHECK(cloud.update("SET x = n, q = :v", R"({"N": "5"})") ==
              "ValidationException: The update expression attempted to update the secondary index "
              "key to unsupported type");
        CHECK(cloud.update("SET x = e, q = :v", R"({"N": "5"})") == empty_in_update("string"));
        // The text in the SDKs' description of TransactionCanceledException.
        CHECK(cloud.update("SET x = l, q = :v", R"({"N": "5"})") ==
              "ValidationException: The update expression attempted to update the secondary index "
              "key beyond allowed size limits");
    }
    SECTION("but may take them away") {
        CHECK(cloud.update("SET q = :v REMOVE x", R"({"N": "5"})") == "none");
        CHECK(cloud.update("SET x = :v", R"({"S": "5"})") == "none");
    }
}

TEST_CASE("A transaction is cancelled for index keys of another type, and refused for empty ones",
          "[dynamodb][index-key]") {
    Keys cloud;
    const auto put = [&](const std::string& attribute) {
        return cloud.transact("Put", Keys::item(attribute));
    };
    const auto update = [&](const std::string& attribute, const std::string& value) {
        return cloud.transact("Update", Keys::changes("SET " + attribute + " = :v", value));
    };
    CHECK(reasons(put(R"("x": {"N": "5"})")) == validation_error_reason(mismatch("N")));
    CHECK(reasons(update("x", R"({"N": "5"})")) == validation_error_reason(mismatch("N")));
    CHECK(reasons(update("x", R"({"L": []})")) == validation_error_reason(mismatch("L")));
    CHECK(error_of(put(R"("x": {"S": ""})")) == empty_in_put("string", "abc", "x"));
    CHECK(error_of(put(R"("y": {"B": ""})")) == empty_in_put("binary", "bin", "y"));
    CHECK(error_of(update("x", R"({"S": ""})")) == empty_in_update("string"));
    CHECK(error_of(update("y", R"({"B": ""})")) == empty_in_update("binary"));
}

// Alternator's test_gsi_backfill_empty_string and test_gsi_backfill_key_limits.
TEST_CASE("A new index leaves out what could not be its key", "[dynamodb][index-key]") {
    Keys cloud;
    for (const std::size_t size : {0U, 1U, 2048U, 2049U}) {
        cloud.result("dynamodb.PutItem", R"({"TableName": "keys", "Item": {"p": {"S": ")" +
                                             std::to_string(size) + R"("}, "z": {"S": ")" +
                                             std::string(size, 'z') + R"("}}})");
    }
    cloud.result("dynamodb.UpdateTable", R"({"TableName": "keys",
        "AttributeDefinitions": [{"AttributeName": "z", "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "new",
            "KeySchema": [{"AttributeName": "z", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}}]})");
    cloud.settle();
    const std::string scan = R"({"TableName": "keys", "IndexName": "new"})";
    CHECK(cloud.result("dynamodb.Scan", scan).at("Count") == 2);
    // What is not in it can be deleted and replaced.
    for (const std::string number : {"0", "2049"}) {
        cloud.result("dynamodb.DeleteItem",
                     R"({"TableName": "keys", "Key": {"p": {"S": ")" + number + R"("}}})");
    }
    CHECK(cloud.result("dynamodb.Scan", scan).at("Count") == 2);
}

TEST_CASE("Values that no index can have as keys", "[dynamodb][index-key]") {
    ReadTables cloud;
    const auto put = [&](const std::string& attribute, const std::string& value) {
        return error_of(cloud.call("dynamodb.PutItem",
                                   R"({"TableName": "range", "Item": {"a": {"S": "a"},
                                       "b": {"S": "b"}, ")" +
                                       attribute + R"(": )" + value + "}}"));
    };
    const auto update = [&](const std::string& attribute, const std::string& value) {
        return error_of(cloud.call("dynamodb.UpdateItem",
                                   R"({"TableName": "range", "Key": {"a": {"S": "a"},
                                       "b": {"S": "b"}}, "UpdateExpression": "SET )" +
                                       attribute + R"( = :v", "ExpressionAttributeValues":
                                       {":v": )" +
                                       value + "}}"));
    };
    const auto text = [](std::size_t size) {
        return R"({"S": ")" + std::string(size, 'x') + R"("})";
    };

    CHECK(put("h", R"({"N": "1"})") ==
          kInvalid + "Type mismatch for Index Key h Expected: S Actual: N IndexName: several");
    CHECK(update("h", R"({"N": "1"})") == put("h", R"({"N": "1"})"));
    // The size of a partition key as in github.com/wellcomecollection/platform issue 2285 (2018),
    // of others and in updates assumed.
    const std::string long_partition =
        kInvalid +
        "Size limit exceeded for Index Key h Actual Size: 2049 bytes Max Size: 2048 bytes "
        "IndexName: several";
    const std::string long_sort =
        kInvalid +
        "Size limit exceeded for Index Key d Actual Size: 1025 bytes Max Size: 1024 bytes "
        "IndexName: by-d";
    CHECK(put("h", text(2048)) == "none");
    CHECK(put("h", text(2049)) == long_partition);
    CHECK(update("h", text(2049)) == long_partition);
    CHECK(put("d", text(1024)) == "none");
    CHECK(put("d", text(1025)) == long_sort);
    CHECK(update("d", text(1025)) == long_sort);
}

}  // namespace sbemu
