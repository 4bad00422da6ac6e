// What a table of a stack reports: changes to a Kinesis stream, Contributor Insights.
#include <catch2/catch.hpp>

#include "tests/cloudformation_table_stack.h"

namespace sbemu {

// Property names: CloudFormation's reference of AWS::DynamoDB::Table.
TEST_CASE("A table of a stack tells a Kinesis stream of its changes", "[cloudformation][table]") {
    TableStack cloud;
    for (const std::string name : {"one", "two"}) {
        cloud.result("kinesis.CreateStream",
                     R"({"StreamName": ")" + name + R"(", "ShardCount": 1})");
    }
    cloud.settle();
    if (GENERATE(false, true)) cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    const auto to = [](const std::string& stream, const std::string& precision = "") {
        return attribute_definitions("") + kOnDemand +
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
    REQUIRE(cloud.apply("UpdateStack", attribute_definitions("") + kOnDemand) == "UPDATE_COMPLETE");
    CHECK(listed() == "none DISABLED; two DISABLED; one DISABLED; ");
}

TEST_CASE("A table of a stack and its indexes have Contributor Insights",
          "[cloudformation][table]") {
    TableStack cloud;
    if (GENERATE(false, true)) cloud.result("sbemu.SetLatency", R"({"Mode": "aws"})");
    const auto insights = [](const std::string& enabled, const std::string& mode = "") {
        return R"(, "ContributorInsightsSpecification": {"Enabled": )" + enabled +
               (mode.empty() ? "}" : R"(, "Mode": ")" + mode + "\"}");
    };
    const auto with = [](const std::string& table, const std::string& of_index) {
        return attribute_definitions("a") + kOnDemand + table +
               global_indexes(global_index("idx", "a", of_index));
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

TEST_CASE("Contributor Insights of a stack that failed can be enabled when there is room",
          "[cloudformation][table]") {
    TableStack cloud;
    cloud.take_rules(50);  // all there are
    REQUIRE(cloud.apply("CreateStack", attribute_definitions("") + kOnDemand) == "CREATE_COMPLETE");
    const std::string with = attribute_definitions("") + kOnDemand +
                             R"(, "ContributorInsightsSpecification": {"Enabled": true})";
    CHECK(cloud.apply("UpdateStack", with) == "UPDATE_ROLLBACK_COMPLETE");
    CHECK(cloud.reason().find("rule limit reached") != std::string::npos);
    CHECK(cloud.ask("DescribeContributorInsights").at("ContributorInsightsStatus") == "DISABLED");
    cloud.set_insights("table7", "DISABLE");
    CHECK(cloud.apply("UpdateStack", with) == "UPDATE_COMPLETE");
    CHECK(cloud.ask("DescribeContributorInsights").at("ContributorInsightsStatus") == "ENABLED");
}

TEST_CASE("Contributor Insights of a stack go back to the rules that there is room for",
          "[cloudformation][table]") {
    TableStack cloud;
    cloud.take_rules(50);
    cloud.set_insights("table7", "DISABLE");
    cloud.set_insights("table7", "ENABLE", R"(, "ContributorInsightsMode": "THROTTLED_KEYS")");
    const auto with = [](const std::string& mode) {
        return attribute_definitions("") + kOnDemand +
               R"(, "ContributorInsightsSpecification": {"Enabled": true, "Mode": ")" + mode +
               "\"}";
    };
    REQUIRE(cloud.apply("CreateStack", with("THROTTLED_KEYS")) == "CREATE_COMPLETE");
    CHECK(cloud.apply("UpdateStack", with("ACCESSED_AND_THROTTLED_KEYS")) ==
          "UPDATE_ROLLBACK_COMPLETE");
    const auto described = cloud.ask("DescribeContributorInsights");
    CHECK(described.at("ContributorInsightsStatus") == "ENABLED");
    CHECK(described.at("ContributorInsightsMode") == "THROTTLED_KEYS");
}

}  // namespace sbemu
