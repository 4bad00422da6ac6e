// CloudWatch Logs: groups and streams.
// Answers as in recorded/logs/test_logs_{groups,streams}.snapshot.json.
#include <catch2/catch.hpp>

#include "tests/test_cloud.h"

namespace sbemu {

namespace {

// The members of the entries, joined: "one two".
std::string names_in(const boost::json::value& list, std::string_view member) {
    std::string text;
    for (const auto& entry : list.as_array()) {
        text += (text.empty() ? "" : " ") + std::string(entry.at(member).as_string());
    }
    return text;
}

void put_event(TestCloud& cloud, const std::string& stream, std::int64_t timestamp) {
    cloud.result("logs.PutLogEvents", R"({"logGroupName": "g", "logStreamName": ")" + stream +
                                          R"(", "logEvents": [{"message": "m", "timestamp": )" +
                                          std::to_string(timestamp) + "}]}");
}

}  // namespace

TEST_CASE("CreateLogGroup", "[logs]") {
    TestCloud cloud;
    CHECK(cloud.result("logs.CreateLogGroup", R"({"logGroupName": "g"})") == json("{}"));
    CHECK(error_of(cloud.call("logs.CreateLogGroup", R"({"logGroupName": "g"})")) ==
          "ResourceAlreadyExistsException: The specified log group already exists");

    SECTION("keeps regions apart") {
        cloud.caller.region = "eu-west-1";
        CHECK(cloud.result("logs.DescribeLogGroups").at("logGroups") == json("[]"));
        CHECK(error_of(cloud.call("logs.CreateLogGroup", R"({"logGroupName": "g"})")) == "none");
    }

    SECTION("names what it does not do") {
        CHECK(error_of(cloud.call("logs.CreateLogGroup", R"({"logGroupName": "h",
                  "kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/a"})")) ==
              "NotImplemented: sbemu does not implement log groups encrypted by kmsKeyId yet.");
        CHECK(error_of(cloud.call("logs.CreateLogGroup", R"({"logGroupName": "h",
                  "logGroupClass": "INFREQUENT_ACCESS"})")) ==
              "NotImplemented: sbemu does not implement log groups of logGroupClass "
              "INFREQUENT_ACCESS yet.");
    }
}

TEST_CASE("DescribeLogGroups", "[logs]") {
    TestCloud cloud;
    for (const char* name : {"/aws/lambda/b", "/aws/lambda/a", "other"}) {
        cloud.result("logs.CreateLogGroup", R"({"logGroupName": ")" + std::string(name) + "\"}");
    }

    SECTION("describes a group") {
        CHECK(cloud.result("logs.DescribeLogGroups", R"({"logGroupNamePrefix": "other"})") ==
              json(R"({"logGroups": [{"logGroupName": "other", "creationTime": 1488326400000,
                  "arn": "arn:aws:logs:us-east-1:123456789012:log-group:other:*",
                  "logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:other",
                  "logGroupClass": "STANDARD", "metricFilterCount": 0, "storedBytes": 0,
                  "deletionProtectionEnabled": false}]})"));
    }

    SECTION("leaves out what a search by pattern does not know") {
        const auto found =
            cloud.result("logs.DescribeLogGroups", R"({"logGroupNamePattern": "lambda/b"})");
        CHECK(names_in(found.at("logGroups"), "logGroupName") == "/aws/lambda/b");
        CHECK_FALSE(found.at("logGroups").at(0).as_object().contains("storedBytes"));
    }

    SECTION("selects, sorts and pages") {
        const auto first = cloud.result("logs.DescribeLogGroups", R"({"limit": 2})");
        CHECK(names_in(first.at("logGroups"), "logGroupName") == "/aws/lambda/a /aws/lambda/b");
        const auto rest =
            cloud.result("logs.DescribeLogGroups",
                         R"({"nextToken": )" + boost::json::serialize(first.at("nextToken")) + "}");
        CHECK(names_in(rest.at("logGroups"), "logGroupName") == "other");
        CHECK_FALSE(rest.as_object().contains("nextToken"));
        CHECK(error_of(cloud.call("logs.DescribeLogGroups", R"({"nextToken": "x"})")) ==
              "InvalidParameterException: The specified nextToken is invalid.");
    }

    SECTION("refuses prefix and pattern together") {
        CHECK(error_of(cloud.call("logs.DescribeLogGroups", R"({"logGroupNamePrefix": "a",
                  "logGroupNamePattern": "b"})")) ==
              "InvalidParameterException: LogGroup name prefix and LogGroup name pattern are "
              "mutually exclusive parameters.");
    }
}

TEST_CASE("PutRetentionPolicy", "[logs]") {
    TestCloud cloud;
    cloud.result("logs.CreateLogGroup", R"({"logGroupName": "g"})");
    cloud.result("logs.PutRetentionPolicy", R"({"logGroupName": "g", "retentionInDays": 7})");
    const auto group = [&] { return cloud.result("logs.DescribeLogGroups").at("logGroups").at(0); };
    CHECK(group().at("retentionInDays") == 7);
    CHECK(error_of(cloud.call("logs.PutRetentionPolicy",
                              R"({"logGroupName": "g", "retentionInDays": 8})"))
              .starts_with("InvalidParameterException: 1 validation error detected: Value '8' at "
                           "'retentionInDays' failed to satisfy constraint: "));
    cloud.result("logs.DeleteRetentionPolicy", R"({"logGroupName": "g"})");
    CHECK_FALSE(group().as_object().contains("retentionInDays"));
}

TEST_CASE("Tags of log groups", "[logs]") {
    TestCloud cloud;
    cloud.result("logs.CreateLogGroup", R"({"logGroupName": "g", "tags": {"env": "testing1"}})");
    const std::string resource =
        R"("resourceArn": "arn:aws:logs:us-east-1:123456789012:log-group:g")";
    cloud.result("logs.TagResource", "{" + resource + R"(, "tags": {"test1": "val1"}})");
    cloud.result("logs.TagLogGroup", R"({"logGroupName": "g", "tags": {"test2": "val2"}})");
    CHECK(cloud.result("logs.ListTagsForResource", "{" + resource + "}") ==
          json(R"({"tags": {"env": "testing1", "test1": "val1", "test2": "val2"}})"));
    cloud.result("logs.UntagLogGroup", R"({"logGroupName": "g", "tags": ["env"]})");
    cloud.result("logs.UntagResource", "{" + resource + R"(, "tagKeys": ["test1"]})");
    CHECK(cloud.result("logs.ListTagsLogGroup", R"({"logGroupName": "g"})") ==
          json(R"({"tags": {"test2": "val2"}})"));
}

TEST_CASE("CreateLogStream", "[logs]") {
    TestCloud cloud;
    cloud.result("logs.CreateLogGroup", R"({"logGroupName": "g"})");
    const auto request = R"({"logGroupName": "g", "logStreamName": "2017/03/01/[$LATEST]a"})";
    CHECK(cloud.result("logs.CreateLogStream", request) == json("{}"));
    CHECK(error_of(cloud.call("logs.CreateLogStream", request)) ==
          "ResourceAlreadyExistsException: The specified log stream already exists");
    CHECK(error_of(cloud.call("logs.CreateLogStream",
                              R"({"logGroupName": "none", "logStreamName": "a"})")) ==
          "ResourceNotFoundException: The specified log group does not exist.");
}

TEST_CASE("DescribeLogStreams", "[logs]") {
    TestCloud cloud;
    cloud.result("logs.CreateLogGroup", R"({"logGroupName": "g"})");
    for (const char* name : {"b", "a", "ab"}) {
        cloud.result("logs.CreateLogStream",
                     R"({"logGroupName": "g", "logStreamName": ")" + std::string(name) + "\"}");
    }

    SECTION("describes a stream") {
        const auto request = R"({"logGroupName": "g", "logStreamNamePrefix": "b"})";
        CHECK(cloud.result("logs.DescribeLogStreams", request) ==
              json(R"({"logStreams": [{"logStreamName": "b", "creationTime": 1488326400000,
                  "storedBytes": 0,
                  "arn": "arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:b"}]})"));
        put_event(cloud, "b", 1488326399000);
        const auto stream = cloud.result("logs.DescribeLogStreams", request).at("logStreams").at(0);
        CHECK(stream.at("firstEventTimestamp") == 1488326399000);
        CHECK(stream.at("lastEventTimestamp") == 1488326399000);
        CHECK(stream.at("lastIngestionTime") == 1488326400000);
        CHECK(stream.at("uploadSequenceToken").as_string().size() == 56);
    }

    SECTION("sorts") {
        put_event(cloud, "a", 1488326399000);
        put_event(cloud, "b", 1488326398000);
        auto [order, names] = GENERATE(table<std::string, std::string>({
            {"", "a ab b"},
            {R"(, "descending": true)", "b ab a"},
            {R"(, "orderBy": "LastEventTime")", "ab b a"},
            {R"(, "orderBy": "LastEventTime", "descending": true)", "a b ab"},
            {R"(, "logStreamNamePrefix": "a")", "a ab"},
        }));
        const auto found =
            cloud.result("logs.DescribeLogStreams", R"({"logGroupName": "g")" + order + "}");
        CHECK(names_in(found.at("logStreams"), "logStreamName") == names);
    }

    SECTION("takes the group's ARN without its star, as AWS does") {
        // moto, aws_verified test_describe_log_streams_using_arn.
        const std::string arn = "arn:aws:logs:us-east-1:123456789012:log-group:g";
        const auto describe = [&](const std::string& identifier) {
            return cloud.call("logs.DescribeLogStreams",
                              R"({"logGroupIdentifier": ")" + identifier + "\"}");
        };
        const Applied found = describe(arn);
        REQUIRE(error_of(found) == "none");
        CHECK(std::get<Outcome>(found.answer).result.at("logStreams").as_array().size() == 3);
        CHECK(error_of(describe(arn + ":*")) ==
              "InvalidParameterException: 1 validation error detected: Value '" + arn +
                  ":*' at 'logGroupIdentifier' failed to satisfy constraint: Member must satisfy "
                  "regular expression pattern: [\\w#+=/:,.@-]*");
    }

    SECTION("refuses") {
        auto [request, error] = GENERATE(table<std::string, std::string>({
            {R"({"logGroupName": "g", "logGroupIdentifier": "g"})",
             "ValidationException: LogGroup name and LogGroup ARN are mutually exclusive "
             "parameters."},
            {R"({"logGroupName": "none"})",
             "ResourceNotFoundException: The specified log group does not exist."},
            {R"({"logGroupName": "g", "orderBy": "LastEventTime", "logStreamNamePrefix": "a"})",
             "InvalidParameterException: Cannot order by LastEventTime with a "
             "logStreamNamePrefix."},
        }));
        CHECK(error_of(cloud.call("logs.DescribeLogStreams", request)) == error);
    }
}

TEST_CASE("DeleteLogGroup and DeleteLogStream take their events with them", "[logs]") {
    TestCloud cloud;
    const auto make = [&] {
        cloud.call("logs.CreateLogGroup", R"({"logGroupName": "g"})");
        cloud.result("logs.CreateLogStream", R"({"logGroupName": "g", "logStreamName": "a"})");
    };
    make();
    put_event(cloud, "a", 1488326400000);
    const bool whole = GENERATE(true, false);
    cloud.result(whole ? "logs.DeleteLogGroup" : "logs.DeleteLogStream",
                 R"({"logGroupName": "g", "logStreamName": "a"})");
    CHECK(error_of(cloud.call("logs.DeleteLogStream",
                              R"({"logGroupName": "g", "logStreamName": "a"})")) ==
          "ResourceNotFoundException: The specified log " +
              std::string(whole ? "group" : "stream") + " does not exist.");
    make();
    CHECK(cloud.result("logs.FilterLogEvents", R"({"logGroupName": "g"})").at("events") ==
          json("[]"));
}

}  // namespace sbemu
