// What UpdateTable answers, what is told while a table is UPDATING, and what that stops. Recorded
// on AWS: ack-api-quirks (2026-10), DDB-TABLE-018, 055 to 065, 079 to 082, 119, 140 to 142, 153,
// 154, 156, 170, 177 to 185, 283 to 287, 365, 369, 433, 437, 444, 456.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {
namespace {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";
const std::string kInUse =
    "ResourceInUseException: Attempt to change a resource which is still in use: ";

std::string units(int reads, int writes) {
    return R"("ProvisionedThroughput": {"ReadCapacityUnits": )" + std::to_string(reads) +
           R"(, "WriteCapacityUnits": )" + std::to_string(writes) + "}";
}

const std::string kOnDemand = R"("BillingMode": "PAY_PER_REQUEST")";
const std::string kInfrequent = R"("TableClass": "STANDARD_INFREQUENT_ACCESS")";
const std::string kStream =
    R"("StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"})";

struct Tables : TestCloud {
    explicit Tables(bool slowly = false) {
        if (slowly) result("sbemu.SetLatency", R"({"Mode": "aws"})");
    }
    boost::json::value create(const std::string& more, const std::string& name = "env") {
        auto made = result("dynamodb.CreateTable", R"({"TableName": ")" + name +
                                                       R"(", "AttributeDefinitions":
                               [{"AttributeName": "p", "AttributeType": "S"}],
                               "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], )" +
                                                       more + "}");
        advance(std::chrono::seconds(16));
        return made.at("TableDescription");
    }
    std::string error(const std::string& change, const std::string& operation = "UpdateTable") {
        return error_of(call("dynamodb." + operation, R"({"TableName": "env", )" + change + "}"));
    }
    std::string error_of_deletion() {
        return error_of(call("dynamodb.DeleteTable", R"({"TableName": "env"})"));
    }
    boost::json::value update(const std::string& change) {
        return result("dynamodb.UpdateTable", R"({"TableName": "env", )" + change + "}")
            .at("TableDescription");
    }
    boost::json::value described(const std::string& pointer = "") {
        return result("dynamodb.DescribeTable", R"({"TableName": "env"})")
            .at_pointer("/Table" + pointer);
    }
    bool tells(const std::string& member) { return described().as_object().contains(member); }
};

const std::string kGlobalIndex = R"(, "GlobalSecondaryIndexes": [{"IndexName": "idx",
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"})";

}  // namespace

TEST_CASE("Units of a table are the old ones until it is ACTIVE", "[dynamodb][update-table]") {
    Tables cloud;
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
    Tables cloud;
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
    Tables cloud;
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
    Tables cloud(true);
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
    Tables cloud;
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
    Tables cloud(true);
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
    Tables cloud;
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
    // Another region has its own.
    cloud.caller.region = "eu-west-1";
    CHECK(made(40000) == "none");
}

TEST_CASE("The class of a table", "[dynamodb][update-table][latency]") {
    Tables cloud(true);
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
    Tables cloud(true);
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
    Tables cloud(true);
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
    Tables cloud(true);
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
