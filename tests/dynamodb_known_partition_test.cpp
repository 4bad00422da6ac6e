// A query may answer a partition from memory: always what the rows have.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {
namespace js = boost::json;

namespace {

class Events {
  public:
    Events() {
        create();
        for (int n = 1; n <= 4; ++n) put(n, "v");
    }

    void create() {
        cloud.result("dynamodb.CreateTable",
                     R"({"TableName": "events", "BillingMode": "PAY_PER_REQUEST",
                         "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"},
                                                  {"AttributeName": "n", "AttributeType": "N"}],
                         "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"},
                                       {"AttributeName": "n", "KeyType": "RANGE"}]})");
        cloud.settle();
    }

    js::value ask(const std::string& operation, js::object members) {
        members["TableName"] = "events";
        return cloud.result("dynamodb." + operation, js::serialize(members));
    }

    static js::object key(int n) {
        return {{"id", {{"S", "a"}}}, {"n", {{"N", std::to_string(n)}}}};
    }
    static js::object item(int n, const std::string& value) {
        js::object item = key(n);
        item["v"] = {{"S", value}};
        return item;
    }
    void put(int n, const std::string& value) { ask("PutItem", {{"Item", item(n, value)}}); }

    // Every item that the query answers, as sort key and value.
    std::string query(js::object members = {}, const std::string& range = "") {
        js::object values{{":id", {{"S", "a"}}}};
        if (!range.empty()) values[":two"] = {{"N", "2"}};
        members["KeyConditionExpression"] = "id = :id" + range;
        members["ExpressionAttributeValues"] = values;
        std::string found;
        const js::value page = ask("Query", members);
        for (const js::value& item : page.at("Items").as_array()) {
            found += std::string(item.at("n").at("N").as_string());
            found += std::string(item.at("v").at("S").as_string()) + ' ';
        }
        return found;
    }

    TestCloud cloud;
};

}  // namespace

TEST_CASE("Query reads a partition's rows twice", "[dynamodb][query]") {
    Events events;
    for (int time = 0; time < 2; ++time) CHECK(events.query() == "1v 2v 3v 4v ");
    // Not what anybody does but this test: rows change without DynamoDB.
    events.cloud.store.run("UPDATE dynamodb_item SET item = replace(item, '\"v\"}', '\"w\"}')");
    CHECK(events.query() == "1v 2v 3v 4v ");
    events.put(5, "v");
    CHECK(events.query() == "1w 2w 3w 4w 5v ");
}

TEST_CASE("Query answers every part of a partition that it knows", "[dynamodb][query]") {
    Events events;
    // First from the rows, at last from memory.
    for (int time = 0; time < 3; ++time) {
        CHECK(events.query({}, " AND n < :two") == "1v ");
        CHECK(events.query({}, " AND n <= :two") == "1v 2v ");
        CHECK(events.query({}, " AND n > :two") == "3v 4v ");
        CHECK(events.query({}, " AND n >= :two") == "2v 3v 4v ");
        CHECK(events.query({}, " AND n = :two") == "2v ");
        CHECK(events.query({{"ScanIndexForward", false}}) == "4v 3v 2v 1v ");
        CHECK(events.query({{"Limit", 3}}) == "1v 2v 3v ");
        CHECK(events.query({{"Limit", 3}, {"ScanIndexForward", false}}) == "4v 3v 2v ");
        CHECK(events.query({{"ExclusiveStartKey", Events::key(2)}}) == "3v 4v ");
        CHECK(events.query({{"ExclusiveStartKey", Events::key(2)}, {"ScanIndexForward", false}}) ==
              "1v ");
        CHECK(events.query() == "1v 2v 3v 4v ");
    }
}

TEST_CASE("Query sees every change to a partition that it knows", "[dynamodb][query]") {
    Events events;
    for (int time = 0; time < 2; ++time) REQUIRE(events.query() == "1v 2v 3v 4v ");

    SECTION("of one item") {
        events.put(0, "new");
        CHECK(events.query() == "0new 1v 2v 3v 4v ");
        events.put(1, "w");
        CHECK(events.query() == "0new 1w 2v 3v 4v ");
        events.ask("UpdateItem", {{"Key", Events::key(2)},
                                  {"UpdateExpression", "SET v = :v"},
                                  {"ExpressionAttributeValues", {{":v", {{"S", "x"}}}}}});
        CHECK(events.query() == "0new 1w 2x 3v 4v ");
        events.ask("DeleteItem", {{"Key", Events::key(0)}});
        CHECK(events.query() == "1w 2x 3v 4v ");
        events.cloud.result(
            "dynamodb.ExecuteStatement",
            R"({"Statement": "UPDATE events SET v = 'y' WHERE id = 'a' AND n = 3"})");
        CHECK(events.query() == "1w 2x 3y 4v ");
    }

    SECTION("of several, or of none when the transaction fails") {
        const auto put = [](int n, const std::string& value) {
            return js::object{{"Put", {{"TableName", "events"}, {"Item", Events::item(n, value)}}}};
        };
        js::object fails = put(2, "w");
        fails["Put"].as_object()["ConditionExpression"] = "attribute_not_exists(id)";
        const Applied failed = events.cloud.call(
            "dynamodb.TransactWriteItems",
            js::serialize(js::object{{"TransactItems", js::array{put(1, "w"), fails}}}));
        REQUIRE(std::holds_alternative<ApiError>(failed.answer));
        CHECK(events.query() == "1v 2v 3v 4v ");
        events.cloud.result(
            "dynamodb.TransactWriteItems",
            js::serialize(js::object{{"TransactItems", js::array{put(1, "w"), put(5, "w")}}}));
        CHECK(events.query() == "1w 2v 3v 4v 5w ");
        events.cloud.result(
            "dynamodb.BatchWriteItem",
            js::serialize(js::object{
                {"RequestItems",
                 {{"events",
                   js::array{js::object{{"DeleteRequest", {{"Key", Events::key(4)}}}},
                             js::object{{"PutRequest", {{"Item", Events::item(3, "x")}}}}}}}}}));
        CHECK(events.query() == "1w 2v 3x 5w ");
    }

    SECTION("and nothing of a table that is gone, or of another partition") {
        events.ask("PutItem", {{"Item", {{"id", {{"S", "b"}}}, {"n", {{"N", "1"}}}}}});
        CHECK(events.query() == "1v 2v 3v 4v ");
        events.cloud.result("dynamodb.DeleteTable", R"({"TableName": "events"})");
        events.cloud.settle();
        events.create();
        for (int time = 0; time < 3; ++time) CHECK(events.query().empty());
        events.put(1, "v");
        CHECK(events.query() == "1v ");
    }
}

TEST_CASE("Query does not keep a large partition", "[dynamodb][query]") {
    Events events;
    // More than the 64 KB that one may have, and more items than are read at a time.
    const auto change_rows = [&] {
        events.cloud.store.run("UPDATE dynamodb_item SET item = replace(item, '\"v\"}', '\"w\"}')");
    };
    events.put(5, std::string(70'000, 'x'));
    const std::string large = "5" + std::string(70'000, 'x') + ' ';
    for (int time = 0; time < 3; ++time) CHECK(events.query() == "1v 2v 3v 4v " + large);
    change_rows();
    CHECK(events.query() == "1w 2w 3w 4w " + large);
    for (int n = 1; n <= 4; ++n) events.put(n, "v");
    events.ask("DeleteItem", {{"Key", Events::key(5)}});
    std::string wanted = "1v 2v 3v 4v ";
    for (int n = 5; n <= 130; ++n) {
        events.put(n, "v");
        wanted += std::to_string(n) + "v ";
    }
    for (int time = 0; time < 3; ++time) CHECK(events.query() == wanted);
    change_rows();
    CHECK(events.query().substr(0, 3) == "1w ");
}

}  // namespace sbemu
