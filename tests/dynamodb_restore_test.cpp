// Restores of tables that were changing when they were backed up, and restores that ask for too
// much. Backups and what is restored of them: dynamodb_backup_test.cpp.
#include <catch2/catch.hpp>

#include "tests/dynamodb_updated_table.h"

namespace sbemu {
namespace {

struct ChangingTable : UpdatedTable {
    ChangingTable() : UpdatedTable(true) { create(kOnDemand + kGlobalIndex + "}]"); }
    // Makes "new" of what "env" is now; how long it takes is over.
    std::string restore(const std::string& more = "") {
        const auto backup =
            result("dynamodb.CreateBackup", R"({"TableName": "env", "BackupName": "now"})");
        const std::string arn(backup.at_pointer("/BackupDetails/BackupArn").as_string());
        advance(std::chrono::minutes(10));
        auto error = error_of(
            call("dynamodb.RestoreTableFromBackup",
                 R"({"TargetTableName": "new", "BackupArn": ")" + arn + "\"" + more + "}"));
        advance(std::chrono::minutes(10));
        return error;
    }
    boost::json::value restored() {
        return result("dynamodb.DescribeTable", R"({"TableName": "new"})").at("Table");
    }
};

}  // namespace

TEST_CASE("A table that is restored has the encryption that its source was changing to",
          "[dynamodb][backups][latency]") {
    ChangingTable cloud;
    const std::string encrypted = R"("SSESpecification": {"Enabled": true, "SSEType": "KMS",
                                                          "KMSMasterKeyId": "mine"})";
    cloud.update(encrypted);

    SECTION("on") {
        REQUIRE(cloud.restore() == "none");
        CHECK(cloud.restored().at("SSEDescription") ==
              json(R"({"Status": "ENABLED", "SSEType": "KMS",
                       "KMSMasterKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mine"})"));
    }

    SECTION("off") {
        cloud.advance(std::chrono::hours(1));
        cloud.update(R"("SSESpecification": {"Enabled": false})");
        REQUIRE(cloud.restore() == "none");
        CHECK_FALSE(cloud.restored().as_object().contains("SSEDescription"));
    }
}

TEST_CASE("A limit of an index that was ending is not restored", "[dynamodb][backups][latency]") {
    ChangingTable cloud;
    const auto limit = [](int units) {
        return R"("GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "idx",
                      "OnDemandThroughput": {"MaxReadRequestUnits": )" +
               std::to_string(units) + "}}}]";
    };
    cloud.update(limit(5));
    cloud.advance(std::chrono::minutes(1));
    cloud.update(limit(-1));
    REQUIRE(cloud.restore() == "none");
    CHECK_FALSE(cloud.restored()
                    .at_pointer("/GlobalSecondaryIndexes/0")
                    .as_object()
                    .contains("OnDemandThroughput"));
}

TEST_CASE("A table is restored with the units that tables may have", "[dynamodb][backups]") {
    ChangingTable cloud;
    CHECK(cloud.restore(R"(, "OnDemandThroughputOverride": {"MaxReadRequestUnits": 90000})")
              .starts_with("LimitExceededException: "));
    CHECK(cloud
              .restore(R"(, "BillingModeOverride": "PROVISIONED",
              "GlobalSecondaryIndexOverride": [], "ProvisionedThroughputOverride":
                  {"ReadCapacityUnits": 50000, "WriteCapacityUnits": 1})")
              .starts_with("LimitExceededException: "));
}

}  // namespace sbemu
