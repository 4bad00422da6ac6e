// The configuration wrapper (facts/streambot.md 4.4, 4.5) and the example service under it.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "handlers/example/example.h"
#include "handlers/streambot/streambot.h"
#include "tests/streambot_fake_aws.h"

namespace json = boost::json;
namespace sbemu::streambot_test {
using sbemu::lambda_runtime::Aws;
using sbemu::lambda_runtime::Context;
using sbemu::lambda_runtime::HandlerError;
using sbemu::streambot::with_configuration;

namespace {

std::string row(const std::string& env) {
    json::object item;
    item["name"] = {{"S", "the-handler"}};
    item["env"] = {{"S", env}};
    return json::serialize(json::object{{"Item", item}});
}

sbemu::lambda_runtime::Service counting(int& calls) {
    return [&calls](const json::value& event, Context&, Aws&) {
        ++calls;
        return event;
    };
}

const std::string kConfiguration =
    R"({"EventBucket":"mapbox","EventBucketRegion":"us-east-1","EventPrefix":"example-records/x"})";

// A Kinesis batch (lambda.md 2.1); "dGVzdCAA/w==" is "test ", a NUL and 0xFF.
json::value kinesis_event() {
    return json::parse(R"({"Records": [
        {"kinesis": {"sequenceNumber": "4957", "partitionKey": "a", "data": "dGVzdCAA/w=="},
         "eventSource": "aws:kinesis"},
        {"kinesis": {"sequenceNumber": "4958", "partitionKey": "a", "data": ""}}]})");
}

}  // namespace

TEST_CASE("with_configuration", "[streambot][configuration]") {
    FakeAws aws;
    Sandbox sandbox;
    int calls = 0;
    const auto service = with_configuration(counting(calls));

    SECTION("reads the row of its own name in the region of its ARN and sets every variable") {
        aws.answer("GetItem", row(R"({"A":"1","Empty":"","Number":5,"Nested":{"x":["y"]}})"));
        CHECK(service(json::parse(R"({"k":1})"), sandbox.context, aws) ==
              json::parse(R"({"k":1})"));
        CHECK(aws.calls ==
              std::vector<std::string>{
                  R"(dynamodb eu-west-1 GetItem )"
                  R"({"TableName":"streambot-env","Key":{"name":{"S":"the-handler"}}})"});
        CHECK(sandbox.environment ==
              std::map<std::string, std::string>{
                  {"A", "1"}, {"Empty", ""}, {"Number", "5"}, {"Nested", R"({"x":["y"]})"}});
        CHECK(calls == 1);
    }
    SECTION("reads again before each invocation") {
        aws.answer("GetItem", row(R"({"A":"1"})"));
        aws.answer("GetItem", row(R"({"A":"2"})"));
        service(nullptr, sandbox.context, aws);
        service(nullptr, sandbox.context, aws);
        CHECK(sandbox.environment["A"] == "2");
        CHECK(calls == 2);
    }
    SECTION("calls the service without a row too, and says so") {
        service(nullptr, sandbox.context, aws);
        CHECK(calls == 1);
        CHECK(sandbox.environment.empty());
        CHECK(sandbox.has_logged("No environment found!"));
    }
    SECTION("fails the invocation when the row cannot be read") {
        aws.fail("GetItem", AwsError("AccessDeniedException", "not authorized", 400));
        CHECK_THROWS_AS(service(nullptr, sandbox.context, aws), AwsError);
        CHECK(calls == 0);
        CHECK(
            sandbox.has_logged("[error] Failed to load environment in eu-west-1: not authorized"));
    }
    SECTION("fails the invocation when the row is not what env writes") {
        const auto reply =
            GENERATE(as<std::string>(), R"({"Item":{"name":{"S":"the-handler"}}})",
                     R"({"Item":{"env":{"N":"1"}}})", R"({"Item":{"env":{"S":"[]"}}})",
                     R"({"Item":{"env":{"S":"{oops"}}})");
        aws.answer("GetItem", reply);
        CHECK_THROWS_AS(service(nullptr, sandbox.context, aws), HandlerError);
        CHECK(calls == 0);
    }
    SECTION("names a key that cannot be a variable and goes on") {
        aws.answer("GetItem", row(R"({"a=b":"1","B":"2"})"));
        service(nullptr, sandbox.context, aws);
        CHECK(sandbox.has_logged("a=b cannot be the name of a variable"));
        CHECK(sandbox.environment.at("B") == "2");
    }
    SECTION("logs the start time and the MD5 of the event's JSON, however it was spaced") {
        sandbox.context.event_text = "{ \"a\" : \"x y\\\" z\",\n\t\"t\" : 1480641523.477 }";
        service(json::parse(sandbox.context.event_text), sandbox.context, aws);
        CHECK(sandbox.log.at(0) == "Start time: 2026-11-22T08:26:40.123Z");
        // printf '%s' '{"a":"x y\" z","t":1480641523.477}' | md5sum
        CHECK(sandbox.log.at(1) == "Event md5: 138674c9c640e9ed49f29a12bbac53c1");
    }
}

TEST_CASE("The example service", "[streambot][example]") {
    FakeAws aws;
    Sandbox sandbox;
    const auto service = with_configuration(sbemu::example::store_records);

    SECTION("stores the decoded bytes of each record under its sequence number") {
        aws.answer("GetItem", row(kConfiguration));
        service(kinesis_event(), sandbox.context, aws);
        REQUIRE(aws.calls.size() == 3);
        const json::object first{{"Bucket", "mapbox"},
                                 {"Key", "example-records/x/4957"},
                                 {"Body", std::string("test \0\xFF", 7)}};
        CHECK(aws.calls[1] == "s3 us-east-1 PutObject " + json::serialize(first));
        CHECK(aws.calls[2] == R"(s3 us-east-1 PutObject )"
                              R"({"Bucket":"mapbox","Key":"example-records/x/4958","Body":""})");
    }
    SECTION("fails the batch when S3 refuses, so that it is delivered again") {
        aws.answer("GetItem", row(kConfiguration));
        aws.fail("PutObject", AwsError("NoSuchBucket", "no such bucket", 404));
        CHECK_THROWS_AS(service(kinesis_event(), sandbox.context, aws), AwsError);
    }
    SECTION("names the variable that is missing") {
        aws.answer("GetItem", row(R"({"EventBucket":"mapbox","EventPrefix":"x"})"));
        CHECK_THROWS_WITH(service(kinesis_event(), sandbox.context, aws),
                          "EventBucketRegion is not configured");
    }
    SECTION("refuses an event of another kind before it stores anything") {
        const auto event =
            GENERATE(as<std::string>(), "{}", "[]", R"({"Records":[{}]})",
                     R"({"Records":[{"kinesis":{"sequenceNumber":"1","data":"?"}}]})");
        aws.answer("GetItem", row(kConfiguration));
        CHECK_THROWS_AS(service(json::parse(event), sandbox.context, aws), HandlerError);
        CHECK(aws.calls.size() == 1);
    }
}

TEST_CASE("service_of", "[streambot]") {
    CHECK(sbemu::streambot::service_of("index.env"));
    CHECK(sbemu::streambot::service_of("index.connector"));
    CHECK_FALSE(sbemu::streambot::service_of("index.handler"));
    CHECK_FALSE(sbemu::streambot::service_of(""));
}

}  // namespace sbemu::streambot_test
