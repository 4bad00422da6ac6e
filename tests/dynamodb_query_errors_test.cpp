// What Query refuses, and in which order. Texts: facts/dynamodb-kinesis.md 1.5 to 1.10; the order
// is that of dynalite's tests.
#include <catch2/catch.hpp>

#include "tests/dynamodb_read_tables.h"

namespace sbemu {

namespace {

const std::string kOne = "1 validation error detected: ";
const std::string kInvalid = "One or more parameter values were invalid: ";
const std::string kStart = "The provided starting key is invalid";
const std::string kSchema = "The provided key element does not match the schema";

struct Errors : ReadTables {
    std::string error(const std::string& more, const std::string& table = "range") {
        return error_of(
            call("dynamodb.Query", R"({"TableName": ")" + table + R"(", )" + more + "}"));
    }
};

const std::string kHash = where("a = :a");

}  // namespace

TEST_CASE("Query refuses requests before it looks for the table", "[dynamodb][query]") {
    Errors cloud;
    const auto [more, error] = GENERATE(table<std::string, std::string>({
        {R"("Select": "COUNT")",
         "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
         "request."},
        {R"("KeyConditionExpression": "a = b", "KeyConditions": {}, "QueryFilter": {})",
         "Can not use both expression and non-expression parameters in the same request: "
         "Non-expression parameters: {QueryFilter, KeyConditions} Expression parameters: "
         "{KeyConditionExpression}"},
        {R"("ProjectionExpression": "a", "KeyConditions": {}, "AttributesToGet": ["a"])",
         "Can not use both expression and non-expression parameters in the same request: "
         "Non-expression parameters: {AttributesToGet} Expression parameters: "
         "{ProjectionExpression}"},
        {kHash + R"(, "Select": "SPECIFIC_ATTRIBUTES")",
         kOne + "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
                "SPECIFIC_ATTRIBUTES"},
        {kHash + R"(, "Select": "ALL_ATTRIBUTES", "ProjectionExpression": "b")",
         kOne + "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"},
        {kHash + R"(, "Select": "COUNT", "ProjectionExpression": "b")",
         kOne + "Cannot specify the ProjectionExpression when choosing to get only the Count"},
        {kHash + R"(, "Select": "ALL_PROJECTED_ATTRIBUTES")",
         kOne + "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"},
        {kHash + R"(, "Select": "ALL_PROJECTED_ATTRIBUTES", "ProjectionExpression": "b")",
         kOne + "Cannot specify the ProjectionExpression when choosing to get "
                "ALL_PROJECTED_ATTRIBUTES"},
        {kHash + R"(, "ExclusiveStartKey": {"a": {"N": "x"}})",
         "The parameter cannot be converted to a numeric value: x"},
        {kHash + R"(, "ExclusiveStartKey": {"a": {"SS": ["b", "a", "b"]}})",
         kInvalid + R"(Input collection ["a", "b", "b"] contains duplicates.)"},
        {R"("KeyConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"N": "x"}})",
         "The parameter cannot be converted to a numeric value: x"},
        // What the conditions say comes after all expressions.
        {R"("KeyConditionExpression": "a <> b", "FilterExpression": "")",
         "Invalid FilterExpression: The expression can not be empty;"},
        {R"("KeyConditionExpression": "a <> b", "FilterExpression": "#x = a")",
         "Invalid FilterExpression: An expression attribute name used in the document path is not "
         "defined; attribute name: #x"},
        {R"("KeyConditionExpression": "a <> b", "ProjectionExpression": "")",
         "Invalid ProjectionExpression: The expression can not be empty;"},
        {R"("KeyConditionExpression": "a <> b", "ExpressionAttributeNames": {"#u": "u"})",
         "Value provided in ExpressionAttributeNames unused in expressions: keys: {#u}"},
        {R"("KeyConditionExpression": "a <> b")",
         "Invalid operator used in KeyConditionExpression: <>"},
    }));
    INFO(more);
    CHECK(cloud.error(more, "none") == "ValidationException: " + error);
}

TEST_CASE("Query refuses what its table does not have", "[dynamodb][query]") {
    Errors cloud;
    CHECK(cloud.error(kHash, "none") == "ResourceNotFoundException: Requested resource not found");
    const auto [more, error] = GENERATE(table<std::string, std::string>({
        {kHash + R"(, "IndexName": "none", "ExclusiveStartKey": {})",
         "The table does not have the specified index: none"},
        {where("c = :c") + R"(, "IndexName": "c-d", "ConsistentRead": true)",
         "Consistent reads are not supported on global secondary indexes"},
        {where("b = :b"), "Query condition missed key schema element: a"},
        {where("c = :c") + R"(, "IndexName": "by-c")",
         "Query condition missed key schema element: a"},
        {where("a = :a AND b = :b") + R"(, "IndexName": "by-c")",
         "Query condition missed key schema element: c"},
        {where("a = :a AND c = :b AND d = :b") + R"(, "IndexName": "by-c")",
         "The number of query conditions (3) exceeds the number of key attributes defined in the "
         "schema (2)"},
        {where("c = :c") + R"(, "IndexName": "c-d", "Select": "ALL_ATTRIBUTES")",
         kInvalid + "Select type ALL_ATTRIBUTES is not supported for global secondary index c-d "
                    "because its projection type is not ALL"},
        {where("c = :c") + R"(, "IndexName": "c-d", "ProjectionExpression": "a, f.x, e, f.y, g")",
         kInvalid + "Global secondary index c-d does not project [f, g]"},
        {where("c = :c") + R"(, "IndexName": "c-d", "FilterExpression": "e = b OR z = a OR g.x = f",
                              "Select": "ALL_ATTRIBUTES")",
         kInvalid + "Secondary index c-d does not project one or more filter attributes: "
                    "[f, g, z]"},
        {where("c = :c") + R"(, "IndexName": "c-d", "FilterExpression": "c = f")",
         "Filter Expression can only contain non-primary key attributes: Primary key attribute: c"},
        {where("a = :a") + R"(, "IndexName": "by-d", "FilterExpression": "e = c")",
         kInvalid + "Secondary index by-d does not project one or more filter attributes: [c]"},
        {where("a = :a") + R"(, "FilterExpression": "b = a")",
         "Filter Expression can only contain non-primary key attributes: Primary key attribute: a"},
        {where("a = :a") + R"x(, "FilterExpression": "attribute_exists(b.x)")x",
         "Filter Expression can only contain non-primary key attributes: Primary key attribute: b"},
        {where("a = :a") + R"x(, "FilterExpression": "attribute_exists(d[1])")x",
         "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
         "allowed: IndexKey: d"},
        {where("a = :a") + R"(, "ProjectionExpression": "a.b")",
         "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
         "allowed: Key: a"},
    }));
    INFO(more);
    CHECK(cloud.error(more) == "ValidationException: " + error);
}

// Recorded of the partition key of an index: github.com/facebook/ThreatExchange issue 1324
// (2023-07); of a table's and of sort keys assumed.
TEST_CASE("Query refuses values that no key can have", "[dynamodb][query]") {
    Errors cloud;
    const auto error = [&](const std::string& condition, std::size_t partition, std::size_t sort,
                           const std::string& more = "") {
        return cloud.error(R"("KeyConditionExpression": ")" + condition +
                           R"(", "ExpressionAttributeValues": {":p": {"S": ")" +
                           std::string(partition, 'x') + R"("}, ":s": {"S": ")" +
                           std::string(sort, 'x') + R"("}})" + more);
    };
    const std::string long_partition =
        "ValidationException: " + kInvalid +
        "Size of hashkey has exceeded the maximum size limit of2048 bytes";
    const std::string long_sort =
        "ValidationException: " + kInvalid +
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes";
    CHECK(error("a = :p AND b = :s", 2048, 1024) == "none");
    CHECK(error("a = :p AND b = :s", 2049, 1025) == long_partition);
    CHECK(error("a = :p AND b = :s", 1, 1025) == long_sort);
    CHECK(error("a = :p AND begins_with(b, :s)", 1, 1025) == long_sort);
    CHECK(error("a = :p AND b BETWEEN :p AND :s", 1, 1025) == long_sort);
    CHECK(error("c = :p AND d = :s", 2049, 1, R"(, "IndexName": "c-d")") == long_partition);
    CHECK(error("c = :p AND d < :s", 1, 1025, R"(, "IndexName": "c-d")") == long_sort);
    CHECK(cloud.error(R"("KeyConditions": {"a": {"ComparisonOperator": "EQ",
                         "AttributeValueList": [{"S": ")" +
                      std::string(2049, 'x') + R"("}]}})") == long_partition);
}

TEST_CASE("Query refuses start keys", "[dynamodb][query]") {
    Errors cloud;
    const std::string outside =
        "The provided starting key is outside query boundaries based on provided conditions";
    const std::string predicate =
        "The provided starting key does not match the range key predicate";
    const std::string one_row = "The query can return at most one row and cannot be restarted";
    const auto by_c = [](const std::string& condition) {
        return where(condition) + R"(, "IndexName": "by-c")";
    };
    const auto c_d = [](const std::string& condition) {
        return where(condition) + R"(, "IndexName": "c-d")";
    };
    const auto [more, start, error] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {kHash, R"({})", kStart},
        {kHash, R"({"a": {"S": "a"}})", kStart},
        {kHash, R"({"a": {"S": "a"}, "z": {"S": "1"}})", kStart},
        {kHash, R"({"a": {"S": "a"}, "b": {"S": "1"}, "c": {"S": "1"}})", kStart},
        {kHash, R"({"a": {"N": "1"}, "b": {"S": "1"}})", kSchema},
        {kHash, R"({"a": {"S": "a"}, "b": {"N": "1"}})", kSchema},
        // The attribute of the hash and the condition on it, then those of the range.
        {where("z = :a"), R"({"a": {"S": "a"}, "b": {"N": "1"}})",
         "Query condition missed key schema element: a"},
        {where("z = :a"), R"({"z": {"S": "a"}, "b": {"N": "1"}})", kStart},
        {by_c("a = :b"), R"({"a": {"S": "a"}, "b": {"S": "a"}})", kStart},
        {by_c("a = :b"), R"({"a": {"S": "a"}, "b": {"S": "a"}, "c": {"N": "1"}})", kSchema},
        {by_c("a = :b"), R"({"a": {"S": "a"}, "b": {"N": "1"}, "c": {"S": "a"}})",
         kStart + ": " + kSchema},
        {c_d("c = :b"), R"({"x": {"S": "1"}, "y": {"S": "1"}, "c": {"S": "a"}, "d": {"S": "a"}})",
         kStart + ": " + kSchema},
        {where("a = :b"), R"({"a": {"S": "a"}, "b": {"S": "a"}})", outside},
        {by_c("a = :b"), R"({"a": {"S": "a"}, "b": {"S": "a"}, "c": {"S": "a"}})", outside},
        {c_d("c = :b"), R"({"a": {"S": "a"}, "b": {"S": "a"}, "c": {"S": "a"}, "d": {"S": "a"}})",
         outside},
        {where("a = :b AND b > :a"), R"({"a": {"S": "a"}, "b": {"S": "a"}})", predicate},
        {by_c("a = :a AND c > :a"), R"({"a": {"S": "a"}, "b": {"S": "a"}, "c": {"S": "a"}})",
         predicate},
        {c_d("c = :a AND d > :a"),
         R"({"a": {"S": "a"}, "b": {"S": "a"}, "c": {"S": "b"}, "d": {"S": "a"}})", predicate},
        {where("a = :b AND b < :b"), R"({"a": {"S": "a"}, "b": {"S": "a"}})", one_row},
        {c_d("c = :a AND d = :a"),
         R"({"a": {"S": "a"}, "b": {"S": "a"}, "c": {"S": "c"}, "d": {"S": "a"}})", one_row},
    }));
    INFO(more << start);
    CHECK(cloud.error(more + R"(, "ExclusiveStartKey": )" + start) ==
          "ValidationException: " + error);
}

}  // namespace sbemu
