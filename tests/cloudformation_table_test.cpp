// The resource type AWS::DynamoDB::Table: what a template can say, and changes of it.
#include <catch2/catch.hpp>

#include "tests/cloudformation_table_stack.h"

namespace sbemu {

TEST_CASE("A table of a stack", "[cloudformation][table]") {
    TableStack cloud;
    if (GENERATE(false, true)) cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    REQUIRE(cloud.apply("CreateStack", attribute_definitions("a") + kOnDemand +
                                           global_indexes(global_index("idx", "a")) + kExtras) ==
            "CREATE_COMPLETE");
    const std::string arn =
        R"({"ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/env"})";

    SECTION("has what the template says") {
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexStatus") == "ACTIVE");
        CHECK(cloud.ask("DescribeTimeToLive") ==
              json(R"({"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED",
                                                 "AttributeName": "ttl"}})"));
        CHECK(cloud.ask("DescribeContinuousBackups")
                  .at_pointer("/ContinuousBackupsDescription/PointInTimeRecoveryDescription/"
                              "RecoveryPeriodInDays") == 7);
        CHECK(cloud.described("/SSEDescription/KMSMasterKeyArn") ==
              "arn:aws:kms:us-east-1:123456789012:key/mine");
        CHECK(cloud.described("/StreamSpecification/StreamViewType") == "NEW_IMAGE");
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", arn)) == "none");
    }

    SECTION("changes one thing after the other") {
        cloud.advance(std::chrono::minutes(15));
        REQUIRE(cloud.apply("UpdateStack",
                            attribute_definitions("ab") + kOnDemand +
                                global_indexes(global_index("idx", "a", R"(, "OnDemandThroughput":
                                    {"MaxReadRequestUnits": 5})") +
                                               "," + global_index("new", "b")) +
                                R"(, "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
                    "TableClass": "STANDARD_INFREQUENT_ACCESS",
                    "Tags": [{"Key": "b", "Value": "2"}])") == "UPDATE_COMPLETE");
        CHECK(cloud.described("/GlobalSecondaryIndexes").as_array().size() == 2);
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/OnDemandThroughput/"
                              "MaxReadRequestUnits") == 5);
        CHECK(cloud.described("/GlobalSecondaryIndexes/1/IndexStatus") == "ACTIVE");
        CHECK(cloud.described("/StreamSpecification/StreamViewType") == "KEYS_ONLY");
        CHECK(cloud.described("/TableClassSummary/TableClass") == "STANDARD_INFREQUENT_ACCESS");
        CHECK(cloud.described("/DeletionProtectionEnabled") == false);
        CHECK_FALSE(cloud.described().as_object().contains("SSEDescription"));
        CHECK(cloud.ask("DescribeTimeToLive")
                  .at_pointer("/TimeToLiveDescription/"
                              "TimeToLiveStatus") == "DISABLED");
        CHECK(cloud.ask("DescribeContinuousBackups")
                  .at_pointer("/ContinuousBackupsDescription/PointInTimeRecoveryDescription/"
                              "PointInTimeRecoveryStatus") == "DISABLED");
        CHECK(cloud.result("dynamodb.ListTagsOfResource", arn) ==
              json(R"({"Tags": [{"Key": "b", "Value": "2"}]})"));
        CHECK(error_of(cloud.call("dynamodb.GetResourcePolicy", arn))
                  .starts_with("PolicyNotFoundException"));

        const std::string units =
            R"(, "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3})";
        REQUIRE(cloud.apply("UpdateStack", attribute_definitions("b") + units +
                                               global_indexes(global_index("new", "b", units))) ==
                "UPDATE_COMPLETE");
        CHECK(cloud.described("/BillingModeSummary/BillingMode") == "PROVISIONED");
        CHECK(cloud.described("/GlobalSecondaryIndexes").as_array().size() == 1);
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/ProvisionedThroughput/"
                              "WriteCapacityUnits") == 3);
        CHECK(cloud.described("/AttributeDefinitions").as_array().size() == 2);
        cloud.result("cloudformation.DeleteStack", R"({"StackName": "s"})");
        cloud.advance(std::chrono::minutes(1));
        CHECK(cloud.result("dynamodb.ListTables") == json(R"({"TableNames": []})"));
    }

    SECTION("refuses what CloudFormation does not do, and stays as it is") {
        CHECK(cloud.apply("UpdateStack", attribute_definitions("bc") + kOnDemand +
                                             global_indexes(global_index("one", "b") + "," +
                                                            global_index("two", "c")) +
                                             kExtras) == "UPDATE_ROLLBACK_COMPLETE");
        CHECK(cloud.reason().find("Cannot perform more than one GSI creation or deletion in a "
                                  "single update") != std::string::npos);
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexName") == "idx");
        CHECK(cloud.apply("UpdateStack", attribute_definitions("b") + kOnDemand +
                                             global_indexes(global_index("idx", "b")) + kExtras) ==
              "UPDATE_ROLLBACK_COMPLETE");
        CHECK(cloud.reason().find("Cannot update GSI's properties") != std::string::npos);
        // Its type would change, and the table be replaced.
        std::string retyped = attribute_definitions("a");
        retyped.replace(retyped.rfind("\"S\""), 3, "\"N\"");
        CHECK(cloud.apply("UpdateStack", retyped + kOnDemand +
                                             global_indexes(global_index("idx", "a")) + kExtras) ==
              "UPDATE_ROLLBACK_COMPLETE");
    }
}

TEST_CASE("A stack deletes its own table, also if it has to wait, and no other of that name",
          "[cloudformation][table]") {
    TableStack cloud;
    cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    REQUIRE(cloud.apply("CreateStack", attribute_definitions("") + kOnDemand) == "CREATE_COMPLETE");
    const std::string table = R"({"TableName": "env")";
    const auto delete_stack = [&] {
        cloud.result("cloudformation.DeleteStack", R"({"StackName": "s"})");
    };

    SECTION("that is being changed") {
        cloud.result("dynamodb.UpdateTable", table + R"(, "StreamSpecification":
            {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})");
        delete_stack();
        cloud.advance(std::chrono::minutes(1));
        CHECK(cloud.result("dynamodb.ListTables") == json(R"({"TableNames": []})"));
    }

    SECTION("that somebody else has deleted and made again") {
        cloud.result("dynamodb.DeleteTable", table + "}");
        delete_stack();
        // Between two of the stack's looks.
        while (error_of(cloud.call("dynamodb.DescribeTable", table + "}")) == "none") {
            cloud.advance(Duration{1});
        }
        cloud.result("dynamodb.CreateTable", table + R"(, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]})");
        cloud.advance(std::chrono::minutes(1));
        CHECK(cloud.described("/TableStatus") == "ACTIVE");
    }
}

// The last step of an update fails: everything before it goes back.
TEST_CASE("A table of a stack is again what it was after a rollback", "[cloudformation][table]") {
    TableStack cloud;
    if (GENERATE(false, true)) cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    const std::string nowhere = R"(, "KinesisStreamSpecification": {"StreamArn":
        "arn:aws:kinesis:us-east-1:123456789012:stream/nowhere"})";
    const std::string before =
        attribute_definitions("a") + kOnDemand + kExtras +
        global_indexes(global_index("idx", "a", R"(, "ContributorInsightsSpecification":
                                                             {"Enabled": true})"));
    REQUIRE(cloud.apply("CreateStack", before) == "CREATE_COMPLETE");
    const auto tell = [&] {
        boost::json::object told = cloud.described().as_object();
        for (const char* const member :
             {"LatestStreamArn", "LatestStreamLabel", "ProvisionedThroughput"}) {
            told.erase(member);
        }
        boost::json::object& gsi = told.at("GlobalSecondaryIndexes").as_array().at(0).as_object();
        gsi.erase("ProvisionedThroughput");
        told["Tags"] = cloud.result("dynamodb.ListTagsOfResource", R"({"ResourceArn":
            "arn:aws:dynamodb:us-east-1:123456789012:table/env"})");
        told["Insights"] = cloud
                               .result("dynamodb.DescribeContributorInsights",
                                       R"({"TableName": "env", "IndexName": "idx"})")
                               .at("ContributorInsightsStatus");
        told["Recovery"] = cloud.ask("DescribeContinuousBackups")
                               .at_pointer(
                                   "/ContinuousBackupsDescription/"
                                   "PointInTimeRecoveryDescription/"
                                   "PointInTimeRecoveryStatus");
        return told;
    };
    const auto was = tell();
    // Time to live stays: it may not change twice in half an hour.
    REQUIRE(
        cloud.apply("UpdateStack", attribute_definitions("") + kOnDemand + nowhere +
                                       R"(, "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
            "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": true},
            "Tags": [{"Key": "a", "Value": "2"}])") == "UPDATE_ROLLBACK_COMPLETE");
    cloud.advance(std::chrono::hours(2));
    CHECK(tell() == was);
}

TEST_CASE("What a replacement of a table leaves is deleted before the stack is complete",
          "[cloudformation][table]") {
    TableStack cloud;
    cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    const auto named = [](const std::string& name, const std::string& other = "") {
        const std::string table =
            R"({"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": ")";
        const std::string rest =
            R"(", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], )" +
            attribute_definitions("") + kOnDemand + "}}";
        return R"({"StackName": "s", "TemplateBody": )" +
               boost::json::serialize(boost::json::value(
                   R"({"Resources": {"T": )" + table + name + rest +
                   (other.empty() ? "" : R"(, "X": )" + table + other + rest) + "}}")) +
               "}";
    };
    const auto tables = [&] { return cloud.result("dynamodb.ListTables").at("TableNames"); };
    cloud.result("cloudformation.CreateStack", named("old"));
    cloud.advance(std::chrono::minutes(10));
    REQUIRE(cloud.status() == "CREATE_COMPLETE");

    SECTION("the old one") {
        cloud.result("cloudformation.UpdateStack", named("new"));
        while (cloud.status() != "UPDATE_COMPLETE") cloud.advance(Duration{100});
        CHECK(tables() == json(R"(["new"])"));
    }

    SECTION("a new one that was not needed, and cannot be deleted at once") {
        cloud.result("cloudformation.UpdateStack", named("new", "old"));
        while (cloud.status() != "UPDATE_ROLLBACK_COMPLETE") cloud.advance(Duration{100});
        CHECK(tables() == json(R"(["old"])"));
    }
}

}  // namespace sbemu
