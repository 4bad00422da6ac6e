// Secondary indexes of tables: made, described, changed, deleted. Texts: facts/dynamodb-kinesis.md
// 1.14 and ack-api-quirks (2026-10), table-indexes.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

using namespace sbemu;

namespace {

const std::string kInvalid = "One or more parameter values were invalid: ";
const std::string kInUse =
    "ResourceInUseException: Attempt to change a resource which is still in use: ";
const char* const kUnits =
    R"("ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2})";

std::string definitions(const std::string& names) {
    std::string list;
    for (const char name : names) {
        list += std::string(list.empty() ? "" : ", ") + R"({"AttributeName": ")" + name +
                R"(", "AttributeType": "S"})";
    }
    return R"("AttributeDefinitions": [)" + list + "]";
}

// "Ab": HASH key a, RANGE key b.
std::string keys(const std::string& names) {
    std::string list;
    for (const char name : names) {
        const bool is_hash = std::isupper(static_cast<unsigned char>(name));
        list += std::string(list.empty() ? "" : ", ") + R"({"AttributeName": ")" +
                static_cast<char>(std::tolower(name)) + R"(", "KeyType": ")" +
                (is_hash ? "HASH" : "RANGE") + "\"}";
    }
    return R"("KeySchema": [)" + list + "]";
}

std::string index(const std::string& name, const std::string& key_names,
                  const std::string& more = "",
                  const std::string& projection = R"({"ProjectionType": "ALL"})") {
    return R"({"IndexName": ")" + name + "\", " + keys(key_names) + R"(, "Projection": )" +
           projection + more + "}";
}

// Attributes, keys, and what else there is.
std::string table(const std::string& attributes, const std::string& key_names,
                  const std::string& more) {
    return R"({"TableName": "env", )" + definitions(attributes) + ", " + keys(key_names) + more +
           "}";
}

std::string global(const std::string& indexes) {
    return R"(, "GlobalSecondaryIndexes": [)" + indexes + "]";
}
std::string local(const std::string& indexes) {
    return R"(, "LocalSecondaryIndexes": [)" + indexes + "]";
}

const char* const kOnDemand = R"(, "BillingMode": "PAY_PER_REQUEST")";

struct Indexed : TestCloud {
    std::string create(const std::string& request) {
        return error_of(call("dynamodb.CreateTable", request));
    }
    std::string update(const std::string& members) {
        return error_of(call("dynamodb.UpdateTable", R"({"TableName": "env", )" + members + "}"));
    }
    std::string change_index(const std::string& entries, const std::string& more = "") {
        return update(R"("GlobalSecondaryIndexUpdates": [)" + entries + "]" + more);
    }
    boost::json::value described(const std::string& pointer = "") {
        return result("dynamodb.DescribeTable", R"({"TableName": "env"})")
            .at_pointer("/Table" + pointer);
    }
    void put(const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": "env", "Item": )" + item + "}");
    }
    // One pulse: the next of the things that are due.
    void pulse() { kernel.apply(Kernel::pulse_at(now(), ++pulses_)); }

  private:
    std::uint64_t pulses_ = 1000;
};

std::string make(const std::string& created) { return R"({"Create": )" + created + "}"; }
std::string drop(const std::string& name) {
    return R"({"Delete": {"IndexName": ")" + name + "\"}}";
}
std::string alter(const std::string& name, const std::string& more) {
    return R"({"Update": {"IndexName": ")" + name + "\"" + more + "}}";
}

}  // namespace

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

TEST_CASE("UpdateTable makes and deletes indexes", "[dynamodb][indexes]") {
    Indexed cloud;
    REQUIRE(cloud.create(table("ps", "Ps", kOnDemand + local(index("loc", "Ps")))) == "none");
    cloud.settle();
    for (const char* name : {"1", "2", "3"}) {
        cloud.put(R"({"p": {"S": ")" + std::string(name) +
                  R"("}, "s": {"S": "x"}, "a": {"S": "same"}})");
    }
    const std::string with_a = ", " + definitions("a");

    SECTION("an index is allocated, backfilled, then ACTIVE, with what the table has") {
        REQUIRE(cloud.change_index(make(index("idx", "A")), ", " + definitions("ax")) == "none");
        CHECK(cloud.described("/TableStatus") == "UPDATING");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "CREATING");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/Backfilling") == false);
        CHECK(cloud.described("/AttributeDefinitions").as_array().size() == 3);
        CHECK(cloud.change_index(drop("idx")) ==
              kInUse +
                  "Index creation is in resource allocation phase. Retry deletion during "
                  "backfilling phase or when the index is active. Table: env Index: idx");
        CHECK(cloud.change_index(alter("idx", R"(, "OnDemandThroughput":
                  {"MaxReadRequestUnits": 1})")) ==
              kInUse + "Index is being created but is not backfilling yet. Table: env Index: idx");
        CHECK(cloud.change_index(make(index("other", "A")), with_a) ==
              "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be "
              "created or deleted simultaneously per table");
        CHECK(error_of(cloud.call("dynamodb.DeleteTable", R"({"TableName": "env"})")) ==
              kInUse + "Cannot delete table while indexes are being created, updated, or deleted.");
        cloud.pulse();
        cloud.pulse();
        CHECK(cloud.described("/TableStatus") == "ACTIVE");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/Backfilling") == true);
        // Written while it is made.
        cloud.put(R"({"p": {"S": "4"}, "s": {"S": "x"}, "a": {"S": "same"}})");
        cloud.settle();
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "ACTIVE");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/ItemCount") == 4);
        CHECK_FALSE(
            cloud.described("/GlobalSecondaryIndexes/0").as_object().contains("Backfilling"));
    }

    SECTION("an index goes, and with it the attribute that only it used") {
        REQUIRE(cloud.change_index(make(index("idx", "A")), with_a) == "none");
        cloud.settle();
        REQUIRE(cloud.change_index(drop("idx")) == "none");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "DELETING");
        CHECK(cloud.change_index(make(index("idx", "A")), with_a) ==
              kInUse + "Index is being deleted. Table: env Index: idx");
        CHECK(cloud.update(R"("BillingMode": "PROVISIONED", )" + std::string(kUnits)) ==
              kInUse +
                  "Can't change table IOPS when an index is being deleted. Table: env "
                  "Indexes: [idx]");
        cloud.settle();
        CHECK_FALSE(cloud.described().as_object().contains("GlobalSecondaryIndexes"));
        CHECK(cloud.described("/AttributeDefinitions").as_array().size() == 2);
        // The name is free again.
        REQUIRE(cloud.change_index(make(index("idx", "As")), with_a) == "none");
        cloud.settle();
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/ItemCount") == 3);
    }

    SECTION("refuses") {
        REQUIRE(cloud.change_index(make(index("idx", "A")), with_a) == "none");
        cloud.settle();
        const auto [entries, more, error] =
            GENERATE_COPY(Catch::Generators::table<std::string, std::string, std::string>({
                {"{}", "",
                 "ValidationException: " + kInvalid +
                     "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                     "GlobalSecondaryIndexUpdate.Delete must not be null"},
                {R"({"Delete": {"IndexName": "idx"}, "Update": {"IndexName": "idx"}})", "",
                 "ValidationException: " + kInvalid +
                     "Only one global secondary index action is allowed per "
                     "GlobalSecondaryIndexUpdate object"},
                {drop("idx") + "," + make(index("idx", "A")), with_a,
                 "ValidationException: " + kInvalid +
                     "Only one global secondary index update per index is allowed simultaneously. "
                     "Index: idx"},
                {make(index("new", "B")), "",
                 "ValidationException: " + kInvalid +
                     "AttributeDefinitions is not specified for index: new"},
                {make(index("new", "C")), with_a,
                 "ValidationException: " + kInvalid +
                     "Some index key attributes are not defined in AttributeDefinitions. Keys: "
                     "[c], AttributeDefinitions: [p, a, s]"},
                {make(index("idx", "A")), with_a,
                 "ValidationException: Attempting to create an index which already exists"},
                {make(index("loc", "A")), with_a,
                 "ValidationException: Attempting to create an index which already exists"},
                {drop("loc"), "",
                 "ValidationException: Cannot delete an index that is not a GlobalSecondaryIndex: "
                 "loc"},
                {drop("ghost"), "",
                 "ResourceNotFoundException: Requested resource not found: Index ghost for table "
                 "env"},
                {drop("idx") + "," + make(index("new", "A")), with_a,
                 "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be "
                 "created or deleted simultaneously per table"},
                {make(index("new", "A", ", " + std::string(kUnits))), with_a,
                 "ValidationException: " + kInvalid +
                     "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: "
                     "new when BillingMode is PAY_PER_REQUEST"},
                {alter("idx", ", " + std::string(kUnits)), "",
                 "ValidationException: " + kInvalid +
                     "The only Updates for index: idx when TableThroughputMode is PAY_PER_REQUEST "
                     "can be to OnDemandThroughput, WarmThroughput"},
                {drop("idx"), R"(, "StreamSpecification": {"StreamEnabled": false})",
                 "ValidationException: " + kInvalid +
                     "You cannot create or delete index while changing stream status"},
                {drop("idx"), R"(, "WarmThroughput": {"ReadUnitsPerSecond": 13000})",
                 "ValidationException: " + kInvalid +
                     "Create global secondary index cannot be specified when updating "
                     "WarmThroughput"},
            }));
        INFO(entries + more);
        CHECK(cloud.change_index(entries, more) == error);
        CHECK(cloud.described("/GlobalSecondaryIndexes").as_array().size() == 1);
    }
}

TEST_CASE("UpdateTable changes what indexes may do", "[dynamodb][indexes]") {
    Indexed cloud;
    REQUIRE(cloud.create(table("pa", "P",
                               ", " + std::string(kUnits) +
                                   global(index("idx", "A", ", " + std::string(kUnits))))) ==
            "none");
    cloud.settle();
    const auto units = [](int reads, int writes) {
        return R"(, "ProvisionedThroughput": {"ReadCapacityUnits": )" + std::to_string(reads) +
               R"(, "WriteCapacityUnits": )" + std::to_string(writes) + "}";
    };

    SECTION("its throughput is the old one until it is ACTIVE again; the table stays ACTIVE") {
        REQUIRE(cloud.change_index(alter("idx", units(2, 3))) == "none");
        CHECK(cloud.described("/TableStatus") == "ACTIVE");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "UPDATING");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/ProvisionedThroughput/"
                              "WriteCapacityUnits") == 2);
        CHECK(cloud.change_index(alter("idx", units(9, 9))) ==
              kInUse + "Index is being updated. Table: env Index: idx");
        cloud.settle();
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/ProvisionedThroughput/"
                              "WriteCapacityUnits") == 3);
        CHECK(cloud.change_index(alter("idx", units(2, 3))) ==
              "ValidationException: The provisioned throughput for the index idx will not change. "
              "The requested value equals the current value. Current ReadCapacityUnits provisioned "
              "for index idx: 2. Requested ReadCapacityUnits: 2. Current WriteCapacityUnits "
              "provisioned for index idx: 3. Requested WriteCapacityUnits: 3. Refer to the Amazon "
              "DynamoDB Developer Guide for current limits and how to request higher limits.");
    }

    SECTION("the billing mode changes for the table and all its indexes") {
        REQUIRE(cloud.update(R"("BillingMode": "PAY_PER_REQUEST")") == "none");
        cloud.settle();
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/ProvisionedThroughput/"
                              "ReadCapacityUnits") == 0);
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/WarmThroughput/ReadUnitsPerSecond") ==
              12000);
        REQUIRE(cloud.change_index(alter("idx", R"(, "OnDemandThroughput":
            {"MaxReadRequestUnits": 7})")) == "none");
        cloud.settle();
        CHECK(cloud.update(R"("BillingMode": "PROVISIONED", )" + std::string(kUnits)) ==
              "ValidationException: " + kInvalid +
                  "ProvisionedThroughput must be specified for index: idx");
        REQUIRE(cloud.change_index(alter("idx", units(4, 4)),
                                   R"(, "BillingMode": "PROVISIONED")" + units(5, 5)) == "none");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/ProvisionedThroughput/"
                              "ReadCapacityUnits") == 4);
        CHECK_FALSE(cloud.described("/GlobalSecondaryIndexes/0")
                        .as_object()
                        .contains("OnDemandThroughput"));
        cloud.settle();
        CHECK(cloud.change_index(make(index("new", "A")), ", " + definitions("a")) ==
              "ValidationException: " + kInvalid +
                  "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: new");
    }

    SECTION("its warm throughput rises, never falls") {
        CHECK(cloud.change_index(alter("idx", R"(, "WarmThroughput":
                  {"ReadUnitsPerSecond": 1})")) ==
              "ValidationException: " + kInvalid +
                  "Requested ReadUnitsPerSecond for WarmThroughput for index idx is lower than "
                  "current WarmThroughput, decreasing WarmThroughput is not supported");
        REQUIRE(cloud.change_index(alter("idx", R"(, "WarmThroughput":
            {"ReadUnitsPerSecond": 50})")) == "none");
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/WarmThroughput") ==
              json(R"({"ReadUnitsPerSecond": 2, "WriteUnitsPerSecond": 2, "Status": "UPDATING"})"));
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "ACTIVE");
        cloud.settle();
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/WarmThroughput") ==
              json(R"({"ReadUnitsPerSecond": 50, "WriteUnitsPerSecond": 2, "Status": "ACTIVE"})"));
    }
}

TEST_CASE("Tables take as long as on AWS if they are told to", "[dynamodb][latency]") {
    Indexed cloud;
    cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    REQUIRE(cloud.create(table("p", "P", kOnDemand)) == "none");
    cloud.advance(std::chrono::seconds(6));
    CHECK(cloud.described("/TableStatus") == "CREATING");
    cloud.advance(std::chrono::seconds(1));
    CHECK(cloud.described("/TableStatus") == "ACTIVE");
    REQUIRE(cloud.change_index(make(index("idx", "A")), ", " + definitions("a")) == "none");
    cloud.advance(std::chrono::seconds(29));
    CHECK(cloud.described("/TableStatus") == "UPDATING");
    cloud.advance(std::chrono::seconds(1));
    CHECK(cloud.described("/TableStatus") == "ACTIVE");
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/Backfilling") == true);
    cloud.advance(std::chrono::seconds(479));
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "CREATING");
    cloud.advance(std::chrono::seconds(1));
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "ACTIVE");
    cloud.result("sbemu.SetLatency", R"({"Mode": "none"})");
    REQUIRE(cloud.change_index(drop("idx")) == "none");
    cloud.settle();
    CHECK_FALSE(cloud.described().as_object().contains("GlobalSecondaryIndexes"));
    CHECK(error_of(cloud.call("sbemu.SetLatency", R"({"Mode": "slow"})")) ==
          "ValidationException: Mode is none or aws, not \"slow\"");
}
