// Scan. Texts: facts/dynamodb-kinesis.md 1.8, 1.10.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/dynamodb_read_tables.h"
#include "tests/dynamodb_tables.h"

namespace sbemu {

namespace {

const std::string kInvalid = "One or more parameter values were invalid: ";
const std::string kStart = "The provided starting key is invalid";
const std::string kSchema = "The provided key element does not match the schema";

struct Tables : EnvAndLogTables {
    void put(const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": "env", "Item": )" + item + "}");
    }
};

// The table "range" with its indexes and forty items; all have c, half of them d.
struct Scans : ReadTables {
    Scans() {
        for (int i = 0; i < 40; ++i) {
            const std::string n = std::to_string(i);
            put("range", R"({"a": {"S": "a)" + std::to_string(i % 9) + R"("}, "b": {"S": "b)" + n +
                             R"("}, "c": {"S": "c)" + std::to_string(i % 7) +
                             R"("}, "f": {"N": ")" + n + R"("})" +
                             (i % 2 ? R"(, "d": {"S": "d"})" : "") + "}");
        }
    }
    boost::json::value scan(const std::string& more) {
        return result("dynamodb.Scan", R"({"TableName": "range")" + more + "}");
    }
    std::string error(const std::string& more) {
        return error_of(call("dynamodb.Scan", R"({"TableName": "range")" + more + "}"));
    }
    // The items' b, page by page.
    std::vector<std::string> all_pages(const std::string& more, int limit) {
        std::vector<std::string> seen;
        std::string start;
        while (true) {
            const auto page = scan(more + R"(, "Limit": )" + std::to_string(limit) + start);
            for (const auto& item : page.at("Items").as_array()) {
                seen.emplace_back(std::string_view(item.at("b").at("S").as_string()));
            }
            if (!page.as_object().contains("LastEvaluatedKey")) return seen;
            start =
                R"(, "ExclusiveStartKey": )" + boost::json::serialize(page.at("LastEvaluatedKey"));
        }
    }
};

}  // namespace

TEST_CASE("Scan reads a table", "[dynamodb][scan]") {
    Tables cloud;
    for (int i = 0; i < 20; ++i) {
        cloud.result("dynamodb.PutItem", R"({"TableName": "log", "Item": {"id": {"S": "i)" +
                                             std::to_string(i % 5) + R"("}, "at": {"N": ")" +
                                             std::to_string(i - 10) + R"("}}})");
    }
    const auto scan = [&](const std::string& more) {
        return cloud.result("dynamodb.Scan", R"({"TableName": "log")" + more + "}");
    };

    SECTION("answers every item once, page by page, keys of one partition in order") {
        std::string start;
        std::vector<std::string> seen;
        for (int pages = 0; pages < 20; ++pages) {
            const auto page = scan(R"(, "Limit": 3)" + start);
            for (const auto& item : page.at("Items").as_array()) {
                seen.push_back(boost::json::serialize(item));
            }
            if (!page.as_object().contains("LastEvaluatedKey")) break;
            start =
                R"(, "ExclusiveStartKey": )" + boost::json::serialize(page.at("LastEvaluatedKey"));
        }
        CHECK(seen.size() == 20);
        CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 20);
        std::vector<std::string> whole;
        const auto everything = scan("");
        for (const auto& item : everything.at("Items").as_array()) {
            whole.push_back(boost::json::serialize(item));
        }
        CHECK(seen == whole);
        // i0 stands at -10, -5, 0 and 5: negative numbers come first.
        std::string order;
        for (const std::string& item : whole) {
            const auto value = json(item);
            if (value.at("id").at("S") == "i0") {
                order += std::string(std::string_view(value.at("at").at("N").as_string())) + " ";
            }
        }
        CHECK(order == "-10 -5 0 5 ");
    }

    SECTION("gives a LastEvaluatedKey also when the limit is the number of items") {
        const auto page = scan(R"(, "Limit": 20)");
        CHECK(page.at("Count") == 20);
        const auto rest = scan(R"(, "ExclusiveStartKey": )" +
                               boost::json::serialize(page.at("LastEvaluatedKey")));
        CHECK(rest == json(R"({"Items": [], "Count": 0, "ScannedCount": 0})"));
    }

    SECTION("filters after counting, counts without items, projects") {
        const std::string filter = R"(, "FilterExpression": "#at > :zero",
            "ExpressionAttributeNames": {"#at": "at"},
            "ExpressionAttributeValues": {":zero": {"N": "0"}})";
        CHECK(scan(filter + R"(, "Select": "COUNT")") ==
              json(R"({"Count": 9, "ScannedCount": 20})"));
        const auto page = scan(filter + R"(, "ProjectionExpression": "id")");
        CHECK(page.at("Items").as_array().size() == 9);
        CHECK(page.at_pointer("/Items/0").as_object().size() == 1);
    }

    SECTION("divides the table into segments without overlap") {
        std::int64_t total = 0;
        for (int segment = 0; segment < 3; ++segment) {
            total += scan(R"(, "TotalSegments": 3, "Segment": )" + std::to_string(segment))
                         .at("Count")
                         .as_int64();
        }
        CHECK(total == 20);
    }

    SECTION("ends a page at 1 MB") {
        for (int i = 0; i < 4; ++i) {
            cloud.put(R"({"name": {"S": ")" + std::to_string(i) + R"("}, "a": {"S": ")" +
                      std::string(400000, 'x') + R"("}})");
        }
        const auto page = cloud.result("dynamodb.Scan", R"({"TableName": "env"})");
        CHECK(page.at("Count") == 3);
        CHECK(page.as_object().contains("LastEvaluatedKey"));
    }

    SECTION("refuses") {
        const auto [more, error] = GENERATE(table<std::string, std::string>({
            {R"(, "Segment": 1)",
             "The TotalSegments parameter is required but was not present in the request when "
             "Segment parameter is present"},
            {R"(, "TotalSegments": 1)",
             "The Segment parameter is required but was not present in the request when parameter "
             "TotalSegments is present"},
            {R"(, "TotalSegments": 5, "Segment": 5)",
             "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
             "Segment: 5 is not less than TotalSegments: 5"},
            {R"(, "TotalSegments": 1000001, "Segment": 0)",
             "1 validation error detected: Value '1000001' at 'totalSegments' failed to satisfy "
             "constraint: Member must have value less than or equal to 1000000"},
            {R"(, "Select": "SPECIFIC_ATTRIBUTES")",
             "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
             "SPECIFIC_ATTRIBUTES"},
            {R"(, "Select": "COUNT", "ProjectionExpression": "a")",
             "Cannot specify the ProjectionExpression when choosing to get only the Count"},
            {R"(, "Select": "ALL_PROJECTED_ATTRIBUTES")",
             "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"},
            {R"(, "Select": "ALL_PROJECTED_ATTRIBUTES", "ProjectionExpression": "b")",
             "Cannot specify the ProjectionExpression when choosing to get "
             "ALL_PROJECTED_ATTRIBUTES"},
            {R"(, "FilterExpression": "a = :a",
                "ExpressionAttributeValues": {":a": {"N": "x"}})",
             "ExpressionAttributeValues contains invalid value: The parameter cannot be converted "
             "to a numeric value: x for key :a"},
            {R"(, "ExclusiveStartKey": {"id": {"S": "a"}})",
             "The provided starting key is invalid: The provided key element does not match the "
             "schema"},
            {R"(, "IndexName": "idx")", "The table does not have the specified index: idx"},
        }));
        INFO(more);
        CHECK(error_of(cloud.call("dynamodb.Scan", R"({"TableName": "log")" + more + "}")) ==
              "ValidationException: " + error);
    }
}

TEST_CASE("Scan reads indexes", "[dynamodb][scan]") {
    Scans cloud;

    SECTION("the items that are in them, page by page") {
        const auto [index, count] = GENERATE(table<std::string, std::size_t>(
            {{"by-c", 40}, {"by-d", 20}, {"c-all", 40}, {"c-d", 20}}));
        INFO(index);
        const std::string name = R"(, "IndexName": ")" + index + R"(")";
        const auto whole = cloud.all_pages(name, 100);
        CHECK(std::set<std::string>(whole.begin(), whole.end()).size() == count);
        CHECK(whole.size() == count);
        for (const int limit : {1, 3, 20}) CHECK(cloud.all_pages(name, limit) == whole);
        for (const std::string& b : whole) {
            if (index == "by-d" || index == "c-d") CHECK((b.back() - '0') % 2 == 1);
        }
    }
    SECTION("segments of them are a partition") {
        const auto [index, segments] = GENERATE(table<std::string, int>(
            {{"", 1}, {"", 3}, {"", 16}, {"", 5000}, {"by-c", 4}, {"c-all", 2}, {"c-d", 5}}));
        INFO(index << " " << segments);
        const std::string name = index.empty() ? "" : R"(, "IndexName": ")" + index + R"(")";
        std::vector<std::string> seen;
        for (int segment = 0; segment < segments; ++segment) {
            const auto part =
                cloud.all_pages(name + R"(, "TotalSegments": )" + std::to_string(segments) +
                                    R"(, "Segment": )" + std::to_string(segment),
                                2);
            seen.insert(seen.end(), part.begin(), part.end());
        }
        // Segments follow each other in the order of the whole.
        CHECK(seen == cloud.all_pages(name, 100));
    }
    SECTION("answering what they project, and what more can be had") {
        const std::string by_d =
            R"(, "IndexName": "by-d", "Limit": 3, "ReturnConsumedCapacity": "INDEXES")";
        const auto page = cloud.scan(by_d);
        CHECK(page.at("Items").at(0).as_object().size() == 3);
        CHECK(page.at("LastEvaluatedKey").as_object().size() == 3);
        CHECK(page.at("ConsumedCapacity") ==
              json(R"({"TableName": "range", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0},
                       "LocalSecondaryIndexes": {"by-d": {"CapacityUnits": 0.5}}})"));
        const auto whole = cloud.scan(by_d + R"(, "Select": "ALL_ATTRIBUTES")");
        CHECK(whole.at("Items").at(0).as_object().size() == 5);
        CHECK(whole.at("ConsumedCapacity").at("CapacityUnits") == 2);
        // f is not in the index: a filter does not see it, even where it is answered.
        const auto count = [&](const std::string& filter) {
            return cloud
                .scan(
                    R"(, "Select": "ALL_ATTRIBUTES", "IndexName": "by-d", "FilterExpression": ")" +
                    filter + R"(", "ExpressionAttributeValues": {":v": {"S": "d"}})")
                .at("Count");
        };
        CHECK(count("d = :v") == 20);
        CHECK(count("d = :v AND attribute_exists(f)") == 0);
        CHECK(count("d = :v AND attribute_not_exists(f)") == 20);
        CHECK(cloud.scan(R"(, "IndexName": "by-c", "ConsistentRead": true)").at("Count") == 40);
    }
}

TEST_CASE("Scan refuses what its table does not have", "[dynamodb][scan]") {
    Scans cloud;
    const auto [more, error] = GENERATE(table<std::string, std::string>({
        {R"(, "IndexName": "none")", "The table does not have the specified index: none"},
        {R"(, "IndexName": "none", "ExclusiveStartKey": {})", kStart},
        {R"(, "IndexName": "c-all", "ConsistentRead": true)",
         "Consistent reads are not supported on global secondary indexes"},
        {R"(, "IndexName": "c-d", "Select": "ALL_ATTRIBUTES")",
         kInvalid + "Select type ALL_ATTRIBUTES is not supported for global secondary index c-d "
                    "because its projection type is not ALL"},
        {R"(, "IndexName": "c-d", "AttributesToGet": ["f", "a"])",
         kInvalid + "Global secondary index c-d does not project [f]"},
        {R"(, "ExclusiveStartKey": {})", kStart + ": " + kSchema},
        {R"(, "ExclusiveStartKey": {"a": {"S": "a"}, "b": {"N": "1"}})", kStart + ": " + kSchema},
        {R"(, "ExclusiveStartKey": {"a": {"S": ""}, "b": {"S": "1"}})",
         kStart + ": One or more parameter values are not valid. The AttributeValue for a key "
                  "attribute cannot contain an empty string value. Key: a"},
        {R"(, "IndexName": "by-c", "ExclusiveStartKey": {"a": {"S": "a"}, "b": {"S": "1"}})",
         kStart},
        {R"(, "IndexName": "by-c",
            "ExclusiveStartKey": {"a": {"S": "a"}, "b": {"S": "1"}, "x": {"S": "1"}})",
         kStart},
        {R"(, "IndexName": "by-c",
            "ExclusiveStartKey": {"a": {"S": "a"}, "b": {"S": "1"}, "c": {"N": "1"}})",
         kSchema},
        {R"(, "IndexName": "by-c",
            "ExclusiveStartKey": {"a": {"S": "a"}, "b": {"N": "1"}, "c": {"S": "1"}})",
         kStart + ": " + kSchema},
        {R"x(, "FilterExpression": "attribute_exists(a.b)")x",
         "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
         "allowed: Key: a"},
        {R"(, "ProjectionExpression": "d[0]")",
         "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
         "allowed: IndexKey: d"},
    }));
    INFO(more);
    CHECK(cloud.error(more) == "ValidationException: " + error);
}

TEST_CASE("Scan takes the start key of its own segment only", "[dynamodb][scan]") {
    Scans cloud;
    for (const std::string index : {"", R"(, "IndexName": "c-all")"}) {
        const std::string of_two = index + R"(, "TotalSegments": 2, "Segment": )";
        const auto page = cloud.scan(of_two + R"(1, "Limit": 1)");
        const std::string start =
            R"(, "ExclusiveStartKey": )" + boost::json::serialize(page.at("LastEvaluatedKey"));
        CHECK(cloud.error(of_two + "1" + start) == "none");
        CHECK(cloud.error(of_two + "0" + start) ==
              "ValidationException: " + kStart +
                  ": Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
                  "TotalSegments: 2 Segment: 0");
    }
}

}  // namespace sbemu
