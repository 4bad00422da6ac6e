// Secondary indexes that come, change and go. Texts: facts/dynamodb-kinesis.md 1.14 and
// ack-api-quirks (2026-10), table-indexes.
#include <catch2/catch.hpp>

#include "tests/dynamodb_index_tables.h"

namespace sbemu {

TEST_CASE("UpdateTable makes and deletes indexes", "[dynamodb][indexes]") {
    Indexed cloud;
    REQUIRE(cloud.create(table("ps", "Ps", kOnDemand + local(index("loc", "Ps")))) == "none");
    cloud.settle();
    for (const char* name : {"1", "2", "3"}) {
        cloud.put(R"({"p": {"S": ")" + std::string(name) +
                  R"("}, "s": {"S": "x"}, "a": {"S": "same"}})");
    }
    const std::string with_a = ", " + definitions("a");
    const std::string with_a_and_s = ", " + definitions("as");

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
        REQUIRE(cloud.change_index(make(index("idx", "As")), with_a_and_s) == "none");
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
                     "[c], AttributeDefinitions: [a]"},
                // The table's own definitions do not count (paritysuite updateTable/gsi).
                {make(index("new", "As")), with_a,
                 "ValidationException: " + kInvalid +
                     "Some index key attributes are not defined in AttributeDefinitions. Keys: "
                     "[a, s], AttributeDefinitions: [a]"},
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

TEST_CASE("An index that is being filled may be deleted", "[dynamodb][indexes][latency]") {
    // ack-api-quirks (2026-10), DDB-TABLE-149.
    Indexed cloud;
    cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    REQUIRE(cloud.create(table("p", "P", kOnDemand)) == "none");
    cloud.advance(std::chrono::seconds(7));
    REQUIRE(cloud.change_index(make(index("idx", "A")), ", " + definitions("a")) == "none");
    CHECK(cloud.change_index(drop("idx")) ==
          kInUse +
              "Index creation is in resource allocation phase. Retry deletion during backfilling "
              "phase or when the index is active. Table: env Index: idx");
    cloud.advance(std::chrono::seconds(30));
    CHECK(cloud.change_index(make(index("new", "A")), ", " + definitions("a"))
              .starts_with("LimitExceededException"));
    CHECK(cloud.change_index(drop("idx")) == "none");
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "DELETING");
    CHECK_FALSE(cloud.described("/GlobalSecondaryIndexes/0").as_object().contains("Backfilling"));
    cloud.advance(std::chrono::seconds(5));
    CHECK_FALSE(cloud.described().as_object().contains("GlobalSecondaryIndexes"));
}

TEST_CASE("An index that goes is named before what it stops", "[dynamodb][indexes]") {
    // ack-api-quirks (2026-10), DDB-TABLE-375 and 376.
    Indexed cloud;
    const std::string units = std::string(kUnits);
    REQUIRE(cloud.create(table("pa", "P",
                               ", " + units + global(index("idx", "A", ", " + units)))) == "none");
    cloud.settle();
    REQUIRE(cloud.change_index(drop("idx")) == "none");
    const std::string more = R"(, "ProvisionedThroughput":
        {"ReadCapacityUnits": 9, "WriteCapacityUnits": 9})";
    CHECK(cloud.change_index(alter("idx", more), more) ==
          kInUse + "Index is being deleted. Table: env Index: idx");
    CHECK(cloud.update(more.substr(2)) ==
          kInUse +
              "Can't change table IOPS when an index is being deleted. Table: env Indexes: [idx]");
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

}  // namespace sbemu
