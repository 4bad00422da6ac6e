// The class, stream, encryption and protection of a table, and what their changes stop. Recorded on
// AWS: ack-api-quirks (2026-10), DDB-TABLE-018, 079 to 082, 119, 140 to 142, 156, 177 to 185, 283
// to 287, 365, 433, 437, 456.
#include <catch2/catch.hpp>

#include "tests/dynamodb_updated_table.h"

namespace sbemu {

TEST_CASE("The class of a table", "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(kOnDemand);
    const auto summary = [](const std::string& name, std::int64_t second) {
        return json(R"({"TableClass": ")" + name + R"(", "LastUpdateDateTime": )" +
                    std::to_string(second) + "000}");
    };

    SECTION("is not told, and nothing happens, when it is asked for as it is") {
        CHECK(cloud.update(R"("TableClass": "STANDARD")").at("TableStatus") == "UPDATING");
        CHECK(cloud.described("/TableStatus") == "ACTIVE");
        CHECK_FALSE(cloud.tells("TableClassSummary"));
    }
    SECTION("is the old one until the table is ACTIVE, and changes twice in 30 days") {
        CHECK_FALSE(cloud.update(kInfrequent).as_object().contains("TableClassSummary"));
        CHECK_FALSE(cloud.tells("TableClassSummary"));
        cloud.advance(std::chrono::seconds(6));
        CHECK(cloud.described("/TableClassSummary") ==
              summary("STANDARD_INFREQUENT_ACCESS", 1488326422));
        // The same again does not count.
        CHECK(cloud.error(kInfrequent) == "none");
        CHECK(cloud.described("/TableClassSummary/LastUpdateDateTime") == 1488326422000);
        CHECK(cloud.error(R"("TableClass": "STANDARD")") == "none");
        cloud.advance(std::chrono::seconds(6));
        CHECK(cloud.described("/TableClassSummary") == summary("STANDARD", 1488326428));
        for (const std::string name : {"STANDARD", "STANDARD_INFREQUENT_ACCESS"}) {
            CHECK(cloud.error(R"("TableClass": ")" + name + "\"") ==
                  "LimitExceededException: Subscriber limit exceeded: Updates to TableClass are "
                  "limited to 2 times in 30 day(s).");
        }
        cloud.advance(std::chrono::days(30));
        CHECK(cloud.error(kInfrequent) == "none");
    }
    SECTION("stops others while it changes") {
        cloud.update(kInfrequent);
        const std::string in_progress = "TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS";
        const std::string end =
            " when a table class update is in progress. Table: env " + in_progress;
        CHECK(cloud.error(kInfrequent) == kInUse + "Can't update table class" + end);
        CHECK(cloud.error(kStream) == kInUse + "Can't change stream status" + end);
        CHECK(cloud.error(R"("OnDemandThroughput": {"MaxReadRequestUnits": 5})") ==
              kInUse +
                  "OnDemandThroughput cannot be updated while TableClass update is in "
                  "progress. " +
                  in_progress);
    }
}

TEST_CASE("Deletion protection changes every 15 seconds", "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(kOnDemand);
    const std::string on = R"("DeletionProtectionEnabled": true)";
    const std::string off = R"("DeletionProtectionEnabled": false)";
    CHECK(cloud.error(on) == "none");
    CHECK(cloud.error(on) == "none");
    CHECK(cloud.error(off) ==
          "ThrottlingException: Deletion protection setting for table env modified within the "
          "previous 15000 milliseconds. Please try again after 2017-03-01T00:00:31.000Z");
    cloud.advance(std::chrono::seconds(15));
    CHECK(cloud.error(off) == "none");
}

TEST_CASE("A change of the stream stops others", "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(units(5, 5));
    const std::string label =
        std::string(cloud.update(kStream).at("LatestStreamLabel").as_string());
    const std::string end = "Table: env Stream: " + label + " Operation: ENABLE";
    CHECK(cloud.error(units(6, 6)) ==
          kInUse + "Can't change table IOPS when stream status is being updated. " + end);
    CHECK(cloud.error(R"("StreamSpecification": {"StreamEnabled": false})") ==
          kInUse + "A stream status change is currently in progress. " + end);
    CHECK(cloud.error(kInfrequent) ==
          kInUse + "Can't update table class when stream status is being updated. " + end);
    CHECK(cloud.error(R"("OnDemandThroughput": {"MaxReadRequestUnits": 5})") ==
          kInUse +
              "OnDemandThroughput cannot be updated while stream status update is in progress");
    CHECK(cloud.error_of_deletion() ==
          kInUse + "Cannot delete table while stream is being enabled/disabled.");
    CHECK(cloud.error(R"("DeletionProtectionEnabled": false)") == "none");
    cloud.advance(std::chrono::seconds(5));
    cloud.update(R"("StreamSpecification": {"StreamEnabled": false})");
    CHECK(cloud.error(units(6, 6)) ==
          kInUse +
              "Can't change table IOPS when stream status is being updated. Table: env "
              "Stream: " +
              label + " Operation: DISABLE");
}

TEST_CASE("The encryption of a table changes while it is ACTIVE",
          "[dynamodb][update-table][latency]") {
    UpdatedTable cloud(true);
    cloud.create(kOnDemand);
    const std::string encrypt = R"("SSESpecification": {"Enabled": true})";
    const std::string decrypt = R"("SSESpecification": {"Enabled": false})";
    const auto answer = cloud.update(encrypt);
    CHECK(answer.at("TableStatus") == "ACTIVE");
    CHECK(answer.at("SSEDescription") == json(R"({"Status": "UPDATING"})"));
    CHECK(cloud.error(decrypt) == kInUse + "Server-Side Encryption is still being updated");
    CHECK(cloud.error(encrypt) == "none");
    CHECK(cloud.error_of_deletion() == kInUse + "Table: env is in the process of being updated.");
    cloud.advance(std::chrono::seconds(22));
    const auto encrypted = cloud.described("/SSEDescription");
    CHECK(encrypted.at("Status") == "ENABLED");

    SECTION("with one key of the account, however it is named, in SSEType alone, too") {
        const std::string arn(encrypted.at("KMSMasterKeyArn").as_string());
        CHECK(arn.starts_with("arn:aws:kms:us-east-1:123456789012:key/"));
        CHECK(cloud.error(R"("SSESpecification": {"SSEType": "KMS", "KMSMasterKeyId": ")" + arn +
                          "\"}") ==
              kInvalid +
                  "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId "
                  "parameter if you want to change Master Key");
        cloud.update(R"("SSESpecification": {"SSEType": "KMS", "KMSMasterKeyId":
                         "alias/aws/dynamodb"})");
        cloud.advance(std::chrono::seconds(22));
        CHECK(cloud.described("/SSEDescription") == encrypted);
        CHECK(
            cloud.update(R"("SSESpecification": {"SSEType": "KMS", "KMSMasterKeyId": "mine"})")
                .at("SSEDescription") ==
            json(R"({"Status": "UPDATING", "SSEType": "KMS", "KMSMasterKeyArn": ")" + arn + "\"}"));
        cloud.advance(std::chrono::seconds(22));
        CHECK(cloud.described("/SSEDescription/KMSMasterKeyArn") ==
              "arn:aws:kms:us-east-1:123456789012:key/mine");
    }
    SECTION("four times a day, then every six hours") {
        for (const std::string& change : {decrypt, encrypt, decrypt}) {
            CHECK(cloud.error(change) == "none");
            cloud.advance(std::chrono::seconds(22));
        }
        CHECK_FALSE(cloud.tells("SSEDescription"));
        CHECK(cloud.error(decrypt) == kInvalid + "Table is already encrypted by default");
        CHECK(cloud.error(encrypt) ==
              "LimitExceededException: Subscriber limit exceeded: Encryption mode changes are "
              "limited in the 24h window ending at 2017-03-02T00:00:16.000Z. After the first 4 "
              "change, each subsequent change in the same window can be performed at most once "
              "every 21600 seconds. Number of updates today: 4. Last change at "
              "2017-03-01T00:01:22.000Z. Next changes can be made at 2017-03-01T06:01:22.000Z.");
        cloud.advance(std::chrono::hours(6));
        CHECK(cloud.error(encrypt) == "none");
        cloud.advance(std::chrono::hours(1));
        CHECK(cloud.error(decrypt).starts_with("LimitExceededException"));
        cloud.advance(std::chrono::hours(17));
        CHECK(cloud.error(decrypt) == "none");
    }
}

}  // namespace sbemu
