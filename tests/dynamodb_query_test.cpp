// Query. Texts: facts/dynamodb-kinesis.md 1.5 to 1.10.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <tuple>

#include "emulator/core/random.h"
#include "tests/dynamodb_read_tables.h"

namespace sbemu {

namespace {

struct Queries : ReadTables {
    // `more` begins with the conditions.
    boost::json::value query(const std::string& more) {
        return result("dynamodb.Query", R"({"TableName": "range", )" + more + "}");
    }
    std::string error(const std::string& more, const std::string& table = "range") {
        return error_of(
            call("dynamodb.Query", R"({"TableName": ")" + table + R"(", )" + more + "}"));
    }
    // The values of `attribute` in a page, joined by blanks.
    std::string values(const std::string& more, const std::string& attribute = "b") {
        return joined(query(more), attribute);
    }
    static std::string joined(const boost::json::value& page, const std::string& attribute) {
        std::string text;
        for (const auto& item : page.at("Items").as_array()) {
            const auto* value = item.as_object().if_contains(attribute);
            text += (text.empty() ? "" : " ") +
                    (value ? std::string(std::string_view(value->at("S").as_string())) : "-");
        }
        return text;
    }
    // All pages one after the other; checks that each but the last has as many as it may.
    std::string all_pages(const std::string& more, int limit, const std::string& attribute = "b") {
        std::string text;
        std::string start;
        while (true) {
            const auto page = query(more + R"(, "Limit": )" + std::to_string(limit) + start);
            const std::string values = joined(page, attribute);
            text += (text.empty() || values.empty() ? "" : " ") + values;
            if (!page.as_object().contains("LastEvaluatedKey")) return text;
            CHECK(page.at("ScannedCount") == limit);
            start =
                R"(, "ExclusiveStartKey": )" + boost::json::serialize(page.at("LastEvaluatedKey"));
        }
    }
};

const std::string kHash = where("a = :a");

}  // namespace

TEST_CASE("Query reads a table", "[dynamodb][query]") {
    Queries cloud;
    for (const char* b : {"d", "a", "c", "b", "ca"}) {
        cloud.put("range", R"({"a": {"S": "a"}, "b": {"S": ")" + std::string(b) +
                               R"("}, "n": {"N": "1"}, "x": {"S": ")" + b + R"("}})");
    }
    cloud.put("range", R"({"a": {"S": "b"}, "b": {"S": "a"}})");

    SECTION("by its partition, in the order of the sort keys") {
        CHECK(cloud.values(kHash) == "a b c ca d");
        CHECK(cloud.values(kHash + R"(, "ScanIndexForward": false)") == "d ca c b a");
        CHECK(cloud.values(where("a = :b")) == "a");
        CHECK(cloud.query(where("a = :z")) ==
              json(R"({"Items": [], "Count": 0, "ScannedCount": 0})"));
    }
    SECTION("by conditions on the sort key") {
        const auto [condition, wanted] = GENERATE(table<std::string, std::string>({
            {"a = :a AND b = :c", "c"},
            {"a = :a AND b < :c", "a b"},
            {"a = :a AND b <= :c", "a b c"},
            {"a = :a AND b > :c", "ca d"},
            {"a = :a AND b >= :c", "c ca d"},
            {"a = :a AND :c > b", "a b"},
            {"b BETWEEN :b AND :c AND a = :a", "b c"},
            {"a = :a AND begins_with(b, :c)", "c ca"},
            {"a = :a AND b = :z", ""},
        }));
        INFO(condition);
        CHECK(cloud.values(where(condition)) == wanted);
    }
    SECTION("page by page, forwards and backwards") {
        for (const int limit : {1, 2, 5, 6}) {
            INFO(limit);
            CHECK(cloud.all_pages(kHash, limit) == "a b c ca d");
            CHECK(cloud.all_pages(kHash + R"(, "ScanIndexForward": false)", limit) == "d ca c b a");
            CHECK(cloud.all_pages(where("a = :a AND b > :a"), limit) == "b c ca d");
        }
    }
    SECTION("says where a page stopped, also when nothing is left") {
        CHECK(cloud.query(kHash + R"(, "Limit": 5)").at("LastEvaluatedKey") ==
              json(R"({"a": {"S": "a"}, "b": {"S": "d"}})"));
        CHECK_FALSE(
            cloud.query(kHash + R"(, "Limit": 6)").as_object().contains("LastEvaluatedKey"));
    }
    SECTION("filters what it read, and counts both") {
        const std::string filter =
            R"("KeyConditionExpression": "a = :a", "FilterExpression": "x < :c",
               "ExpressionAttributeValues": {":a": {"S": "a"}, ":c": {"S": "c"}})";
        CHECK(cloud.values(filter) == "a b");
        CHECK(cloud.query(filter + R"(, "Select": "COUNT")") ==
              json(R"({"Count": 2, "ScannedCount": 5})"));
        // The limit is of what is read.
        CHECK(cloud.query(filter + R"(, "Limit": 3, "Select": "COUNT")") ==
              json(R"({"Count": 2, "ScannedCount": 3,
                       "LastEvaluatedKey": {"a": {"S": "a"}, "b": {"S": "c"}}})"));
    }
    SECTION("answers what is asked for") {
        const std::string one = where("a = :a AND b = :c");
        CHECK(cloud.query(one + R"(, "ProjectionExpression": "n, b")").at("Items") ==
              json(R"([{"b": {"S": "c"}, "n": {"N": "1"}}])"));
        CHECK(cloud
                  .query(one + R"(, "ProjectionExpression": "n",
                                  "Select": "SPECIFIC_ATTRIBUTES")")
                  .at("Items") == json(R"([{"n": {"N": "1"}}])"));
        CHECK(cloud.query(one + R"(, "Select": "ALL_ATTRIBUTES")").at("Items") ==
              json(R"([{"a": {"S": "a"}, "b": {"S": "c"}, "n": {"N": "1"}, "x": {"S": "c"}}])"));
    }
}

TEST_CASE("Query ends a page at 1 MB, and rounds what it read once", "[dynamodb][query]") {
    Queries cloud;
    for (int i = 0; i < 4; ++i) {
        cloud.put("range", R"({"a": {"S": "a"}, "b": {"S": ")" + std::to_string(i) +
                               R"("}, "x": {"S": ")" + std::string(400000, 'x') + R"("}})");
    }
    const auto page = cloud.query(kHash + R"(, "ReturnConsumedCapacity": "TOTAL")");
    CHECK(page.at("Count") == 3);
    CHECK(page.at("LastEvaluatedKey") == json(R"({"a": {"S": "a"}, "b": {"S": "2"}})"));
    // 3 * 400005 bytes are 293 times 4 KB.
    CHECK(page.at("ConsumedCapacity") == json(R"({"TableName": "range", "CapacityUnits": 146.5})"));
    CHECK(cloud.query(kHash + R"(, "ReturnConsumedCapacity": "INDEXES", "ConsistentRead": true)")
              .at("ConsumedCapacity") == json(R"({"TableName": "range", "CapacityUnits": 293,
                                                  "Table": {"CapacityUnits": 293}})"));
}

TEST_CASE("Query reads indexes", "[dynamodb][query]") {
    Queries cloud;
    const auto put = [&](const std::string& a, const std::string& b, const std::string& more) {
        cloud.put("range",
                  R"({"a": {"S": ")" + a + R"("}, "b": {"S": ")" + b + R"("}, )" + more + "}");
    };
    put("a", "1", R"("c": {"S": "x"}, "d": {"S": "z"}, "e": {"S": "e1"}, "f": {"S": "f1"})");
    put("a", "2", R"("c": {"S": "x"}, "d": {"S": "y"}, "e": {"S": "e2"}, "f": {"S": "f2"})");
    put("a", "3", R"("c": {"S": "w"}, "d": {"S": "x"})");
    put("a", "4", R"("d": {"S": "w"})");
    put("b", "1", R"("c": {"S": "x"}, "d": {"S": "y"})");
    const auto on = [](const std::string& index, const std::string& condition) {
        return where(condition) + R"(, "IndexName": ")" + index + R"(")";
    };

    SECTION("local ones, in the order of their sort keys") {
        CHECK(cloud.values(on("by-c", "a = :a")) == "3 1 2");
        CHECK(cloud.values(on("by-c", "a = :a") + R"(, "ScanIndexForward": false)") == "2 1 3");
        CHECK(cloud.values(on("by-d", "a = :a AND d > :w")) == "3 2 1");
        CHECK(cloud.values(on("by-c", "a = :a AND c = :x") + R"(, "ConsistentRead": true)") ==
              "1 2");
    }
    SECTION("global ones") {
        CHECK(cloud.values(on("c-d", "c = :x AND d = :z")) == "1");
        CHECK(cloud.query(on("c-all", "c = :x")).at("Count") == 3);
        CHECK(cloud.query(on("c-all", "c = :v")).at("Count") == 0);
    }
    SECTION("answering what they project") {
        const std::string projected =
            R"([{"a": {"S": "a"}, "b": {"S": "1"}, "c": {"S": "x"}, "d": {"S": "z"},
                 "e": {"S": "e1"}}])";
        const std::string global = on("c-d", "c = :x AND d = :z");
        CHECK(cloud.query(global).at("Items") == json(projected));
        CHECK(cloud.query(global + R"(, "Select": "ALL_PROJECTED_ATTRIBUTES")").at("Items") ==
              json(projected));
        const std::string local = on("by-d", "a = :a AND d = :z");
        CHECK(cloud.query(local).at("Items") ==
              json(R"([{"a": {"S": "a"}, "b": {"S": "1"}, "d": {"S": "z"}, "e": {"S": "e1"}}])"));
        CHECK(cloud.values(on("by-c", "a = :a"), "f") == "- f1 f2");
    }
    SECTION("local ones also what they do not project, for more") {
        const std::string local =
            on("by-d", "a = :a AND d >= :y") + R"(, "ReturnConsumedCapacity": "INDEXES")";
        const auto from_index = cloud.query(local);
        CHECK(from_index.at("ConsumedCapacity") ==
              json(R"({"TableName": "range", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0},
                       "LocalSecondaryIndexes": {"by-d": {"CapacityUnits": 0.5}}})"));
        // Two items are fetched, each half a unit.
        const auto whole = cloud.query(local + R"(, "Select": "ALL_ATTRIBUTES")");
        CHECK(cloud.joined(whole, "f") == "f2 f1");
        CHECK(whole.at("ConsumedCapacity") ==
              json(R"({"TableName": "range", "CapacityUnits": 1.5, "Table": {"CapacityUnits": 1},
                       "LocalSecondaryIndexes": {"by-d": {"CapacityUnits": 0.5}}})"));
        const auto named = cloud.query(local + R"(, "ProjectionExpression": "f, e")");
        CHECK(named.at("Items").at(0) == json(R"({"e": {"S": "e2"}, "f": {"S": "f2"}})"));
        CHECK(named.at("ConsumedCapacity").at("CapacityUnits") == 1.5);
        const auto projected = cloud.query(local + R"(, "ProjectionExpression": "e")");
        CHECK(projected.at("ConsumedCapacity").at("CapacityUnits") == 0.5);
    }
    SECTION("global ones at the cost of what they project") {
        put("c", "1",
            R"("c": {"S": "big"}, "d": {"S": "y"}, "f": {"S": ")" + std::string(10000, 'x') +
                R"("})");
        const std::string condition = R"("KeyConditionExpression": "c = :c",
            "ExpressionAttributeValues": {":c": {"S": "big"}}, "ReturnConsumedCapacity": "INDEXES",
            "IndexName": )";
        CHECK(cloud.query(condition + R"("c-d")").at("ConsumedCapacity") ==
              json(R"({"TableName": "range", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0},
                       "GlobalSecondaryIndexes": {"c-d": {"CapacityUnits": 0.5}}})"));
        CHECK(cloud.query(condition + R"("c-all")").at("ConsumedCapacity").at("CapacityUnits") ==
              1.5);
    }
    SECTION("page by page through equal keys") {
        for (int i = 0; i < 7; ++i) {
            put("t", std::to_string(i), R"("c": {"S": "t"}, "d": {"S": "t"})");
        }
        CHECK(cloud.all_pages(on("by-c", "a = :t AND c = :t"), 2) == "0 1 2 3 4 5 6");
        CHECK(cloud.all_pages(on("by-c", "a = :t") + R"(, "ScanIndexForward": false)", 3) ==
              "6 5 4 3 2 1 0");
        CHECK(cloud.all_pages(on("c-d", "c = :t AND d = :t"), 3) == "0 1 2 3 4 5 6");
        CHECK(cloud.query(on("c-d", "c = :t") + R"(, "Limit": 1)").at("LastEvaluatedKey") ==
              json(R"({"a": {"S": "t"}, "b": {"S": "0"}, "c": {"S": "t"}, "d": {"S": "t"}})"));
        // Of one partition of the index, items of many of the table.
        for (int i = 0; i < 9; ++i) put("u" + std::to_string(i), "b", R"("c": {"S": "u"})");
        const std::string seen = cloud.all_pages(on("c-all", "c = :u"), 2, "a");
        for (int i = 0; i < 9; ++i) CHECK(seen.find("u" + std::to_string(i)) != std::string::npos);
        CHECK(seen.size() == 9 * 2 + 8);
    }
    SECTION("filters by the table's keys, not by the index's") {
        const std::string filter = R"("KeyConditionExpression": "c = :x",
            "ExpressionAttributeValues": {":x": {"S": "x"}, ":a": {"S": "a"}}, "IndexName": "c-all",
            "FilterExpression": )";
        CHECK(cloud.query(filter + R"("a = :a")").at("Count") == 2);
        CHECK(cloud.error(filter + R"("c = :a")") ==
              "ValidationException: Filter Expression can only contain non-primary key attributes: "
              "Primary key attribute: c");
    }
}

// The items of paritysuite's multiAttributeGsiKey, with a second partition attribute.
TEST_CASE("Query reads indexes with several key attributes", "[dynamodb][query]") {
    Queries cloud;
    const auto put = [&](const std::string& b, const std::string& r, const std::string& s,
                         const std::string& g = "1") {
        cloud.put("range", R"({"a": {"S": "a"}, "b": {"S": ")" + b + R"("}, "h": {"S": "h"},
            "g": {"N": ")" + g +
                               R"("}, "r": {"S": ")" + r + R"("}, "s": {"N": ")" + s + R"("}})");
    };
    put("1", "live", "10");
    put("2", "live", "9");
    put("3", "live", "-1");
    put("4", "draft", "5");
    put("5", "live!", "0");
    put("6", "live", "0", "2");
    cloud.put("range", R"({"a": {"S": "a"}, "b": {"S": "7"}, "h": {"S": "h"}, "g": {"N": "1"},
        "r": {"S": "live"}})");  // has no s
    const auto on = [](const std::string& condition) {
        std::string values = R"(":h": {"S": "h"}, ":g": {"N": "1"})";
        if (condition.find(":r") != std::string::npos) values += R"(, ":r": {"S": "live"})";
        if (condition.find(":s") != std::string::npos) values += R"(, ":s": {"N": "9"})";
        return R"("IndexName": "several", "KeyConditionExpression": "h = :h AND g = :g)" +
               condition + R"(", "ExpressionAttributeValues": {)" + values + "}";
    };

    CHECK(cloud.values(on("")) == "4 3 2 1 5");
    CHECK(cloud.values(on(" AND r = :r")) == "3 2 1");
    CHECK(cloud.values(on(" AND begins_with(r, :r)")) == "3 2 1 5");
    CHECK(cloud.values(on(" AND r < :r")) == "4");
    CHECK(cloud.values(on(" AND r > :r")) == "5");
    CHECK(cloud.values(on(" AND r = :r AND s >= :s")) == "2 1");
    CHECK(cloud.values(on(" AND s = :s AND r = :r")) == "2");
    CHECK(cloud.values(on(" AND r = :r") + R"(, "ScanIndexForward": false)") == "1 2 3");
    CHECK(cloud.all_pages(on(""), 2) == "4 3 2 1 5");
    CHECK(cloud.query(on(" AND r = :r") + R"(, "Limit": 1)").at("LastEvaluatedKey") ==
          json(R"({"a": {"S": "a"}, "b": {"S": "3"}, "h": {"S": "h"}, "g": {"N": "1"},
                   "r": {"S": "live"}, "s": {"N": "-1"}})"));
    CHECK(cloud.error(on(" AND s = :s")) ==
          "ValidationException: RANGE key attributes r must have equality conditions specified in "
          "the query because a condition is present on key attribute s");
}

// Random items, queried by every index and by conditions on sort keys, page by page: what the
// answer is was worked out by sorting and counting here.
TEST_CASE("Query answers as sorting would", "[dynamodb][query]") {
    Queries cloud;
    Random random(11);
    using Sortable = std::tuple<std::string, std::string, std::string>;  // order, then a, b
    std::map<std::string, std::map<std::string, std::vector<Sortable>>> expected;  // index, hash
    const auto letter = [&](std::uint64_t of) {
        return std::string(1, static_cast<char>('a' + random.below(of)));
    };
    for (int i = 0; i < 60; ++i) {
        const std::string a = letter(3);
        const std::string b = letter(6) + std::to_string(i);
        const std::string c = letter(3);
        const std::string d = letter(4) + letter(2);
        const bool has_d = random.below(4) > 0;
        cloud.put("range", R"({"a": {"S": ")" + a + R"("}, "b": {"S": ")" + b +
                               R"("}, "c": {"S": ")" + c + R"("})" +
                               (has_d ? R"(, "d": {"S": ")" + d + R"("})" : "") + "}");
        expected[""][a].push_back({b, a, b});
        expected["by-c"][a].push_back({c, a, b});
        if (!has_d) continue;
        expected["by-d"][a].push_back({d, a, b});
        expected["c-d"][c].push_back({d, a, b});
    }
    for (int i = 0; i < 150; ++i) {
        const std::string index =
            std::vector<std::string>{"", "by-c", "by-d", "c-d"}[random.below(4)];
        const std::string sort = index.empty() ? "b" : index == "by-c" ? "c" : "d";
        const std::string hash = index == "c-d" ? "c" : "a";
        const std::string hash_value = letter(3);
        const std::string bound = letter(5);
        const std::size_t comparison = random.below(5);
        const std::string operators[] = {"", "<", ">=", ">", "begins_with"};
        const bool is_forward = random.below(2);

        std::vector<Sortable> wanted;
        for (const Sortable& item : expected[index][hash_value]) {
            const std::string& key = std::get<0>(item);
            const bool matches[] = {true, key<bound, key >= bound, key> bound,
                                    key.starts_with(bound)};
            if (matches[comparison]) wanted.push_back(item);
        }
        // Items of equal keys in a global index have an order of AWS's own.
        std::sort(wanted.begin(), wanted.end());
        if (!is_forward) std::reverse(wanted.begin(), wanted.end());

        std::string condition = hash + " = :" + hash_value;
        if (comparison == 4) condition += " AND begins_with(" + sort + ", :" + bound + ")";
        if (comparison > 0 && comparison < 4) {
            condition += " AND " + sort + " " + operators[comparison] + " :" + bound;
        }
        std::string more = where(condition);
        if (!index.empty()) more += R"(, "IndexName": ")" + index + R"(")";
        if (!is_forward) more += R"(, "ScanIndexForward": false)";
        INFO(more);
        const int limit = static_cast<int>(random.below(7)) + 1;
        const std::string got = cloud.all_pages(more, limit, sort);
        const std::string items = cloud.all_pages(more, limit, "b");
        std::string sorted;
        for (const Sortable& item : wanted)
            sorted += (sorted.empty() ? "" : " ") + std::get<0>(item);
        CHECK(got == sorted);
        for (const Sortable& item : wanted) {
            CHECK((" " + items + " ").find(" " + std::get<2>(item) + " ") != std::string::npos);
        }
    }
}

}  // namespace sbemu
