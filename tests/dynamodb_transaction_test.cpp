// TransactWriteItems, TransactGetItems. Texts: facts/dynamodb-kinesis.md 1.3, 1.4, 1.12.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

// Table "one", key: p S; with a stream.
struct Tables : TestCloud {
    Tables() {
        result("dynamodb.CreateTable", R"({"TableName": "one", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]})");
        settle();
    }
    Applied write(const std::string& actions, const std::string& more = "") {
        return call("dynamodb.TransactWriteItems",
                    R"({"TransactItems": [)" + actions + "]" + more + "}");
    }
    Applied get(const std::string& actions, const std::string& more = "") {
        return call("dynamodb.TransactGetItems",
                    R"({"TransactItems": [)" + actions + "]" + more + "}");
    }
    boost::json::value items() {
        return result("dynamodb.Scan", R"({"TableName": "one"})").at("Items");
    }
    void put(const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": "one", "Item": )" + item + "}");
    }
};

std::string action(const std::string& kind, const std::string& more) {
    const std::string table =
        more.find("TableName") == std::string::npos ? R"("TableName": "one", )" : "";
    return "{\"" + kind + R"(": {)" + table + more + "}}";
}
const std::string kKeyA = R"("Key": {"p": {"S": "a"}})";

boost::json::value reasons(const Applied& applied) {
    return std::get<ApiError>(applied.answer).fields.at("CancellationReasons");
}

boost::json::value answer(const Applied& applied) {
    if (const auto* error = std::get_if<ApiError>(&applied.answer)) return error->what();
    return std::get<Outcome>(applied.answer).result;
}

}  // namespace

TEST_CASE("TransactWriteItems refuses what the request alone tells",
          "[dynamodb][transact-write-items]") {
    Tables cloud;
    const auto [actions, message] = GENERATE(table<std::string, std::string>({
        {"{}",  // paritysuite transactWriteItems (2026-10, us-east-1)
         "ValidationException: Invalid Request: TransactWriteRequest should contain Delete or Put "
         "or Update request"},
        {R"({"Put": {"TableName": "one", "Item": {"p": {"S": "a"}}},
             "Delete": {"TableName": "one", "Key": {"p": {"S": "a"}}}})",
         "ValidationException: TransactItems can only contain one of Check, Put, Update or "
         "Delete"},
        {action("Put", R"("Item": {"p": {"S": "a"}, "": {"S": "x"}})"),
         "ValidationException: Empty attribute name"},
        {action("Put", R"("Item": {"p": {"S": "a"}})") + ", " +
             action("Update", kKeyA + R"(, "UpdateExpression": "SET")"),
         "ValidationException: Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: "
         "\"SET\""},
        {action("Put", R"("Item": {"p": {"S": "a"}})") + ", " + action("Delete", kKeyA),
         "ValidationException: Transaction request cannot include multiple operations on one "
         "item"},
        {action("Put", R"("Item": {"p": {"S": ""}})"),
         "ValidationException: One or more parameter values are not valid. The AttributeValue for "
         "a key attribute cannot contain an empty string value. Key: p"},
        {action("ConditionCheck", kKeyA + R"(, "ConditionExpression": "a = :v",
                "ExpressionAttributeValues": {":v": {"N": "x"}})"),
         "ValidationException: ExpressionAttributeValues contains invalid value: The parameter "
         "cannot be converted to a numeric value: x for key :v"},
        {action("Put", R"("TableName": "none", "Item": {"p": {"S": "a"}})"),
         "ResourceNotFoundException: Requested resource not found"},
    }));
    CHECK(error_of(cloud.write(actions)) == message);
    CHECK(cloud.items() == json("[]"));
}

TEST_CASE("TransactWriteItems takes 4 MB", "[dynamodb][transact-write-items]") {
    Tables cloud;
    const auto puts = [](int count) {
        const std::string text(100'000, 'x');
        std::string actions;
        for (int i = 0; i < count; ++i) {
            actions +=
                (i ? ", " : "") + action("Put", R"("Item": {"p": {"S": ")" + std::to_string(i) +
                                                    R"("}, "x": {"S": ")" + text + R"("}})");
        }
        return actions;
    };
    CHECK(error_of(cloud.write(puts(41))) == "none");
    // Alternator's test_transact_write_items_put_5MB; the whole text from a client's record.
    CHECK(error_of(cloud.write(puts(50)))
              .starts_with("ValidationException: Transaction payload size cannot exceed 4MB. "
                           "Payload Size: : Transaction payload size cannot exceed 4MB. Payload "
                           "Size: 50"));

    SECTION("as much is read (the text is assumed)") {
        const auto gets = [](int count) {
            std::string actions;
            for (int i = 0; i < count; ++i) {
                actions += (i ? ", " : "") +
                           action("Get", R"("Key": {"p": {"S": ")" + std::to_string(i) + "\"}}");
            }
            return R"({"TransactItems": [)" + actions + "]}";
        };
        REQUIRE(error_of(cloud.write(action("Put", R"("Item": {"p": {"S": "41"}, "x": {"S": ")" +
                                                       std::string(100'000, 'x') + R"("}})"))) ==
                "none");
        CHECK(error_of(cloud.call("dynamodb.TransactGetItems", gets(41))) == "none");
        CHECK(error_of(cloud.call("dynamodb.TransactGetItems", gets(42)))
                  .starts_with("ValidationException: Transaction payload size cannot exceed 4MB."));
    }
}

// A text in so many maps. An item holds 31; a value of an expression may have one more.
std::string nested(int maps) {
    std::string value = R"({"S": "x"})";
    for (int i = 0; i < maps; ++i) value.insert(0, R"({"M": {"m": )").append("}}");
    return value;
}

TEST_CASE("TransactWriteItems takes values that nest deeper than items",
          "[dynamodb][transact-write-items]") {
    Tables cloud;
    const std::string text =
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
        "beyond supported limit";
    const auto values = [](int maps) {
        return R"(, "ExpressionAttributeValues": {":v": )" + nested(maps) + "}";
    };
    const std::string check = kKeyA + R"(, "ConditionExpression": "a = :v")";
    const std::string update = kKeyA + R"(, "UpdateExpression": "SET a = :v")";

    CHECK(reasons(cloud.write(action("ConditionCheck", check + values(32)))) ==
          json(R"([{"Code": "ConditionalCheckFailed",
                    "Message": "The conditional request failed"}])"));
    CHECK(reasons(cloud.write(action("Update", update + values(32)))) ==
          json(R"([{"Code": "ValidationError", "Message": ")" + text + R"("}])"));
    CHECK(error_of(cloud.write(action("Update", update + values(31)))) == "none");
    CHECK(error_of(cloud.write(action("ConditionCheck", check + values(40)))) ==
          "ValidationException: ExpressionAttributeValues contains invalid value: " + text +
              " for key :v");
    CHECK(error_of(cloud.write(action("Put", R"("Item": {"p": {"S": "b"}, "a": )" + nested(32) +
                                                 "}"))) == "ValidationException: " + text);
    // An action's expressions come before its key (paritysuite deepRequests).
    const std::string deep_key = R"("Key": {"p": )" + nested(100) + "}";
    CHECK(error_of(cloud.write(action("Delete", deep_key))) == "ValidationException: " + text);
    CHECK(error_of(
              cloud.write(action("Delete", deep_key + R"(, "ConditionExpression": "a = = b")"))) ==
          "ValidationException: Invalid ConditionExpression: Syntax error; token: \"=\", near: "
          "\"= = b\"");
}

TEST_CASE("TransactWriteItems is cancelled", "[dynamodb][transact-write-items]") {
    Tables cloud;
    cloud.put(R"({"p": {"S": "a"}, "n": {"N": "1"}})");
    const std::string text =
        "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons "
        "for specific reasons ";

    SECTION("by every condition that does not hold") {
        const std::string fails = R"~(, "ConditionExpression": "attribute_not_exists(p)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD")~";
        const Applied applied = cloud.write(action("Put", R"("Item": {"p": {"S": "b"}})") + ", " +
                                            action("Delete", kKeyA + fails) + ", " +
                                            action("ConditionCheck", R"~("Key": {"p": {"S": "c"}},
                            "ConditionExpression": "attribute_exists(p)")~"));
        CHECK(error_of(applied) == text + "[None, ConditionalCheckFailed, ConditionalCheckFailed]");
        CHECK(reasons(applied) == json(R"([{"Code": "None"},
                  {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed",
                   "Item": {"p": {"S": "a"}, "n": {"N": "1"}}},
                  {"Code": "ConditionalCheckFailed",
                   "Message": "The conditional request failed"}])"));
    }
    SECTION("by the first that does not fit its table or item, alone") {
        const Applied applied =
            cloud.write(action("ConditionCheck",
                               kKeyA + R"~(, "ConditionExpression": "attribute_not_exists(p)")~") +
                        ", " + action("Put", R"("Item": {"p": {"N": "1"}})") + ", " +
                        action("Delete", R"("Key": {"q": {"S": "a"}})"));
        CHECK(error_of(applied) == text + "[None, ValidationError, None]");
        CHECK(reasons(applied).at(1) ==
              json(R"({"Code": "ValidationError", "Message": "One or more parameter values were )"
                   R"(invalid: Type mismatch for key p expected: S actual: N"})"));
    }
    SECTION("by an update that the item does not allow") {
        const Applied applied =
            cloud.write(action("Put", R"("Item": {"p": {"S": "b"}})") + ", " +
                        action("Update", kKeyA + R"(, "UpdateExpression": "SET x.y = n")"));
        CHECK(reasons(applied) == json(R"([{"Code": "None"}, {"Code": "ValidationError",
            "Message": "The document path provided in the update expression is invalid for )"
                                       R"(update"}])"));
    }
    CHECK(cloud.items() == json(R"([{"p": {"S": "a"}, "n": {"N": "1"}}])"));
}

TEST_CASE("TransactWriteItems writes", "[dynamodb][transact-write-items]") {
    Tables cloud;
    cloud.put(R"({"p": {"S": "a"}, "n": {"N": "1"}})");
    cloud.put(R"({"p": {"S": "gone"}})");
    const std::string actions =
        action("Update", kKeyA + R"(, "UpdateExpression": "SET n = n + :one",
            "ConditionExpression": "n = :one", "ExpressionAttributeValues": {":one": {"N": "1"}})") +
        ", " + action("Delete", R"("Key": {"p": {"S": "gone"}})") + ", " +
        action("ConditionCheck", R"~("Key": {"p": {"S": "none"}},
            "ConditionExpression": "attribute_not_exists(p)")~");

    SECTION("all of it, at twice the cost") {
        CHECK(answer(cloud.write(actions, R"(, "ReturnConsumedCapacity": "INDEXES")")) ==
              json(R"({"ConsumedCapacity": [{"TableName": "one", "CapacityUnits": 6,
                  "WriteCapacityUnits": 6,
                  "Table": {"CapacityUnits": 6, "WriteCapacityUnits": 6}}]})"));
        CHECK(cloud.items() == json(R"([{"p": {"S": "a"}, "n": {"N": "2"}}])"));
    }
    SECTION("once, whatever is sent again with the same token within ten minutes") {
        const std::string token =
            R"(, "ClientRequestToken": "t", "ReturnConsumedCapacity": "TOTAL")";
        CHECK(answer(cloud.write(actions, token))
                  .at("ConsumedCapacity")
                  .at(0)
                  .at("WriteCapacityUnits") == 6);
        CHECK(answer(cloud.write(actions, token)) ==
              json(R"({"ConsumedCapacity": [{"TableName": "one", "CapacityUnits": 6,
                                             "ReadCapacityUnits": 6}]})"));
        CHECK(error_of(cloud.write(action("Delete", kKeyA), token))
                  .starts_with("IdempotentParameterMismatchException: "));
        CHECK(cloud.items() == json(R"([{"p": {"S": "a"}, "n": {"N": "2"}}])"));
        cloud.advance(Duration{10 * 60'000 + 1});
        CHECK(answer(cloud.write(action("Delete", kKeyA), token))
                  .at("ConsumedCapacity")
                  .at(0)
                  .at("WriteCapacityUnits") == 2);
        CHECK(cloud.items() == json("[]"));
    }
}

TEST_CASE("TransactGetItems", "[dynamodb][transact-get-items]") {
    Tables cloud;
    cloud.put(R"({"p": {"S": "a"}, "n": {"N": "1"}})");
    const std::string b = action("Get", R"("Key": {"p": {"S": "b"}})");

    SECTION("refuses") {
        CHECK(error_of(cloud.get(action("Get", kKeyA) + ", " + action("Get", kKeyA))) ==
              "ValidationException: Transaction request cannot include multiple operations on one "
              "item");
        const Applied applied = cloud.get(b + ", " + action("Get", R"("Key": {})"));
        CHECK(reasons(applied) == json(R"([{"Code": "None"}, {"Code": "ValidationError",
            "Message": "The provided key element does not match the schema"}])"));
    }
    SECTION("reads, in order") {
        CHECK(answer(cloud.get(b + ", " + action("Get", kKeyA) + ", " +
                                   action("Get", R"("Key": {"p": {"S": "c"}},
                                       "ProjectionExpression": "n")"),
                               R"(, "ReturnConsumedCapacity": "TOTAL")")) ==
              json(R"({"Responses": [{}, {"Item": {"p": {"S": "a"}, "n": {"N": "1"}}}, {}],
                  "ConsumedCapacity": [{"TableName": "one", "CapacityUnits": 6,
                                        "ReadCapacityUnits": 6}]})"));
    }
    SECTION("has no Item where the projection finds nothing (paritysuite transactGet)") {
        CHECK(answer(cloud.get(action("Get", kKeyA + R"(, "ProjectionExpression": "q")"))) ==
              json(R"({"Responses": [{}]})"));
    }
}

}  // namespace sbemu
