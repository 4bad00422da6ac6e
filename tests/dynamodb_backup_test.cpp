// Backups, restores and point-in-time recovery. Facts: ack-api-quirks (2026-10), backup,
// table-restore, table-subresources.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

struct BackedUp : TestCloud {
    BackedUp() {
        result("dynamodb.CreateTable", R"({"TableName": "env", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"},
                                     {"AttributeName": "g", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
            "GlobalSecondaryIndexes": [{"IndexName": "idx", "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}]}],
            "OnDemandThroughput": {"MaxReadRequestUnits": 9},
            "Tags": [{"Key": "a", "Value": "1"}], "DeletionProtectionEnabled": false})");
        settle();
        put("1", "old");
        put("2", "old");
    }
    void put(const std::string& key, const std::string& value) {
        result("dynamodb.PutItem", R"({"TableName": "env", "Item": {"p": {"S": ")" + key +
                                       R"("}, "g": {"S": ")" + value + "\"}}}");
    }
    void remove(const std::string& key) {
        result("dynamodb.DeleteItem",
               R"({"TableName": "env", "Key": {"p": {"S": ")" + key + "\"}}}");
    }
    std::string back_up() {
        const auto made =
            result("dynamodb.CreateBackup", R"({"TableName": "env", "BackupName": "first"})");
        CHECK(made.at_pointer("/BackupDetails/BackupStatus") == "CREATING");
        return std::string(made.at_pointer("/BackupDetails/BackupArn").as_string());
    }
    std::string restore(const std::string& arn, const std::string& more = "") {
        return error_of(
            call("dynamodb.RestoreTableFromBackup",
                 R"({"TargetTableName": "new", "BackupArn": ")" + arn + "\"" + more + "}"));
    }
    boost::json::value described(const std::string& table, const std::string& pointer) {
        return result("dynamodb.DescribeTable", R"({"TableName": ")" + table + "\"}")
            .at_pointer("/Table" + pointer);
    }
    std::string items(const std::string& table) {
        std::string all;
        const auto page = result("dynamodb.Scan", R"({"TableName": ")" + table + "\"}");
        std::vector<std::string> found;
        for (const auto& item : page.at("Items").as_array()) {
            found.push_back(std::string(item.at_pointer("/p/S").as_string()) + "=" +
                            std::string(item.at_pointer("/g/S").as_string()));
        }
        std::sort(found.begin(), found.end());
        for (const auto& item : found) all += item + " ";
        return all;
    }
};

}  // namespace

TEST_CASE("Backups", "[dynamodb][backups]") {
    BackedUp cloud;
    const std::string arn = cloud.back_up();
    const std::string named = R"({"BackupArn": ")" + arn + "\"}";

    SECTION("are described with the table as it was") {
        CHECK(arn.starts_with(
            "arn:aws:dynamodb:us-east-1:123456789012:table/env/backup/01488326400000-"));
        auto backup = cloud.result("dynamodb.DescribeBackup", named).at("BackupDescription");
        CHECK(backup.at_pointer("/BackupDetails/BackupStatus") == "AVAILABLE");
        CHECK(backup.at_pointer("/BackupDetails/BackupType") == "USER");
        CHECK(backup.at_pointer("/SourceTableDetails/ItemCount") == 2);
        CHECK(backup.at_pointer("/SourceTableDetails/BillingMode") == "PAY_PER_REQUEST");
        CHECK(backup.at("SourceTableFeatureDetails") ==
              json(R"({"GlobalSecondaryIndexes": [{"IndexName": "idx",
                  "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                  "Projection": {"ProjectionType": "ALL"},
                  "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}}]})"));
    }

    SECTION("are listed by time and pages, and outlive the table") {
        cloud.advance(std::chrono::seconds(1));
        const std::string second = cloud.back_up();
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        cloud.settle();
        const auto names = [&](const std::string& request) {
            std::string all;
            const auto page = cloud.result("dynamodb.ListBackups", request);
            for (const auto& summary : page.at("BackupSummaries").as_array()) {
                const auto& found = summary.at("BackupArn").as_string();
                all += found == arn ? "1" : found == second ? "2" : "?";
            }
            return all + (page.as_object().contains("LastEvaluatedBackupArn") ? "+" : "");
        };
        CHECK(names("{}") == "12");
        CHECK(names(R"({"TableName": "other"})").empty());
        CHECK(names(R"({"Limit": 1})") == "1+");
        CHECK(names(R"({"Limit": 2})") == "12");
        CHECK(names(R"({"ExclusiveStartBackupArn": ")" + arn + "\"}") == "2");
        CHECK(names(R"({"TimeRangeLowerBound": 1488326401000})") == "2");
        CHECK(names(R"({"TimeRangeUpperBound": 1488326401000})") == "1");
        CHECK(names(R"({"BackupType": "SYSTEM"})").empty());
        CHECK(error_of(cloud.call("dynamodb.ListBackups",
                                  R"({"TimeRangeLowerBound": 2, "TimeRangeUpperBound": 1})")) ==
              "ValidationException: One or more parameter values were invalid: Time range lower "
              "bound must be less than or equal to upper bound");
    }

    SECTION("become tables, with items and indexes, once at a time") {
        cloud.put("1", "new");
        REQUIRE(cloud.restore(arn) == "none");
        CHECK(cloud.described("new", "/RestoreSummary/SourceBackupArn") == arn.c_str());
        CHECK(error_of(cloud.call("dynamodb.TagResource",
                                  R"({"ResourceArn":
                                      "arn:aws:dynamodb:us-east-1:123456789012:table/new",
                                      "Tags": [{"Key": "a", "Value": "b"}]})"))
                  .starts_with("ResourceNotFoundException: "));
        CHECK(cloud.restore(arn) ==
              "TableInUseException: Table: new is already being restored from backup: " + arn);
        CHECK(error_of(cloud.call("dynamodb.DeleteBackup", named)) ==
              "BackupInUseException: Backup is being used to restore table: " + arn);
        CHECK(error_of(cloud.call("dynamodb.RestoreTableFromBackup",
                                  R"({"TargetTableName": "more", "BackupArn": ")" + arn + "\"}")) ==
              "BackupInUseException: Backup is being used to restore another table: " + arn);
        cloud.settle();
        CHECK(cloud.items("new") == "1=old 2=old ");
        CHECK(cloud.items("env") == "1=new 2=old ");
        CHECK(cloud.described("new", "/GlobalSecondaryIndexes/0/ItemCount") == 2);
        CHECK(cloud.described("new", "/GlobalSecondaryIndexes/0/IndexStatus") == "ACTIVE");
        CHECK(cloud.described("new", "/OnDemandThroughput/MaxReadRequestUnits") == 9);
        CHECK_FALSE(cloud.described("new", "").as_object().contains("RestoreSummary"));
        CHECK(cloud.restore(arn) == "TableAlreadyExistsException: Table already exists: new");
        CHECK(cloud.result("dynamodb.DeleteBackup", named)
                  .at_pointer("/BackupDescription/BackupDetails/BackupStatus") == "DELETED");
        CHECK(error_of(cloud.call("dynamodb.DescribeBackup", named)) ==
              "BackupNotFoundException: Backup not found: " + arn);
    }

    SECTION("can be restored otherwise") {
        REQUIRE(cloud.restore(arn, R"(, "BillingModeOverride": "PROVISIONED",
            "ProvisionedThroughputOverride": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4},
            "GlobalSecondaryIndexOverride": [])") == "none");
        cloud.settle();
        CHECK(cloud.described("new", "/ProvisionedThroughput/ReadCapacityUnits") == 3);
        CHECK_FALSE(cloud.described("new", "").as_object().contains("GlobalSecondaryIndexes"));
        CHECK(cloud.described("new", "/AttributeDefinitions").as_array().size() == 1);
    }

    SECTION("refuse") {
        const std::string other_index = R"([{"IndexName": "idx",
            "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}]}])";
        const auto [more, error] = GENERATE_COPY(table<std::string, std::string>({
            {R"("BillingModeOverride": "PROVISIONED")",
             "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED"},
            {R"("ProvisionedThroughputOverride":
                {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4})",
             "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED"},
            {R"("OnDemandThroughputOverride": {"MaxReadRequestUnits": 0})",
             "Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range"},
            {R"("GlobalSecondaryIndexOverride": )" + other_index,
             "Index idx does not match a secondary index that existed in the source table and "
             "cannot be created during the restore operation"},
        }));
        INFO(more);
        CHECK(cloud.restore(arn, ", " + more) == "ValidationException: Invalid Request: " + error);
        CHECK(cloud.result("dynamodb.ListTables") == json(R"({"TableNames": ["env"]})"));
    }

    SECTION("are restored fifty at a time, and tell no state of indexes meanwhile") {
        // ack-api-quirks (2026-10), DDB-TABLE-282, 350.
        cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
        const auto restored = [&](int number) {
            const auto made = cloud.result("dynamodb.CreateBackup",
                                           R"({"TableName": "env", "BackupName": "abc"})");
            return error_of(cloud.call(
                "dynamodb.RestoreTableFromBackup",
                R"({"TargetTableName": "new)" + std::to_string(number) + R"(", "BackupArn": )" +
                    boost::json::serialize(made.at_pointer("/BackupDetails/BackupArn")) + "}"));
        };
        for (int number = 0; number < 50; ++number) REQUIRE(restored(number) == "none");
        CHECK(
            restored(50) ==
            "LimitExceededException: Subscriber limit exceeded: Only 50 restore operations can be "
            "done simultaneously");
        CHECK_FALSE(cloud.described("new0", "/GlobalSecondaryIndexes/0")
                        .as_object()
                        .contains("IndexStatus"));
        cloud.advance(std::chrono::seconds(210));
        CHECK(cloud.described("new0", "/GlobalSecondaryIndexes/0/IndexStatus") == "ACTIVE");
        CHECK(restored(50) == "none");
    }

    SECTION("of another region want to know how to encrypt (ack-api-quirks DDB-TABLE-273)") {
        std::string foreign = arn;
        foreign.replace(foreign.find("us-east-1"), 9, "eu-west-1");
        const std::string wanted =
            "ValidationException: Invalid Request: sseSpecificationOverride must be provided for "
            "cross-region restores";
        CHECK(cloud.restore(foreign) == wanted);
        CHECK(error_of(cloud.call("dynamodb.RestoreTableToPointInTime",
                                  R"({"TargetTableName": "new", "UseLatestRestorableTime": true,
            "SourceTableArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/env"})")) == wanted);
        // DDB-TABLE-447.
        CHECK(error_of(cloud.call("dynamodb.RestoreTableToPointInTime",
                                  R"({"TargetTableName": "new", "UseLatestRestorableTime": true,
            "SourceTableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/none"})")) ==
              "TableNotFoundException: Table not found");
        CHECK(cloud.restore(foreign, R"(, "SSESpecificationOverride": {"Enabled": true})") ==
              "NotImplemented: sbemu does not implement restores from another region yet.");
    }

    SECTION("name what is wrong with an ARN") {
        const auto [text, error] = GENERATE(table<std::string, std::string>({
            {"arn:aws:dynamodb:us-east-1:123456789012:table/env",
             "ValidationException: Invalid Backup ARN"},
            {"arn:aws:dynamodb:us-east-1:000000000000:table/env/backup/01488326400000-00000000",
             "AccessDeniedException: Access is denied"},
            {"arn:aws:dynamodb:us-east-1:123456789012:table/env/backup/01488326400000-00000000",
             "BackupNotFoundException: Backup not found: "
             "arn:aws:dynamodb:us-east-1:123456789012:table/env/backup/01488326400000-00000000"},
        }));
        CHECK(error_of(cloud.call("dynamodb.DescribeBackup",
                                  R"({"BackupArn": ")" + text + "\"}")) == error);
        CHECK(error_of(cloud.call("dynamodb.CreateBackup",
                                  R"({"TableName": "none", "BackupName": "first"})")) ==
              "TableNotFoundException: Table not found: none");
    }
}

TEST_CASE("Point-in-time recovery", "[dynamodb][backups]") {
    BackedUp cloud;
    const auto set = [&](const std::string& specification) {
        return error_of(cloud.call(
            "dynamodb.UpdateContinuousBackups",
            R"({"TableName": "env", "PointInTimeRecoverySpecification": )" + specification + "}"));
    };
    const auto recovery = [&] {
        return cloud.result("dynamodb.DescribeContinuousBackups", R"({"TableName": "env"})")
            .at_pointer("/ContinuousBackupsDescription/PointInTimeRecoveryDescription");
    };
    const auto restore = [&](const std::string& more, const std::string& from = "env") {
        return error_of(cloud.call(
            "dynamodb.RestoreTableToPointInTime",
            R"({"TargetTableName": "new", "SourceTableName": ")" + from + "\"" + more + "}"));
    };

    SECTION("has a window that begins when it was enabled and ends five minutes ago") {
        CHECK(recovery() == json(R"({"PointInTimeRecoveryStatus": "DISABLED"})"));
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true})") == "none");
        CHECK(recovery() == json(R"({"PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": 35, "EarliestRestorableDateTime": 1488326400000,
            "LatestRestorableDateTime": 1488326400000})"));
        cloud.advance(std::chrono::hours(72));
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 1})") ==
                "none");
        CHECK(recovery() == json(R"({"PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": 1, "EarliestRestorableDateTime": 1488499200000,
            "LatestRestorableDateTime": 1488585300000})"));
        CHECK(set(R"({"PointInTimeRecoveryEnabled": false, "RecoveryPeriodInDays": 7})") ==
              "ValidationException: Invalid Request: Cannot specify RecoveryPeriodInDays when "
              "disabling point-in-time recovery.");
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": false})") == "none");
        CHECK(recovery() == json(R"({"PointInTimeRecoveryStatus": "DISABLED"})"));
    }

    SECTION("restores what was there at a moment") {
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true})") == "none");
        cloud.advance(std::chrono::minutes(10));
        cloud.put("1", "changed");
        cloud.remove("2");
        cloud.put("3", "new");
        cloud.advance(std::chrono::minutes(1));
        cloud.put("1", "again");
        cloud.remove("3");
        cloud.put("2", "back");
        cloud.advance(std::chrono::minutes(10));
        const auto restored = [&](std::int64_t minute) {
            REQUIRE(restore(R"(, "RestoreDateTime": )" +
                            std::to_string(1488326400000 + minute * 60'000)) == "none");
            cloud.settle();
            std::string found = cloud.items("new");
            cloud.result("dynamodb.DeleteTable", R"({"TableName": "new"})");
            cloud.settle();
            return found;
        };
        CHECK(restored(9) == "1=old 2=old ");
        CHECK(restored(10) == "1=changed 3=new ");
        CHECK(restored(11) == "1=again 2=back ");
        REQUIRE(restore(R"(, "UseLatestRestorableTime": true)") == "none");
        cloud.settle();
        CHECK(cloud.items("new") == "1=again 2=back ");
        CHECK(cloud.described("new", "/GlobalSecondaryIndexes/0/ItemCount") == 2);
    }

    SECTION("refuses in AWS's order") {
        CHECK(restore("", "none") ==
              "ValidationException: Invalid Request: Either one of RestoreDateTime or "
              "UseLatestRestorableTime must be specified, but not both");
        CHECK(restore(R"(, "UseLatestRestorableTime": true)", "none") ==
              "TableNotFoundException: Table not found: none");
        CHECK(restore(R"(, "UseLatestRestorableTime": true)") ==
              "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for "
              "table 'env'");
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true})") == "none");
        CHECK(restore(R"(, "RestoreDateTime": 1488326300000)") ==
              "InvalidRestoreTimeException: RestoreDateTime '2017-02-28T23:58:20Z' must be within "
              "EarliestRestorableDateTime '2017-03-01T00:00:00Z' and LatestRestorableDateTime "
              "'2017-03-01T00:00:00Z'");
        CHECK(error_of(cloud.call("dynamodb.RestoreTableToPointInTime",
                                  R"({"TargetTableName": "env", "SourceTableName": "env",
                                      "UseLatestRestorableTime": true})")) ==
              "TableAlreadyExistsException: Table already exists: env");
    }

    SECTION("leaves a backup if it is on when the table goes, not when it is deleted") {
        // ack-api-quirks (2026-10), DDB-TABLE-088, 167, 453.
        const auto count = [&] {
            return cloud.result("dynamodb.ListBackups", R"({"BackupType": "SYSTEM"})")
                .at("BackupSummaries")
                .as_array()
                .size();
        };
        const bool is_on_before = GENERATE(false, true);
        if (is_on_before) REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true})") == "none");
        cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        CHECK(count() == 0);
        REQUIRE(set(is_on_before ? R"({"PointInTimeRecoveryEnabled": false})"
                                 : R"({"PointInTimeRecoveryEnabled": true})") == "none");
        cloud.advance(std::chrono::seconds(6));
        CHECK(count() == (is_on_before ? 0 : 1));
    }

    SECTION("gets back no days that it had given up") {
        const auto earliest = [&] {
            return cloud.result("dynamodb.DescribeContinuousBackups", R"({"TableName": "env"})")
                .at_pointer(
                    "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/"
                    "EarliestRestorableDateTime")
                .as_int64();
        };
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true})") == "none");
        cloud.advance(std::chrono::days(30));
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 7})") ==
                "none");
        cloud.advance(std::chrono::days(1));
        const std::int64_t before = earliest();
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 35})") ==
                "none");
        CHECK(earliest() == before);
        cloud.advance(std::chrono::days(1));
        CHECK(earliest() == before);
    }

    SECTION("leaves a backup when the table is deleted, which nobody can delete") {
        REQUIRE(set(R"({"PointInTimeRecoveryEnabled": true})") == "none");
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        cloud.settle();
        const auto list = [&] {
            return cloud.result("dynamodb.ListBackups", R"({"BackupType": "ALL"})")
                .at("BackupSummaries")
                .as_array();
        };
        const auto found = list();
        REQUIRE(found.size() == 1);
        CHECK(found[0].at("BackupName") == "env$DeletedTableBackup");
        const std::string arn(found[0].at("BackupArn").as_string());
        CHECK(error_of(cloud.call("dynamodb.DeleteBackup", R"({"BackupArn": ")" + arn + "\"}"))
                  .starts_with("ValidationException: Invalid Request: User is not allowed to "
                               "delete the system backup with arn " +
                               arn));
        REQUIRE(cloud.restore(arn) == "none");
        cloud.settle();
        CHECK(cloud.items("new") == "1=old 2=old ");
        cloud.advance(std::chrono::days(35));
        CHECK(list().empty());
    }
}

}  // namespace sbemu
