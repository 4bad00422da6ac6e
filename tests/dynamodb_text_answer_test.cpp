// GetItem may answer the text that an item is kept as: the same bytes as the result it stands for.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/core/event_log.h"
#include "tests/test_cloud.h"

namespace sbemu {
namespace js = boost::json;

namespace {

constexpr const char* kTable = R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]})";
constexpr const char* kItem = R"({"TableName": "env", "Item": {"id": {"S": "a\"\u0001\n\u00e9/"},
    "deep": {"L": [{"M": {"n": {"N": "1.50"}, "b": {"B": "AA=="}}}, {"NULL": true}]}}})";

Outcome outcome_of(TestCloud& cloud, const std::string& target, const std::string& request) {
    const Applied applied = cloud.call(target, request);
    REQUIRE(std::holds_alternative<Outcome>(applied.answer));
    return std::get<Outcome>(applied.answer);
}

std::uint64_t last_reply(TestCloud& cloud) {
    return read_events(cloud.store, last_logged(cloud.store).number - 1, 1).at(0).reply;
}

}  // namespace

TEST_CASE("GetItem answers text to who takes it", "[dynamodb]") {
    TestCloud objects;
    TestCloud texts;
    texts.kernel.answer_with_text();
    for (TestCloud* cloud : {&objects, &texts}) {
        cloud->result("dynamodb.CreateTable", kTable);
        cloud->settle();
        cloud->result("dynamodb.PutItem", kItem);
    }
    const auto get = [](const std::string& more) {
        return R"({"TableName": "env", "Key": {"id": {"S": "a\"\u0001\n\u00e9/"}})" + more + "}";
    };

    SECTION("the same as the result, and the same in the log") {
        for (const std::string more : {"", R"(, "ReturnConsumedCapacity": "TOTAL")"}) {
            const Outcome object = outcome_of(objects, "dynamodb.GetItem", get(more));
            const Outcome text = outcome_of(texts, "dynamodb.GetItem", get(more));
            CHECK(text.result.empty());
            CHECK(text.result_text == js::serialize(object.result));
            CHECK(object.result_text.empty());
            CHECK(last_reply(texts) == last_reply(objects));
        }
    }

    SECTION("no text for a part of an item, or for none") {
        const std::string part = get(R"(, "ProjectionExpression": "deep[0]")");
        CHECK(outcome_of(texts, "dynamodb.GetItem", part).result_text.empty());
        CHECK(outcome_of(texts, "dynamodb.GetItem", part).result ==
              outcome_of(objects, "dynamodb.GetItem", part).result);
        const std::string none = R"({"TableName": "env", "Key": {"id": {"S": "none"}}})";
        CHECK(outcome_of(texts, "dynamodb.GetItem", none).result_text.empty());
        CHECK(outcome_of(texts, "dynamodb.GetItem", none).result.empty());
    }
}

TEST_CASE("Tables and items that are remembered are those in the rows", "[dynamodb]") {
    TestCloud cloud;
    cloud.result("dynamodb.CreateTable", kTable);
    cloud.settle();
    const auto count = [&] {
        return cloud.result("dynamodb.DescribeTable", R"({"TableName": "env"})")
            .at("Table")
            .at("ItemCount")
            .as_int64();
    };
    cloud.result("dynamodb.PutItem", kItem);
    CHECK(count() == 1);
    // A transaction that fails counts nothing.
    const Applied failed = cloud.call("dynamodb.TransactWriteItems", R"json({"TransactItems": [
        {"Put": {"TableName": "env", "Item": {"id": {"S": "b"}}}},
        {"Put": {"TableName": "env", "Item": {"id": {"S": "c"}},
                 "ConditionExpression": "attribute_exists(id)"}}]})json");
    CHECK(std::holds_alternative<ApiError>(failed.answer));
    CHECK(count() == 1);

    SECTION("and so is an item, whatever changes it") {
        const std::string key = R"({"id": {"S": "x"}})";
        const auto answer = [&] {
            const auto result =
                cloud.result("dynamodb.GetItem", R"({"TableName": "env", "Key": )" + key + "}");
            const js::value* item = result.as_object().if_contains("Item");
            return item ? js::serialize(item->at("n")) : std::string();
        };
        const auto change = [&](const std::string& operation, const std::string& members) {
            cloud.result("dynamodb." + operation, R"({"TableName": "env", )" + members + "}");
        };
        CHECK(answer().empty());
        change("PutItem", R"("Item": {"id": {"S": "x"}, "n": {"N": "1"}})");
        CHECK(answer() == R"({"N":"1"})");
        change("PutItem", R"("Item": {"id": {"S": "x"}, "n": {"N": "2"}})");
        CHECK(answer() == R"({"N":"2"})");
        change("UpdateItem", R"("Key": )" + key + R"(, "UpdateExpression": "ADD n :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}})");
        CHECK(answer() == R"({"N":"3"})");
        cloud.result("dynamodb.ExecuteStatement",
                     R"({"Statement": "UPDATE env SET n = 4 WHERE id = 'x'"})");
        CHECK(answer() == R"({"N":"4"})");
        change("DeleteItem", R"("Key": )" + key);
        CHECK(answer().empty());
        change("PutItem", R"("Item": {"id": {"S": "x"}, "n": {"N": "5"}})");
        CHECK(answer() == R"({"N":"5"})");
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        cloud.settle();
        cloud.result("dynamodb.CreateTable", kTable);
        cloud.settle();
        CHECK(answer().empty());
    }

    SECTION("after another with its name was made, and for another account") {
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        cloud.settle();
        CHECK(std::holds_alternative<ApiError>(cloud.call("dynamodb.PutItem", kItem).answer));
        cloud.result("dynamodb.CreateTable", kTable);
        cloud.settle();
        CHECK(count() == 0);
        cloud.caller.account = "999999999999";
        CHECK(std::holds_alternative<ApiError>(cloud.call("dynamodb.PutItem", kItem).answer));
    }
}

}  // namespace sbemu
