// connector: facts/streambot.md 4.3, 4.5 and its last section; lambda.md 1.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "handlers/streambot/function_reference.h"
#include "handlers/streambot/streambot.h"
#include "tests/streambot_fake_aws.h"

namespace json = boost::json;
namespace sbemu::streambot_test {
using sbemu::streambot::connector;

namespace {

using Calls = std::vector<std::string>;

const std::string kStream = "arn:aws:kinesis:us-east-1:123456789012:stream/ex-Stream";
const std::string kUuid = "14e0db71-5d35-4eb5-b481-8945cf9d10c2";
const std::string kOtherUuid = "7a1cbb0e-4c0f-4a53-b7ad-0c2f0f3c9ad1";
const std::string kLogStreamId = "2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef";

std::string properties(const std::string& more = "", const std::string& function = "fn-1") {
    return R"({"ServiceToken": "arn:aws:lambda:x", "FunctionRegion": "us-east-1",
               "FunctionName": ")" +
           function + R"(", "StreamArn": ")" + kStream + "\"" + (more.empty() ? "" : ", " + more) +
           "}";
}

json::value event(const std::string& type, const std::string& resource_properties,
                  const std::string& id = "", const std::string& old_properties = "") {
    std::string rest = id.empty() ? "" : R"("PhysicalResourceId": ")" + id + "\"";
    if (!old_properties.empty()) rest += R"(, "OldResourceProperties": )" + old_properties;
    return custom_resource_event(type, resource_properties, rest);
}

std::string list_call(const std::string& function = "fn-1") {
    return R"(lambda us-east-1 ListEventSourceMappings {"EventSourceArn":")" + kStream +
           R"(","FunctionName":")" + function + R"("})";
}

std::string create_call(const std::string& settings) {
    return "lambda us-east-1 CreateEventSourceMapping {\"FunctionName\":\"fn-1\"," + settings +
           R"(,"EventSourceArn":")" + kStream + R"("})";
}

std::string delete_call(const std::string& uuid) {
    return R"(lambda us-east-1 DeleteEventSourceMapping {"UUID":")" + uuid + R"("})";
}

// A page of the list with mappings of the function.
std::string page(const Calls& uuids, const std::string& function = "fn-1",
                 const std::string& more = "") {
    std::string entries;
    for (const std::string& uuid : uuids) {
        if (!entries.empty()) entries += ',';
        entries.append(R"({"UUID":")").append(uuid);
        entries.append(R"(","State":"Enabled","FunctionArn":)");
        entries.append(R"("arn:aws:lambda:us-east-1:123456789012:function:)");
        entries.append(function).append(R"("})");
    }
    return R"({"EventSourceMappings":[)" + entries + "]" + more + "}";
}

std::string uuid_reply(const std::string& uuid) { return R"({"UUID":")" + uuid + R"("})"; }

const AwsError kNotFound("ResourceNotFoundException", "The resource you requested does not exist.",
                         404);

}  // namespace

TEST_CASE("connector Create", "[streambot][connector]") {
    FakeAws aws;
    Sandbox sandbox;
    SECTION("makes a mapping with the defaults and is called by its UUID") {
        aws.answer("CreateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Create", properties()), sandbox.context, aws);
        CHECK(aws.calls == Calls{list_call(), create_call(R"("BatchSize":100,"Enabled":true,)"
                                                          R"("StartingPosition":"TRIM_HORIZON")")});
        CHECK(text(aws.response(), "Status") == "SUCCESS");
        CHECK(text(aws.response(), "Reason").empty());
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
        CHECK(aws.response().at("Data") == json::parse(uuid_reply(kUuid)));
    }
    SECTION("takes what CloudFormation sends as strings") {
        aws.answer("CreateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Create", properties(R"("BatchSize": "1", "Enabled": "false",
                                               "StartingPosition": "LATEST")")),
                  sandbox.context, aws);
        CHECK(aws.calls.at(1) ==
              create_call(R"("BatchSize":1,"Enabled":false,"StartingPosition":"LATEST")"));
    }
    SECTION("takes numbers and booleans too") {
        aws.answer("CreateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Create", properties(R"("BatchSize": 7, "Enabled": true)")),
                  sandbox.context, aws);
        CHECK(aws.calls.at(1) ==
              create_call(R"("BatchSize":7,"Enabled":true,"StartingPosition":"TRIM_HORIZON")"));
    }
    SECTION("updates the first mapping when there is one") {
        aws.answer("ListEventSourceMappings", page({kUuid, kOtherUuid}));
        aws.answer("UpdateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Create", properties(R"("BatchSize": "1")")), sandbox.context, aws);
        CHECK(aws.calls.at(1) == R"(lambda us-east-1 UpdateEventSourceMapping )"
                                 R"({"FunctionName":"fn-1","BatchSize":1,"Enabled":true,"UUID":")" +
                                     kUuid + R"("})");
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
        CHECK(aws.response().at("Data") == json::parse(uuid_reply(kUuid)));
    }
    SECTION("passes over a mapping that is being deleted or has another qualifier") {
        aws.answer("ListEventSourceMappings",
                   R"({"EventSourceMappings":[{"UUID":"gone","State":"Deleting"},
                       {"UUID":"prod","State":"Enabled","FunctionArn":
                        "arn:aws:lambda:us-east-1:123456789012:function:fn-1:prod"}]})");
        aws.answer("CreateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Create", properties()), sandbox.context, aws);
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
    }
    SECTION("reads the list to its end") {
        aws.answer("ListEventSourceMappings", page({}, "fn-1", R"(,"NextMarker":"m1")"));
        aws.answer("ListEventSourceMappings", page({kUuid}));
        aws.answer("UpdateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Create", properties()), sandbox.context, aws);
        CHECK(aws.calls.at(1).find(R"("Marker":"m1")") != std::string::npos);
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
    }
    SECTION("knows the mapping that its own lost first try has made") {
        AwsError conflict("ResourceConflictException", "mapping already exists", 409);
        conflict.attempts = 2;
        aws.fail("CreateEventSourceMapping", conflict);
        aws.answer("ListEventSourceMappings", page({}));
        aws.answer("ListEventSourceMappings", page({kUuid}));
        connector(event("Create", properties()), sandbox.context, aws);
        CHECK(text(aws.response(), "Status") == "SUCCESS");
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
    }
}

TEST_CASE("connector Create that fails", "[streambot][connector]") {
    FakeAws aws;
    Sandbox sandbox;
    SECTION("says so when a required property is missing") {
        const auto missing =
            GENERATE(as<std::string>(), "FunctionRegion", "FunctionName", "StreamArn");
        json::object incomplete = json::parse(properties()).as_object();
        incomplete.erase(missing);
        connector(event("Create", json::serialize(incomplete)), sandbox.context, aws);
        CHECK(aws.calls.empty());
        CHECK(text(aws.response(), "Status") == "FAILED");
        CHECK(text(aws.response(), "Reason") == "Invalid StreambotConnector parameters");
    }
    SECTION("names a property it cannot read, before any call") {
        const auto [property, reason] = GENERATE(table<std::string, std::string>({
            {R"("BatchSize": "many")", R"(BatchSize "many" is not a number)"},
            {R"("BatchSize": "1x")", R"(BatchSize "1x" is not a number)"},
            {R"("BatchSize": ["1"])", R"(BatchSize ["1"] is not a number)"},
            {R"("Enabled": "maybe")", R"(Enabled "maybe" is not true or false)"},
            {R"("Enabled": null)", R"(Enabled null is not true or false)"},
        }));
        connector(event("Create", properties(property)), sandbox.context, aws);
        CHECK(aws.calls.empty());
        CHECK(text(aws.response(), "Reason") == "Invalid StreambotConnector parameters: " + reason);
    }
    SECTION("gives AWS's message, whichever call was refused") {
        const auto operation =
            GENERATE(as<std::string>(), "ListEventSourceMappings", "CreateEventSourceMapping");
        aws.fail(operation, AwsError("TooManyRequestsException", "Rate exceeded", 429));
        connector(event("Create", properties()), sandbox.context, aws);
        CHECK(text(aws.response(), "Status") == "FAILED");
        CHECK(text(aws.response(), "Reason") == "Rate exceeded");
        CHECK(aws.response().at("Data").is_null());
    }
    SECTION("by a conflict on the first try stays a failure") {
        aws.fail("CreateEventSourceMapping", AwsError("ResourceConflictException", "exists", 409));
        connector(event("Create", properties()), sandbox.context, aws);
        CHECK(text(aws.response(), "Reason") == "exists");
        CHECK(aws.calls.size() == 2);
    }
    SECTION("owns nothing: the Delete of its id leaves the mapping of somebody else alone") {
        aws.answer("ListEventSourceMappings", page({kUuid}));
        aws.fail("UpdateEventSourceMapping", AwsError("AccessDeniedException", "no", 403));
        connector(event("Create", properties()), sandbox.context, aws);
        const std::string id = text(aws.response(), "PhysicalResourceId");
        FakeAws later;
        connector(event("Delete", properties(), id), sandbox.context, later);
        CHECK(later.calls.empty());
        CHECK(text(later.response(), "Status") == "SUCCESS");
    }
}

TEST_CASE("connector Update", "[streambot][connector]") {
    FakeAws aws;
    Sandbox sandbox;
    SECTION("changes the mapping and keeps the id it is given, whatever its form") {
        const std::string id =
            GENERATE(as<std::string>(), kUuid, std::string("anything"), kLogStreamId);
        aws.answer("ListEventSourceMappings", page({kUuid}));
        aws.answer("UpdateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Update", properties(R"("BatchSize": "5")"), id, properties()),
                  sandbox.context, aws);
        CHECK(aws.calls.at(1).find(R"("BatchSize":5)") != std::string::npos);
        CHECK(text(aws.response(), "PhysicalResourceId") == id);
        CHECK(aws.response().at("Data") == json::parse(uuid_reply(kUuid)));
    }
    SECTION("prefers the mapping that the id names over the first") {
        aws.answer("ListEventSourceMappings", page({kOtherUuid, kUuid}));
        aws.answer("UpdateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Update", properties(), kUuid, properties()), sandbox.context, aws);
        CHECK(aws.calls.at(1).find(kUuid) != std::string::npos);
    }
    SECTION("makes a mapping when none is left, under the same id") {
        aws.answer("CreateEventSourceMapping", uuid_reply(kOtherUuid));
        connector(event("Update", properties(), kUuid, properties()), sandbox.context, aws);
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
        CHECK(aws.response().at("Data") == json::parse(uuid_reply(kOtherUuid)));
    }
    SECTION("answers the new mapping's UUID for another function or stream") {
        const auto old_properties = GENERATE(
            properties("", "fn-0"),
            std::string(R"({"FunctionRegion": "us-east-1", "FunctionName": "fn-1", "StreamArn":
                            "arn:aws:kinesis:us-east-1:123456789012:stream/old"})"));
        const std::string id = GENERATE(as<std::string>(), kUuid, kLogStreamId);
        aws.answer("CreateEventSourceMapping", uuid_reply(kOtherUuid));
        connector(event("Update", properties(), id, old_properties), sandbox.context, aws);
        CHECK(text(aws.response(), "PhysicalResourceId") == kOtherUuid);
    }
    SECTION("knows the same function under its name and its ARN") {
        const std::string arn = "arn:aws:lambda:us-east-1:123456789012:function:fn-1";
        aws.answer("ListEventSourceMappings", page({kUuid}));
        aws.answer("UpdateEventSourceMapping", uuid_reply(kUuid));
        connector(event("Update", properties("", arn), kLogStreamId, properties()), sandbox.context,
                  aws);
        CHECK(text(aws.response(), "PhysicalResourceId") == kLogStreamId);
    }
    SECTION("that fails keeps the id") {
        aws.fail("ListEventSourceMappings", AwsError("AccessDeniedException", "no", 403));
        connector(event("Update", properties(), kUuid, properties("", "fn-0")), sandbox.context,
                  aws);
        CHECK(text(aws.response(), "Status") == "FAILED");
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
    }
}

TEST_CASE("connector Delete", "[streambot][connector]") {
    FakeAws aws;
    Sandbox sandbox;
    SECTION("removes the mapping its id names and no other") {
        connector(event("Delete", properties(), kUuid), sandbox.context, aws);
        CHECK(aws.calls == Calls{delete_call(kUuid)});
        CHECK(text(aws.response(), "Status") == "SUCCESS");
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
        CHECK(aws.response().at("Data").is_null());
    }
    SECTION("of an id of the original's removes the mapping its own properties name") {
        aws.answer("ListEventSourceMappings", page({kOtherUuid}, "fn-0"));
        connector(event("Delete", properties("", "fn-0"), kLogStreamId), sandbox.context, aws);
        CHECK(aws.calls == Calls{list_call("fn-0"), delete_call(kOtherUuid)});
    }
    SECTION("finds the mapping an Update has made in place of the id's") {
        aws.fail("DeleteEventSourceMapping", kNotFound);
        aws.answer("ListEventSourceMappings", page({kOtherUuid}));
        connector(event("Delete", properties(), kUuid), sandbox.context, aws);
        CHECK(aws.calls == Calls{delete_call(kUuid), list_call(), delete_call(kOtherUuid)});
        CHECK(text(aws.response(), "Status") == "SUCCESS");
    }
    SECTION("with nothing to remove is SUCCESS") {
        aws.fail("DeleteEventSourceMapping", kNotFound);
        connector(event("Delete", properties(), kUuid), sandbox.context, aws);
        CHECK(text(aws.response(), "Status") == "SUCCESS");
    }
    SECTION("with a list that fails is SUCCESS") {
        aws.fail("ListEventSourceMappings", AwsError("AccessDeniedException", "no", 403));
        connector(event("Delete", properties(), kLogStreamId), sandbox.context, aws);
        CHECK(text(aws.response(), "Status") == "SUCCESS");
        CHECK(sandbox.has_logged("Cannot list event source mappings: AccessDeniedException: no"));
    }
    SECTION("that AWS refuses is FAILED") {
        aws.fail("DeleteEventSourceMapping", AwsError("ResourceInUseException", "in use", 400));
        connector(event("Delete", properties(), kUuid), sandbox.context, aws);
        CHECK(text(aws.response(), "Status") == "FAILED");
        CHECK(text(aws.response(), "Reason") == "in use");
        CHECK(text(aws.response(), "PhysicalResourceId") == kUuid);
    }
    SECTION("without the required properties has nothing to remove") {
        connector(event("Delete", R"({"FunctionName": "fn-1"})", "x"), sandbox.context, aws);
        CHECK(aws.calls.empty());
        CHECK(text(aws.response(), "Status") == "SUCCESS");
    }
}

TEST_CASE("connector ignores what is not CloudFormation's", "[streambot][connector]") {
    FakeAws aws;
    Sandbox sandbox;
    CHECK(connector(json::parse(R"({"ResponseURL": "https://x/"})"), sandbox.context, aws) ==
          "ERROR: Invalid CloudFormation event");
    CHECK(aws.put_urls.empty());
}

TEST_CASE("Names of functions", "[streambot][connector]") {
    // lambda.md 1.5
    const std::string arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    const auto [one, other, is_same] = GENERATE_COPY(table<std::string, std::string, bool>({
        {"f", "f", true},
        {"f", "g", false},
        {"f", arn, true},
        {"function:f", arn, true},
        {"123456789012:function:f", arn, true},
        {"999999999999:function:f", arn, false},
        {"arn:aws:lambda:eu-west-1:123456789012:function:f", arn, false},
        {"f:prod", arn, false},
        {"f:prod", arn + ":prod", true},
        {"f:1", "f:2", false},
        {"f:$LATEST", "f", false},
    }));
    INFO(one << " and " << other);
    CHECK(sbemu::streambot::is_same_function(one, other) == is_same);
    CHECK(sbemu::streambot::is_same_function(other, one) == is_same);
}

}  // namespace sbemu::streambot_test
