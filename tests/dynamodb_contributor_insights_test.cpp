// Contributor Insights of tables and indexes. Recorded on AWS: ack-api-quirks (2026-10),
// DDB-TABLE-089 to 097, 112, 116, 137, 337 to 344.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {
namespace {

struct Insights : TestCloud {
    Insights() { make("env"); }
    void make(const std::string& name, const std::string& sort_key = "") {
        const std::string sort =
            sort_key.empty() ? "" : R"(, {"AttributeName": "s", "KeyType": "RANGE"})";
        const std::string defined =
            sort_key.empty() ? "" : R"(, {"AttributeName": "s", "AttributeType": "S"})";
        result("dynamodb.CreateTable", R"({"TableName": ")" + name +
                                           R"(", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"})" +
                                           defined +
                                           R"(], "KeySchema": [
            {"AttributeName": "p", "KeyType": "HASH"})" +
                                           sort + "]}");
        settle();
    }
    void make_with_indexes() {
        result("dynamodb.CreateTable", R"({"TableName": "idx", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"},
                                     {"AttributeName": "s", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                          {"AttributeName": "s", "KeyType": "RANGE"}],
            "LocalSecondaryIndexes": [{"IndexName": "lsi1", "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"},
                              {"AttributeName": "s", "KeyType": "RANGE"}]}],
            "GlobalSecondaryIndexes": [{"IndexName": "gsi1",
                "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": "s", "KeyType": "HASH"}]}]})");
        settle();
    }
    boost::json::value update(const std::string& action, const std::string& table = "env",
                              const std::string& more = "") {
        return result("dynamodb.UpdateContributorInsights",
                      R"({"TableName": ")" + table + R"(", "ContributorInsightsAction": ")" +
                          action + "\"" + more + "}");
    }
    std::string error(const std::string& operation, const std::string& names) {
        const std::string action =
            operation == "Update" ? R"(, "ContributorInsightsAction": "ENABLE")" : "";
        return error_of(
            call("dynamodb." + operation + "ContributorInsights", "{" + names + action + "}"));
    }
    boost::json::value described(const std::string& table = "env", const std::string& more = "") {
        return result("dynamodb.DescribeContributorInsights",
                      R"({"TableName": ")" + table + "\"" + more + "}");
    }
    boost::json::value list(const std::string& request = R"({"TableName": "env"})") {
        return result("dynamodb.ListContributorInsights", request);
    }
    void slowly() { result("sbemu.SetLatency", R"({"Mode": "aws"})"); }
};

const std::string kThrottled = R"(, "ContributorInsightsMode": "THROTTLED_KEYS")";
const std::string kGlobal = R"(, "IndexName": "gsi1")";

std::size_t count_rules(const boost::json::value& described) {
    return described.at("ContributorInsightsRuleList").as_array().size();
}

}  // namespace

TEST_CASE("Contributor Insights are not told of tables that never had them",
          "[dynamodb][insights]") {
    Insights cloud;
    const auto disabled = json(R"({"TableName": "env", "ContributorInsightsStatus": "DISABLED"})");
    CHECK(cloud.described() == disabled);
    CHECK(cloud.update("DISABLE") == disabled);
    CHECK(cloud.described() == disabled);
    CHECK(cloud.list() == json(R"({"ContributorInsightsSummaries": []})"));
}

TEST_CASE("Contributor Insights are enabled and disabled", "[dynamodb][insights]") {
    Insights cloud;
    cloud.slowly();
    CHECK(cloud.update("ENABLE") ==
          json(R"({"TableName": "env", "ContributorInsightsStatus": "ENABLING",
                   "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS"})"));
    CHECK(cloud.described().at("ContributorInsightsStatus") == "ENABLING");
    cloud.advance(std::chrono::seconds(1));
    const auto enabled = cloud.described();
    CHECK(enabled == json(R"({"TableName": "env", "ContributorInsightsStatus": "ENABLED",
        "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS", "LastUpdateDateTime": 1488326401000,
        "ContributorInsightsRuleList": ["DynamoDBContributorInsights-PKC-env-1488326400000",
                                        "DynamoDBContributorInsights-PKT-env-1488326400000"]})"));

    SECTION("again: nothing happens") {
        cloud.advance(std::chrono::seconds(5));
        CHECK(cloud.update("ENABLE").at("ContributorInsightsStatus") == "ENABLED");
        CHECK(cloud.described() == enabled);
    }
    SECTION("in another mode: rules go and keep their names; no mode is the first one") {
        cloud.advance(std::chrono::seconds(5));
        CHECK(cloud.update("ENABLE", "env", kThrottled).at("ContributorInsightsStatus") ==
              "ENABLING");
        cloud.advance(std::chrono::seconds(1));
        CHECK(cloud.described().at("ContributorInsightsMode") == "THROTTLED_KEYS");
        CHECK(cloud.described().at("ContributorInsightsRuleList") ==
              json(R"(["DynamoDBContributorInsights-PKT-env-1488326400000"])"));
        CHECK(cloud.update("ENABLE").at("ContributorInsightsStatus") == "ENABLING");
        CHECK(cloud.described().at("ContributorInsightsMode") == "ACCESSED_AND_THROTTLED_KEYS");
    }
    SECTION("disabled: told until it is, with the mode that it had") {
        CHECK(cloud.update("DISABLE", "env", kThrottled) ==
              json(R"({"TableName": "env", "ContributorInsightsStatus": "DISABLING",
                       "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS"})"));
        CHECK(cloud.list() == json(R"({"ContributorInsightsSummaries": [
            {"TableName": "env", "ContributorInsightsStatus": "DISABLING",
             "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS"}]})"));
        cloud.advance(std::chrono::seconds(2));
        CHECK(cloud.described() ==
              json(R"({"TableName": "env", "ContributorInsightsStatus": "DISABLED",
                       "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS",
                       "LastUpdateDateTime": 1488326403000})"));
        CHECK(cloud.list() == json(R"({"ContributorInsightsSummaries": []})"));
        CHECK(cloud.update("DISABLE").at("ContributorInsightsStatus") == "DISABLED");
        // Rules that are made again have other names.
        cloud.update("ENABLE");
        cloud.advance(std::chrono::seconds(1));
        CHECK(cloud.described().at_pointer("/ContributorInsightsRuleList/0") ==
              "DynamoDBContributorInsights-PKC-env-1488326403000");
    }
}

TEST_CASE("Contributor Insights are of a table and of each global index", "[dynamodb][insights]") {
    Insights cloud;
    cloud.make_with_indexes();
    CHECK(cloud.update("ENABLE", "idx", kGlobal) ==
          json(R"({"TableName": "idx", "IndexName": "gsi1", "ContributorInsightsStatus": "ENABLING",
                   "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS"})"));
    cloud.settle();
    CHECK(cloud.described("idx").at("ContributorInsightsStatus") == "DISABLED");
    CHECK(cloud.described("idx", kGlobal).at("ContributorInsightsRuleList") ==
          json(R"(["DynamoDBContributorInsights-PKC-idx-gsi1-1488326400000",
                   "DynamoDBContributorInsights-PKT-idx-gsi1-1488326400000"])"));

    SECTION("lists: the table first, in pages") {
        cloud.update("ENABLE", "idx");
        cloud.update("ENABLE", "env");
        cloud.settle();
        const auto first = cloud.list(R"({"TableName": "idx", "MaxResults": 1})");
        CHECK(first.at("ContributorInsightsSummaries") == json(R"([
            {"TableName": "idx", "ContributorInsightsStatus": "ENABLED",
             "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS"}])"));
        const std::string token = boost::json::serialize(first.at("NextToken"));
        CHECK(cloud.list(R"({"TableName": "idx", "MaxResults": 1, "NextToken": )" + token + "}") ==
              json(R"({"ContributorInsightsSummaries": [
                  {"TableName": "idx", "IndexName": "gsi1", "ContributorInsightsStatus": "ENABLED",
                   "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS"}]})"));
        CHECK(cloud.list("{}").at("ContributorInsightsSummaries").as_array().size() == 3);
        // Both texts are the model's, or assumed (0).
        CHECK(cloud.error("List", R"("MaxResults": 101)") ==
              "ValidationException: 1 validation error detected: Value '101' at 'maxResults' "
              "failed to satisfy constraint: Member must have value less than or equal to 100");
        CHECK(cloud.error("List", R"("MaxResults": 0)") ==
              "ValidationException: 1 validation error detected: Value '0' at 'maxResults' "
              "failed to satisfy constraint: Member must have value greater than or equal to 1");
    }
    SECTION("has words of its own for its members (ack-api-quirks DDB-TABLE-457)") {
        for (const std::string operation : {"Describe", "Update"}) {
            CHECK(cloud.error(operation, R"("TableName": "idx", "IndexName": "")") ==
                  "ValidationException: IndexName must be at least 3 characters long and at most "
                  "255 characters long");
        }
        CHECK(cloud.error("Update", R"("TableName": "idx", "ContributorInsightsMode": "")") ==
              "ValidationException: 1 validation error detected: Value '' at "
              "'contributorInsightsMode' failed to satisfy constraint: Member must satisfy enum "
              "value set: [THROTTLED_KEYS, ACCESSED_AND_THROTTLED_KEYS]");
    }
    SECTION("a deleted index takes its own along, as a table does") {
        cloud.result("dynamodb.UpdateTable", R"({"TableName": "idx",
            "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "gsi1"}}]})");
        cloud.settle();
        CHECK(cloud.list(R"({"TableName": "idx"})") ==
              json(R"({"ContributorInsightsSummaries": []})"));
        CHECK(cloud.error("Describe", R"("TableName": "idx")" + kGlobal) ==
              "ResourceNotFoundException: Requested resource not found: Index: gsi1 not found for "
              "table: idx");
        cloud.update("ENABLE");
        cloud.settle();
        cloud.result("dynamodb.DeleteTable", R"({"TableName": "env"})");
        cloud.settle();
        CHECK(cloud.list("{}") == json(R"({"ContributorInsightsSummaries": []})"));
    }
    SECTION("what is not there") {
        for (const std::string operation : {"Describe", "Update"}) {
            INFO(operation);
            for (const std::string index : {"lsi1", "nope"}) {
                CHECK(cloud.error(operation,
                                  R"("TableName": "idx", "IndexName": ")" + index + "\"") ==
                      "ResourceNotFoundException: Requested resource not found: Index: " + index +
                          " not found for table: idx");
            }
        }
        for (const std::string operation : {"Describe", "Update", "List"}) {
            INFO(operation);
            CHECK(cloud.error(operation, R"("TableName": "gone")") ==
                  "ResourceNotFoundException: Requested resource not found: Table: gone not found");
        }
    }
}

TEST_CASE("Contributor Insights wait for tables and indexes that are made",
          "[dynamodb][insights]") {
    Insights cloud;
    const std::string refused =
        "ValidationException: Table or Index is not in a valid state to update Key Access "
        "Insights: ";
    cloud.slowly();
    cloud.make_with_indexes();
    const std::string table = R"("TableName": "idx")";
    const std::string added = table + R"(, "IndexName": "gsi2")";
    for (const std::string& what : {table, table + kGlobal}) {
        INFO(what);
        CHECK(cloud.error("Update", what) ==
              refused + "TableStatus must be ACTIVE to enable ContributorInsights.");
        CHECK(cloud.error("Describe", what) == "none");
    }
    cloud.advance(std::chrono::seconds(16));
    CHECK(cloud.error("Update", table) == "none");

    cloud.result("dynamodb.UpdateTable", R"({"TableName": "idx",
        "AttributeDefinitions": [{"AttributeName": "s", "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "gsi2",
            "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [{"AttributeName": "s", "KeyType": "HASH"}]}}]})");
    const std::string not_found =
        "ResourceNotFoundException: Requested resource not found: Index: gsi2 not found for "
        "table: idx";
    CHECK(cloud.error("Update", added) == not_found);
    CHECK(cloud.error("Describe", added) == not_found);
    CHECK(cloud.error("Update", table) == "none");
    cloud.advance(std::chrono::seconds(31));
    CHECK(cloud.error("Update", added) ==
          refused + "IndexStatus must be ACTIVE to enable ContributorInsights.");
    CHECK(cloud.error("Describe", added) == "none");
    cloud.advance(std::chrono::seconds(480));
    CHECK(cloud.error("Update", added) == "none");

    // A table that goes still has them.
    cloud.result("dynamodb.DeleteTable", R"({"TableName": "idx"})");
    CHECK(cloud.described("idx").at("ContributorInsightsStatus") == "ENABLED");
    CHECK(cloud.update("DISABLE", "idx").at("ContributorInsightsStatus") == "DISABLING");
    cloud.advance(std::chrono::seconds(6));
    CHECK(cloud.error("Describe", table).starts_with("ResourceNotFoundException"));
}

TEST_CASE("Contributor Insights fail when CloudWatch has no room for their rules",
          "[dynamodb][insights]") {
    Insights cloud;
    cloud.update("ENABLE");
    for (int number = 10; number < 34; ++number) {
        cloud.make("r" + std::to_string(number), "s");
        cloud.update("ENABLE", "r" + std::to_string(number));
    }
    cloud.make("last", "s");
    cloud.settle();
    REQUIRE(count_rules(cloud.described("r10")) == 4);
    CHECK(cloud.described("r10").at("ContributorInsightsRuleList") ==
          json(R"(["DynamoDBContributorInsights-PKC-r10-1488326400000",
                   "DynamoDBContributorInsights-SKC-r10-1488326400000",
                   "DynamoDBContributorInsights-PKT-r10-1488326400000",
                   "DynamoDBContributorInsights-SKT-r10-1488326400000"])"));
    // 98 of 100 rules are there; this needs four.
    CHECK(cloud.update("ENABLE", "last").at("ContributorInsightsStatus") == "ENABLING");
    cloud.settle();
    CHECK(cloud.described("last") ==
          json(R"({"TableName": "last", "ContributorInsightsStatus": "FAILED",
        "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS", "LastUpdateDateTime": 1488326400000,
        "FailureException": {"ExceptionName": "LimitExceededException",
            "ExceptionDescription": "Amazon CloudWatch Contributor Insights rule limit reached. )"
               R"(Please disable Contributor Insights for other tables/indexes OR disable other )"
               R"(CloudWatch Contributor Insights rules before retrying."}})"));
    CHECK(cloud.list(R"({"TableName": "last"})")
              .at_pointer("/ContributorInsightsSummaries/0/ContributorInsightsStatus") == "FAILED");

    SECTION("fewer rules fit") {
        cloud.update("ENABLE", "last", kThrottled);
        cloud.settle();
        CHECK(count_rules(cloud.described("last")) == 2);
        CHECK_FALSE(cloud.described("last").as_object().contains("FailureException"));
    }
    SECTION("it stays until it is enabled again") {
        cloud.update("DISABLE", "r10");
        cloud.settle();
        CHECK(cloud.described("last").at("ContributorInsightsStatus") == "FAILED");
        cloud.update("ENABLE", "last");
        cloud.settle();
        CHECK(count_rules(cloud.described("last")) == 4);
    }
    SECTION("or disabled") {
        cloud.slowly();
        CHECK(cloud.update("DISABLE", "last").at("ContributorInsightsStatus") == "DISABLING");
        CHECK(cloud.described("last").as_object().contains("FailureException"));
        cloud.advance(std::chrono::seconds(2));
        CHECK(cloud.described("last").at("ContributorInsightsStatus") == "DISABLED");
        CHECK_FALSE(cloud.described("last").as_object().contains("FailureException"));
    }
}

TEST_CASE("Pages of Contributor Insights go on after what is gone", "[dynamodb]") {
    Insights cloud;
    for (const std::string name : {"one", "three", "two"}) cloud.make(name);
    for (const std::string name : {"env", "one", "three", "two"}) cloud.update("ENABLE", name);
    cloud.settle();
    const auto names = [](const boost::json::value& page) {
        std::string all;
        for (const auto& each : page.at("ContributorInsightsSummaries").as_array()) {
            all += std::string(each.at("TableName").as_string()) + " ";
        }
        return all;
    };
    const auto first = cloud.list(R"({"MaxResults": 2})");
    CHECK(names(first) == "env one ");
    const std::string rest =
        R"({"NextToken": )" + boost::json::serialize(first.at("NextToken")) + "}";
    CHECK(names(cloud.list(rest)) == "three two ");
    cloud.update("DISABLE", "one");
    cloud.settle();
    CHECK(names(cloud.list(rest)) == "three two ");
    cloud.result("dynamodb.DeleteTable", R"({"TableName": "one"})");
    cloud.settle();
    CHECK(names(cloud.list(rest)) == "three two ");
    CHECK(error_of(cloud.call("dynamodb.ListContributorInsights", R"({"NextToken": "?"})"))
              .starts_with("ValidationException: "));
}

}  // namespace sbemu
