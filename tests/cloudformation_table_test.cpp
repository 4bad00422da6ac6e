// The resource type AWS::DynamoDB::Table: what a template can say, and changes of it.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

struct Stack : TestCloud {
    std::string apply(const std::string& operation, const std::string& properties) {
        const std::string body = R"({"Resources": {"T": {"Type": "AWS::DynamoDB::Table",
            "Properties": {"TableName": "env",
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], )" +
                                 properties + "}}}}";
        const auto error =
            error_of(call("cloudformation." + operation,
                          R"({"StackName": "s", "TemplateBody": )" +
                              boost::json::serialize(boost::json::value(body)) + "}"));
        advance(std::chrono::minutes(20));
        return error == "none" ? status() : error;
    }
    std::string status() {
        return std::string(result("cloudformation.DescribeStacks", R"({"StackName": "s"})")
                               .at_pointer("/Stacks/0/StackStatus")
                               .as_string());
    }
    // Why the resource failed.
    std::string reason() {
        const auto events = result("cloudformation.DescribeStackEvents", R"({"StackName": "s"})");
        for (const auto& event : events.at("StackEvents").as_array()) {
            if (event.at("ResourceStatus") == "UPDATE_FAILED") {
                return std::string(event.at("ResourceStatusReason").as_string());
            }
        }
        return "";
    }
    boost::json::value described(const std::string& pointer = "") {
        return result("dynamodb.DescribeTable", R"({"TableName": "env"})")
            .at_pointer("/Table" + pointer);
    }
    boost::json::value ask(const std::string& operation) {
        return result("dynamodb." + operation, R"({"TableName": "env"})");
    }
};

// Definitions of p and these.
std::string definitions(const std::string& names) {
    std::string list = R"({"AttributeName": "p", "AttributeType": "S"})";
    for (const char name : names) {
        list += R"(, {"AttributeName": ")" + std::string(1, name) + R"(", "AttributeType": "S"})";
    }
    return R"("AttributeDefinitions": [)" + list + "]";
}

std::string index(const std::string& name, const std::string& key, const std::string& more = "") {
    return R"({"IndexName": ")" + name + R"(", "Projection": {"ProjectionType": "ALL"},
        "KeySchema": [{"AttributeName": ")" +
           key + R"(", "KeyType": "HASH"}])" + more + "}";
}

std::string indexes(const std::string& list) {
    return R"(, "GlobalSecondaryIndexes": [)" + list + "]";
}

const std::string kOnDemand = R"(, "BillingMode": "PAY_PER_REQUEST")";
const std::string kExtras = R"(,
    "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": true},
    "PointInTimeRecoverySpecification":
        {"PointInTimeRecoveryEnabled": "true", "RecoveryPeriodInDays": 7},
    "SSESpecification": {"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": "mine"},
    "ResourcePolicy": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"AWS": "123456789012"}, "Action": "dynamodb:GetItem", "Resource": "*"}]}},
    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
    "DeletionProtectionEnabled": true, "Tags": [{"Key": "a", "Value": "1"}])";

}  // namespace

TEST_CASE("A table of a stack", "[cloudformation][table]") {
    Stack cloud;
    if (GENERATE(false, true)) cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    REQUIRE(cloud.apply("CreateStack", definitions("a") + kOnDemand + indexes(index("idx", "a")) +
                                           kExtras) == "CREATE_COMPLETE");
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
                            definitions("ab") + kOnDemand +
                                indexes(index("idx", "a", R"(, "OnDemandThroughput":
                                    {"MaxReadRequestUnits": 5})") +
                                        "," + index("new", "b")) +
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
        REQUIRE(cloud.apply("UpdateStack",
                            definitions("b") + units + indexes(index("new", "b", units))) ==
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
        CHECK(cloud.apply("UpdateStack", definitions("bc") + kOnDemand +
                                             indexes(index("one", "b") + "," + index("two", "c")) +
                                             kExtras) == "UPDATE_ROLLBACK_COMPLETE");
        CHECK(cloud.reason().find("Cannot perform more than one GSI creation or deletion in a "
                                  "single update") != std::string::npos);
        CHECK(cloud.described("/GlobalSecondaryIndexes/0/IndexName") == "idx");
        CHECK(cloud.apply("UpdateStack", definitions("b") + kOnDemand + indexes(index("idx", "b")) +
                                             kExtras) == "UPDATE_ROLLBACK_COMPLETE");
        CHECK(cloud.reason().find("Cannot update GSI's properties") != std::string::npos);
        // Its type would change, and the table be replaced.
        std::string retyped = definitions("a");
        retyped.replace(retyped.rfind("\"S\""), 3, "\"N\"");
        CHECK(cloud.apply("UpdateStack", retyped + kOnDemand + indexes(index("idx", "a")) +
                                             kExtras) == "UPDATE_ROLLBACK_COMPLETE");
    }
}

// Property names: CloudFormation's reference of AWS::DynamoDB::Table.
TEST_CASE("A table of a stack tells a Kinesis stream of its changes", "[cloudformation][table]") {
    Stack cloud;
    for (const std::string name : {"one", "two"}) {
        cloud.result("kinesis.CreateStream",
                     R"({"StreamName": ")" + name + R"(", "ShardCount": 1})");
    }
    cloud.settle();
    if (GENERATE(false, true)) cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    const auto to = [](const std::string& stream, const std::string& precision = "") {
        return definitions("") + kOnDemand +
               R"(, "KinesisStreamSpecification": {"StreamArn":
                   "arn:aws:kinesis:us-east-1:123456789012:stream/)" +
               stream + "\"" +
               (precision.empty()
                    ? "}"
                    : R"(, "ApproximateCreationDateTimePrecision": ")" + precision + "\"}");
    };
    // Each stream that was ever named: its last letters, status and precision.
    const auto listed = [&] {
        std::string all;
        const auto described = cloud.ask("DescribeKinesisStreamingDestination");
        for (const auto& each : described.at("KinesisDataStreamDestinations").as_array()) {
            const std::string arn(each.at("StreamArn").as_string());
            all += arn.substr(arn.rfind('/') + 1) + " " +
                   std::string(each.at("DestinationStatus").as_string());
            if (const auto* precision =
                    each.as_object().if_contains("ApproximateCreationDateTimePrecision")) {
                all += " " + std::string(precision->as_string());
            }
            all += "; ";
        }
        return all;
    };
    REQUIRE(cloud.apply("CreateStack", to("one")) == "CREATE_COMPLETE");
    CHECK(listed() == "one ACTIVE; ");
    REQUIRE(cloud.apply("UpdateStack", to("one", "MICROSECOND")) == "UPDATE_COMPLETE");
    CHECK(listed() == "one ACTIVE MICROSECOND; ");
    REQUIRE(cloud.apply("UpdateStack", to("two", "MICROSECOND")) == "UPDATE_COMPLETE");
    CHECK(listed() == "two ACTIVE MICROSECOND; one DISABLED; ");

    // One that is not there, until it is.
    REQUIRE(cloud.apply("UpdateStack", to("none")) == "UPDATE_ROLLBACK_COMPLETE");
    CHECK(cloud.reason().find("User does not have a permission to use kinesis stream") !=
          std::string::npos);
    CHECK(listed() == "none ENABLE_FAILED; two ACTIVE MICROSECOND; one DISABLED; ");
    cloud.result("kinesis.CreateStream", R"({"StreamName": "none", "ShardCount": 1})");
    cloud.advance(std::chrono::minutes(1));
    REQUIRE(cloud.apply("UpdateStack", to("none")) == "UPDATE_COMPLETE");
    CHECK(listed() == "none ACTIVE; two DISABLED; one DISABLED; ");
    REQUIRE(cloud.apply("UpdateStack", definitions("") + kOnDemand) == "UPDATE_COMPLETE");
    CHECK(listed() == "none DISABLED; two DISABLED; one DISABLED; ");
}

TEST_CASE("A table of a stack and its indexes have Contributor Insights",
          "[cloudformation][table]") {
    Stack cloud;
    if (GENERATE(false, true)) cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    const auto insights = [](const std::string& enabled, const std::string& mode = "") {
        return R"(, "ContributorInsightsSpecification": {"Enabled": )" + enabled +
               (mode.empty() ? "}" : R"(, "Mode": ")" + mode + "\"}");
    };
    const auto with = [](const std::string& table, const std::string& of_index) {
        return definitions("a") + kOnDemand + table + indexes(index("idx", "a", of_index));
    };
    // Of the table, or of the index.
    const auto status = [&](const std::string& more = "") {
        const auto described = cloud.result("dynamodb.DescribeContributorInsights",
                                            R"({"TableName": "env")" + more + "}");
        std::string text(described.at("ContributorInsightsStatus").as_string());
        const auto* mode = described.as_object().if_contains("ContributorInsightsMode");
        return mode ? text + " " + std::string(mode->as_string()) : text;
    };
    const std::string of_index = R"(, "IndexName": "idx")";
    REQUIRE(cloud.apply("CreateStack", with(insights("true"), insights("\"true\""))) ==
            "CREATE_COMPLETE");
    CHECK(status() == "ENABLED ACCESSED_AND_THROTTLED_KEYS");
    CHECK(status(of_index) == "ENABLED ACCESSED_AND_THROTTLED_KEYS");
    REQUIRE(cloud.apply("UpdateStack", with(insights("true", "THROTTLED_KEYS"), "")) ==
            "UPDATE_COMPLETE");
    CHECK(status() == "ENABLED THROTTLED_KEYS");
    CHECK(status(of_index).starts_with("DISABLED"));
    REQUIRE(cloud.apply("UpdateStack", with(insights("false"), insights("true"))) ==
            "UPDATE_COMPLETE");
    CHECK(status().starts_with("DISABLED"));
    CHECK(status(of_index).starts_with("ENABLED"));
}

TEST_CASE("A stack deletes its own table, also if it has to wait, and no other of that name",
          "[cloudformation][table]") {
    Stack cloud;
    cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    REQUIRE(cloud.apply("CreateStack", definitions("") + kOnDemand) == "CREATE_COMPLETE");
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

TEST_CASE("Contributor Insights of a stack that failed can be enabled when there is room",
          "[cloudformation][table]") {
    Stack cloud;
    const auto update = [&](const std::string& table, const std::string& action) {
        cloud.result(
            "dynamodb.UpdateContributorInsights",
            R"({"TableName": ")" + table + R"(", "ContributorInsightsAction": ")" + action + "\"}");
        cloud.settle();
    };
    for (int i = 0; i < 50; ++i) {  // two rules each: all there are
        const std::string name = "table" + std::to_string(i);
        cloud.result("dynamodb.CreateTable",
                     R"({"TableName": ")" + name + R"(", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]})");
        cloud.settle();
        update(name, "ENABLE");
    }
    REQUIRE(cloud.apply("CreateStack", definitions("") + kOnDemand) == "CREATE_COMPLETE");
    const std::string with =
        definitions("") + kOnDemand + R"(, "ContributorInsightsSpecification": {"Enabled": true})";
    CHECK(cloud.apply("UpdateStack", with) == "UPDATE_ROLLBACK_COMPLETE");
    CHECK(cloud.reason().find("rule limit reached") != std::string::npos);
    CHECK(cloud.ask("DescribeContributorInsights").at("ContributorInsightsStatus") == "DISABLED");
    update("table7", "DISABLE");
    CHECK(cloud.apply("UpdateStack", with) == "UPDATE_COMPLETE");
    CHECK(cloud.ask("DescribeContributorInsights").at("ContributorInsightsStatus") == "ENABLED");
}

}  // namespace sbemu
