// The units, warm units and billing mode of a table and an account: what UpdateTable answers, what
// is told meanwhile, and what that stops. Recorded on AWS: ack-api-quirks (2026-10), DDB-TABLE-055
// to 065, 153, 154, 170, 178, 179, 183 to 185, 284, 369, 437, 444, 452.
#include <catch2/catch.hpp>

#include "tests/dynamodb_updated_table.h"

namespace sbemu {

TEST_CASE("Units of a table are the old ones until it is ACTIVE", "[dynamodb][update-table]") {
    UpdatedTable cloud;
    cloud.create(units(1, 1));
    const auto meanwhile = json(R"({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 1,
        "WriteCapacityUnits": 1, "LastIncreaseDateTime": 1488326416000})");
    const auto answer = cloud.update(units(2, 2));
    CHECK(answer.at("TableStatus") == "UPDATING");
    CHECK(answer.at("ProvisionedThroughput") == meanwhile);
    CHECK(cloud.described("/ProvisionedThroughput") == meanwhile);
    CHECK(cloud.described("/WarmThroughput/ReadUnitsPerSecond") == 1);
    cloud.settle();
    CHECK(cloud.described("/ProvisionedThroughput/ReadCapacityUnits") == 2);
    CHECK(cloud.described("/WarmThroughput/ReadUnitsPerSecond") == 2);

    CHECK(cloud.update(units(1, 1)).at_pointer("/ProvisionedThroughput/NumberOfDecreasesToday") ==
          0);
    cloud.settle();
    CHECK(cloud.described("/ProvisionedThroughput/NumberOfDecreasesToday") == 1);
    CHECK(cloud.described("/WarmThroughput/ReadUnitsPerSecond") == 2);
    // At midnight they are forgotten, not when the decrease was.
    cloud.advance(std::chrono::hours(24));
    CHECK(cloud.described("/ProvisionedThroughput/NumberOfDecreasesToday") == 0);
    CHECK(cloud.described("/ProvisionedThroughput/LastDecreaseDateTime") == 1488326416000);
}

TEST_CASE("The next decrease is at midnight, if that is sooner", "[dynamodb][update-table]") {
    UpdatedTable cloud;
    cloud.create(units(9, 9));
    cloud.advance(std::chrono::hours(23) + std::chrono::minutes(20));
    for (const int left : {8, 7, 6, 5}) {
        cloud.update(units(left, 9));
        cloud.settle();
    }
    const std::string error = cloud.error(units(4, 9));
    INFO(error);
    CHECK(error.ends_with(
        "Last decrease at Wednesday, March 1, 2017 at 11:20:16 PM Coordinated Universal Time. Next "
        "decrease can be made at Thursday, March 2, 2017 at 12:00:00 AM Coordinated Universal "
        "Time"));
}

TEST_CASE("A table that goes on demand is told so when it is", "[dynamodb][update-table]") {
    UpdatedTable cloud;
    cloud.create(units(2, 2) + kGlobalIndex + ", " + units(2, 2) + "}]");
    const auto answer = cloud.update(kOnDemand);
    CHECK(answer.at("BillingModeSummary") == json(R"({"BillingMode": "PAY_PER_REQUEST"})"));
    CHECK(answer.at("ProvisionedThroughput") ==
          json(R"({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0,
                   "LastDecreaseDateTime": 1488326416000})"));
    CHECK(cloud.described("/BillingModeSummary") == json(R"({"BillingMode": "PAY_PER_REQUEST"})"));
    CHECK(cloud.described("/WarmThroughput/ReadUnitsPerSecond") == 2);
    cloud.settle();
    CHECK(cloud.described("/BillingModeSummary/LastUpdateToPayPerRequestDateTime") ==
          1488326416000);
    CHECK(cloud.described("/ProvisionedThroughput") ==
          json(R"({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0,
                   "WriteCapacityUnits": 0})"));
    CHECK(cloud.described("/WarmThroughput/ReadUnitsPerSecond") == 12000);
    // Its indexes count it as a decrease (DDB-TABLE-153).
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/ProvisionedThroughput/"
                          "NumberOfDecreasesToday") == 1);
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/WarmThroughput/ReadUnitsPerSecond") == 12000);

    SECTION("asked for again it answers UPDATING, and is not") {
        CHECK(cloud.update(kOnDemand).at("TableStatus") == "UPDATING");
        CHECK(cloud.described("/TableStatus") == "ACTIVE");
    }
    SECTION("units after it count as no increase, and are named alone") {
        CHECK(cloud.error(kOnDemand + ", " + units(1, 1)) ==
              kInvalid +
                  "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST");
        CHECK(cloud.error(units(1, 1)) ==
              kInvalid +
                  "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                  "BillingMode is PAY_PER_REQUEST");
        cloud.update(R"("BillingMode": "PROVISIONED", "GlobalSecondaryIndexUpdates":
            [{"Update": {"IndexName": "idx", )" +
                     units(1, 1) + "}}], " + units(1, 1));
        cloud.settle();
        CHECK(cloud.described("/ProvisionedThroughput") ==
              json(R"({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 1,
                       "WriteCapacityUnits": 1})"));
        CHECK(cloud.described("/BillingModeSummary/LastUpdateToPayPerRequestDateTime") ==
              1488326416000);
    }
}

TEST_CASE("A switch of the billing mode stops others", "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(units(2, 2));
    cloud.update(kOnDemand);
    for (const std::string& change : {kOnDemand, units(3, 3)}) {
        CHECK(cloud.error(change) == kInUse + "Table IOPS are currently being updated. Table: env");
    }
    CHECK(cloud.error(R"("OnDemandThroughput": {"MaxReadRequestUnits": 5})") ==
          kInvalid +
              "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table "
              "BillingMode is PROVISIONED");
}

TEST_CASE("Limits on demand are merged, and end with -1", "[dynamodb][update-table]") {
    UpdatedTable cloud;
    cloud.create(kOnDemand + R"(, "OnDemandThroughput":
        {"MaxReadRequestUnits": 1000, "MaxWriteRequestUnits": 500})" +
                 kGlobalIndex + R"(, "OnDemandThroughput":
        {"MaxReadRequestUnits": 7, "MaxWriteRequestUnits": 8}}])");
    const auto limits = [](const std::string& members) {
        return R"("OnDemandThroughput": {)" + members + "}";
    };
    const std::string of_index = R"("GlobalSecondaryIndexUpdates": [{"Update":
        {"IndexName": "idx", )";
    CHECK(cloud.update(limits(R"("MaxReadRequestUnits": 2000)")).at("OnDemandThroughput") ==
          json(R"({"MaxReadRequestUnits": 2000, "MaxWriteRequestUnits": 500})"));
    CHECK(cloud.update(limits(R"("MaxReadRequestUnits": -1)")).at("OnDemandThroughput") ==
          json(R"({"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 500})"));
    CHECK(cloud.described("/OnDemandThroughput") == json(R"({"MaxWriteRequestUnits": 500})"));
    CHECK(cloud.update(limits(R"("MaxWriteRequestUnits": -1)")).at("OnDemandThroughput") ==
          json(R"({"MaxWriteRequestUnits": -1})"));
    CHECK_FALSE(cloud.tells("OnDemandThroughput"));
    cloud.update(of_index + limits(R"("MaxReadRequestUnits": -1)") + "}}]");
    cloud.settle();
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/OnDemandThroughput") ==
          json(R"({"MaxWriteRequestUnits": 8})"));

    SECTION("are not above what a table may have") {
        const std::string begin = "LimitExceededException: Subscriber limit exceeded: Requested ";
        const std::string end =
            " exceeds TableMaxReadCapacityUnits of the account in region "
            "us-east-1";
        CHECK(cloud.error(limits(R"("MaxReadRequestUnits": 40001)")) ==
              begin + "MaxReadRequestUnits for OnDemandThroughput for table" + end);
        CHECK(cloud.error(of_index + limits(R"("MaxReadRequestUnits": 40001)") + "}}]") ==
              begin + "MaxReadRequestUnits for OnDemandThroughput for index : idx" + end);
        CHECK(cloud.error(of_index + R"("WarmThroughput": {"ReadUnitsPerSecond": 40001}}}])") ==
              begin + "ReadUnitsPerSecond for WarmThroughput for index idx" + end);
    }
    SECTION("that are empty fail alone, and count as absent beside others") {
        for (const std::string member : {"OnDemandThroughput", "WarmThroughput"}) {
            INFO(member);
            const std::string empty = "\"" + member + "\": {}";
            CHECK(cloud.error(empty) == "InternalFailure: ");
            CHECK(cloud.error(empty + R"(, "DeletionProtectionEnabled": false)") == "none");
            CHECK(cloud.error(empty + R"(, "TableClass": "STANDARD")") == "none");
        }
        CHECK(cloud.error(of_index + limits("") + "}}]") ==
              kInvalid +
                  "The only Updates for index: idx when TableThroughputMode is PAY_PER_REQUEST can "
                  "be to OnDemandThroughput, WarmThroughput");
        CHECK(cloud.error(R"("TableClass": "STANDARD", "GlobalSecondaryIndexUpdates": [{"Update":
                              {"IndexName": "ghost", "WarmThroughput": {}}}])") ==
              kInvalid +
                  "WarmThroughput must have at least one of ReadUnitsPerSecond or "
                  "WriteUnitsPerSecond specified for index: ghost");
    }
    SECTION("come before what is warm") {
        CHECK(cloud.error(limits(R"("MaxReadRequestUnits": 5)") +
                          R"(, "WarmThroughput": {"ReadUnitsPerSecond": 13000})") ==
              kInvalid +
                  "OnDemandThroughput can only be combined with BillingMode in an UpdateTable "
                  "request");
    }
}

TEST_CASE("What is warm is told as UPDATING in answers", "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    const std::string warm =
        R"("WarmThroughput": {"ReadUnitsPerSecond": 13000, "WriteUnitsPerSecond": 5000})";
    CHECK(cloud.create(kOnDemand + ", " + warm).at("WarmThroughput") ==
          json(R"({"ReadUnitsPerSecond": 13000, "WriteUnitsPerSecond": 5000,
                   "Status": "UPDATING"})"));
    CHECK(cloud.described("/WarmThroughput/Status") == "ACTIVE");
    CHECK(cloud.update(warm).at_pointer("/WarmThroughput/Status") == "UPDATING");
    CHECK(cloud.described("/WarmThroughput/Status") == "ACTIVE");
    cloud.update(R"("WarmThroughput": {"ReadUnitsPerSecond": 13001})");
    CHECK(cloud.error_of_deletion() == kInUse + "Table: env is in the process of being updated.");
}

TEST_CASE("An account has 80,000 units", "[dynamodb][create-table][update-table]") {
    UpdatedTable cloud;
    cloud.create(units(40000, 1), "one");
    cloud.create(units(39000, 1) + kGlobalIndex + ", " + units(990, 1) + "}]");
    const auto exceeded = [](int current, int requested) {
        return "LimitExceededException: This request would have caused the ReadCapacityUnits limit "
               "to be exceeded for the account in us-east-1. Current ReadCapacityUnits reserved by "
               "the account: " +
               std::to_string(current) + ". Limit: 80000. Requested: " + std::to_string(requested) +
               ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to "
               "request higher limits.";
    };
    const auto made = [&](int reads) {
        return error_of(cloud.call("dynamodb.CreateTable",
                                   R"({"TableName": "two", "AttributeDefinitions":
            [{"AttributeName": "p", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], )" +
                                       units(reads, 1) + "}"));
    };
    CHECK(made(11) == exceeded(79990, 11));
    CHECK(error_of(cloud.call("dynamodb.DescribeTable", R"({"TableName": "two"})")) ==
          "ResourceNotFoundException: Requested resource not found: Table: two not found");
    CHECK(made(10) == "none");
    CHECK(cloud.error(units(39001, 1)) == exceeded(80000, 39991));
    CHECK(cloud.error(units(38999, 1)) == "none");
    const auto backup =
        cloud.result("dynamodb.CreateBackup", R"({"TableName": "one", "BackupName": "all"})");
    const std::string arn(backup.at_pointer("/BackupDetails/BackupArn").as_string());
    CHECK(error_of(cloud.call("dynamodb.RestoreTableFromBackup",
                              R"({"TargetTableName": "again", "BackupArn": ")" + arn + "\"}")) ==
          exceeded(79999, 40000));
    // Another region has its own.
    cloud.caller.region = "eu-west-1";
    CHECK(made(40000) == "none");
}

TEST_CASE("After midnight the first decrease is the first while the table is UPDATING, too",
          "[dynamodb][update-table]") {
    UpdatedTable cloud;
    cloud.create(units(9, 9));
    cloud.update(units(8, 8));
    cloud.settle();
    cloud.advance(std::chrono::hours(24));
    CHECK(cloud.update(units(7, 7)).at_pointer("/ProvisionedThroughput/NumberOfDecreasesToday") ==
          0);
    CHECK(cloud.described("/ProvisionedThroughput/NumberOfDecreasesToday") == 0);
    cloud.settle();
    CHECK(cloud.described("/ProvisionedThroughput/NumberOfDecreasesToday") == 1);
    cloud.advance(std::chrono::hours(24));
    cloud.update(kOnDemand);
    CHECK(cloud.described("/ProvisionedThroughput/NumberOfDecreasesToday") == 0);
}

// DDB-TABLE-452.
TEST_CASE("A table that was on demand tells since when until it is again",
          "[dynamodb][update-table]") {
    UpdatedTable cloud;
    cloud.create(kOnDemand);
    const auto stamp = [&] {
        return cloud.described("/BillingModeSummary/LastUpdateToPayPerRequestDateTime");
    };
    const auto created = stamp();
    cloud.update(R"("BillingMode": "PROVISIONED", )" + units(1, 1));
    CHECK(stamp() == created);
    cloud.settle();
    cloud.advance(std::chrono::hours(1));
    cloud.update(kOnDemand);
    CHECK(stamp() == created);
    cloud.settle();
    CHECK(stamp() == 1488326416000 + 3'600'000);
}

// "Never decreases": DDB-TABLE-064, 284.
TEST_CASE("What is warm stays as warm as something else made it meanwhile",
          "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(units(5, 5) + kGlobalIndex + ", " + units(5, 5) + "}]");
    const std::string warm =
        R"("WarmThroughput": {"ReadUnitsPerSecond": 9, "WriteUnitsPerSecond": 12})";
    cloud.update(warm);
    cloud.update(R"("GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "idx", )" + warm +
                 "}}]");
    cloud.update(kOnDemand);
    cloud.advance(std::chrono::hours(1));
    for (const std::string subject : {"", "/GlobalSecondaryIndexes/0"}) {
        CHECK(cloud.described(subject + "/WarmThroughput/ReadUnitsPerSecond") == 12000);
        CHECK(cloud.described(subject + "/WarmThroughput/WriteUnitsPerSecond") == 4000);
    }
}

TEST_CASE("Two changes of what is warm add up", "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(kOnDemand + kGlobalIndex + "}]");
    const auto warm = [](const std::string& member, int units) {
        return R"("WarmThroughput": {")" + member + R"(UnitsPerSecond": )" + std::to_string(units) +
               "}";
    };
    const auto of_index = [](const std::string& change) {
        return R"("GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "idx", )" + change +
               "}}]";
    };
    cloud.update(warm("Read", 20000));
    cloud.advance(std::chrono::minutes(5));
    cloud.update(of_index(warm("Read", 30000)));
    cloud.update(of_index(warm("Write", 9000)));
    CHECK(cloud.error(of_index(warm("Read", 25000))).find("is lower than current") !=
          std::string::npos);
    // Each has its own time.
    cloud.advance(std::chrono::minutes(2));
    CHECK(cloud.described("/WarmThroughput/ReadUnitsPerSecond") == 20000);
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/WarmThroughput/ReadUnitsPerSecond") == 12000);
    cloud.advance(std::chrono::minutes(10));
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/WarmThroughput") ==
          json(R"({"ReadUnitsPerSecond": 30000, "WriteUnitsPerSecond": 9000,
                   "Status": "ACTIVE"})"));
}

TEST_CASE("An index that leaves on-demand is as warm as its units", "[dynamodb][update-table]") {
    UpdatedTable cloud;
    cloud.create(kOnDemand + kGlobalIndex + "}]");
    cloud.update(R"("BillingMode": "PROVISIONED", "GlobalSecondaryIndexUpdates":
        [{"Update": {"IndexName": "idx", )" +
                 units(20000, 5000) + "}}], " + units(20000, 5000));
    cloud.settle();
    for (const std::string subject : {"", "/GlobalSecondaryIndexes/0"}) {
        CHECK(cloud.described(subject + "/WarmThroughput/ReadUnitsPerSecond") == 20000);
        CHECK(cloud.described(subject + "/WarmThroughput/WriteUnitsPerSecond") == 5000);
    }
}

TEST_CASE("Limits without a number beside what is warm change nothing",
          "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(kOnDemand + kGlobalIndex + "}]");
    cloud.update(R"("GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "idx",
        "OnDemandThroughput": {}, "WarmThroughput": {"ReadUnitsPerSecond": 13000}}}])");
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "ACTIVE");
}

TEST_CASE("The billing mode waits for the units of an index", "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(units(5, 5) + kGlobalIndex + ", " + units(5, 5) + "}]");
    cloud.update(R"("GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "idx", )" +
                 units(4, 4) + "}}]");
    CHECK(cloud.error(kOnDemand) == kInUse + "Index is being updated. Table: env Index: idx");
    cloud.advance(std::chrono::minutes(10));
    cloud.update(kOnDemand);
    cloud.advance(std::chrono::minutes(10));
    CHECK(cloud.described("/GlobalSecondaryIndexes/0/ProvisionedThroughput/ReadCapacityUnits") ==
          0);
}

TEST_CASE("An update of nothing fails as on AWS, if there is the table",
          "[dynamodb][update-table]") {
    UpdatedTable cloud;
    const std::string nothing = R"("WarmThroughput": {})";
    CHECK(cloud.error(nothing) ==
          "ResourceNotFoundException: Requested resource not found: Table: env not found");
    cloud.create(kOnDemand);
    CHECK(cloud.error(nothing).starts_with("InternalFailure"));
    // Another service's is no table's.
    CHECK(error_of(cloud.call("dynamodb.DeleteTable", R"({"TableName":
              "arn:aws:sqs:us-east-1:123456789012:table/env"})"))
              .starts_with("ValidationException: "));
}

}  // namespace sbemu
