// Secondary indexes that are made with their table. Texts: facts/dynamodb-kinesis.md 1.14 and
// ack-api-quirks (2026-10), table-indexes.
#include <catch2/catch.hpp>

#include "tests/dynamodb_index_tables.h"

namespace sbemu {

TEST_CASE("CreateTable with indexes", "[dynamodb][indexes]") {
    Indexed cloud;

    SECTION("describes them, sorted where AWS sorts") {
        REQUIRE(cloud.create(
                    table("zapm", "Pz",
                          ", " + std::string(kUnits) +
                              local(index("loc", "Pa", "", R"({"ProjectionType": "KEYS_ONLY"})")) +
                              global(index("two", "MA", ", " + std::string(kUnits)) + "," +
                                     index("one", "Ap", ", " + std::string(kUnits),
                                           R"({"ProjectionType": "INCLUDE",
                                                        "NonKeyAttributes": ["y", "x"]})")))) ==
                "none");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "CREATING");
        cloud.settle();
        cloud.put(R"({"p": {"S": "1"}, "z": {"S": "2"}, "a": {"S": "3"}, "x": {"S": "4"}})");
        CHECK(cloud.described("/AttributeDefinitions/0/AttributeName") == "a");
        CHECK(cloud.described("/LocalSecondaryIndexes") == json(R"([{
            "IndexName": "loc", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                {"AttributeName": "a", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"}, "IndexSizeBytes": 6, "ItemCount": 1,
            "IndexArn": "arn:aws:dynamodb:us-east-1:123456789012:table/env/index/loc"}])"));
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexName") == "two");
        CHECK(cloud.described("/GlobalSecondaryIndexes/1") == json(R"({
            "IndexName": "one", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"},
                {"AttributeName": "p", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "y"]},
            "IndexStatus": "ACTIVE", "IndexSizeBytes": 8, "ItemCount": 1,
            "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 2,
                                      "WriteCapacityUnits": 2},
            "WarmThroughput": {"ReadUnitsPerSecond": 2, "WriteUnitsPerSecond": 2,
                               "Status": "ACTIVE"},
            "IndexArn": "arn:aws:dynamodb:us-east-1:123456789012:table/env/index/one"})"));
    }

    SECTION("takes keys of up to eight attributes, limits and warm throughput on demand") {
        REQUIRE(
            cloud.create(table("pabcdefgh", "P", kOnDemand + global(index("all", "ABCDefgh", R"(,
            "OnDemandThroughput": {"MaxReadRequestUnits": 5},
            "WarmThroughput": {"WriteUnitsPerSecond": 5000})")))) == "none");
        cloud.settle();
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/KeySchema").as_array().size() == 8);
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/OnDemandThroughput") ==
              json(R"({"MaxReadRequestUnits": 5})"));
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/WarmThroughput") ==
              json(R"({"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 5000,
                       "Status": "ACTIVE"})"));
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/ProvisionedThroughput") ==
              json(R"({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0,
                       "WriteCapacityUnits": 0})"));
    }

    SECTION("refuses") {
        std::string many_global;
        for (int i = 0; i < 21; ++i) {
            many_global += (i ? "," : "") + index("idx" + std::to_string(i), "P");
        }
        std::string many_local;
        for (int i = 0; i < 6; ++i) {
            many_local += (i ? "," : "") + index("idx" + std::to_string(i), "Ps");
        }
        const auto on_demand = [](const std::string& attributes, const std::string& key_names,
                                  const std::string& more) {
            return table(attributes, key_names, kOnDemand + more);
        };
        const auto [request,
                    error] = GENERATE_COPY(Catch::Generators::table<std::string, std::string>({
            {on_demand("p", "P", local("")), kInvalid + "List of LocalSecondaryIndexes is empty"},
            {on_demand("p", "P", global("")), kInvalid + "List of GlobalSecondaryIndexes is empty"},
            {on_demand("pa", "P", local(index("idx", "Pa"))),
             kInvalid + "Table KeySchema does not have a range key, which is required when "
                        "specifying a LocalSecondaryIndex"},
            {on_demand("ps", "Ps", local(index("idx", "P"))),
             kInvalid + "Index KeySchema does not have a range key for index: idx"},
            {on_demand("psa", "Ps", local(index("idx", "Ap"))),
             kInvalid + "Index KeySchema does not have the same leading hash key as table "
                        "KeySchema for index: idx. index hash key: a, table hash key: p"},
            {on_demand("ps", "Ps", local(many_local)),
             kInvalid + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"},
            {on_demand("p", "P", global(many_global)),
             kInvalid + "GlobalSecondaryIndex count exceeds the per-table limit of 20"},
            {on_demand("p", "P", global(index("idx", "Q"))),
             kInvalid + "Some index key attributes are not defined in AttributeDefinitions. "
                        "Keys: [q], AttributeDefinitions: [p]"},
            {on_demand("pabc", "P", global(index("idx", "A"))),
             kInvalid + "Some AttributeDefinitions are not used. AttributeDefinitions: [p, a, "
                        "b, c], keys used: [p, a]"},
            {on_demand("pa", "P", global(index("idx", "aP"))),
             "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
            {on_demand("pab", "P", global(index("idx", "PaB"))),
             kInvalid + "All HASH key attributes must precede RANGE key attributes in the "
                        "KeySchema"},
            {on_demand("pabcd", "P", global(index("idx", "PABCD"))),
             kInvalid + "The KeySchema exceeds the maximum allowed number of HASH key "
                        "attributes"},
            {on_demand("pabcde", "P", global(index("idx", "Pabcde"))),
             kInvalid + "The KeySchema exceeds the maximum allowed number of RANGE key "
                        "attributes"},
            {on_demand("p", "P", global(index("idx", "Pp"))),
             "The KeySchema contains multiple key attributes with the same name"},
            {on_demand("p", "P", global(index("idx", "P", "", "{}"))),
             kInvalid + "Unknown ProjectionType: null"},
            {on_demand("p", "P", global(index("idx", "P", "", R"({"ProjectionType": "INCLUDE"})"))),
             kInvalid + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"},
            {on_demand("p", "P", global(index("idx", "P", "", R"({"ProjectionType": "ALL",
                               "NonKeyAttributes": ["x"]})"))),
             kInvalid + "ProjectionType is ALL, but NonKeyAttributes is specified"},
            {on_demand("p", "P", global(index("idx", "P", "", R"({"ProjectionType": "INCLUDE",
                               "NonKeyAttributes": ["x", "x"]})"))),
             kInvalid + "Duplicate element in NonKeyAttributes: x"},
            {on_demand("ps", "Ps", local(index("idx", "Ps")) + global(index("idx", "P"))),
             kInvalid + "Duplicate index name: idx"},
            {on_demand("p", "P", global(index("idx", "P", ", " + std::string(kUnits)))),
             kInvalid + "ProvisionedThroughput should not be specified for index: idx when "
                        "BillingMode is PAY_PER_REQUEST"},
            {table("p", "P", ", " + std::string(kUnits) + global(index("idx", "P"))),
             kInvalid + "ProvisionedThroughput is not specified for index: idx"},
            {on_demand("p", "P", global(index("idx", "P", R"(,
                               "OnDemandThroughput": {"MaxReadRequestUnits": 0})"))),
             kInvalid + "Requested MaxReadRequestUnits for OnDemandThroughput for index : idx "
                        "is outside of valid range"},
            {on_demand("psa", "Psa", ""),
             "1 validation error detected: Value '[KeySchemaElement(attributeName=p, "
             "keyType=HASH), KeySchemaElement(attributeName=s, keyType=RANGE), "
             "KeySchemaElement(attributeName=a, keyType=RANGE)]' at 'keySchema' failed to "
             "satisfy constraint: Member must have length less than or equal to 2"},
        }));
        INFO(request);
        CHECK(cloud.create(request) == "ValidationException: " + error);
    }
}

}  // namespace sbemu
