// env: facts/streambot.md 4.1, 4.2, 4.5 and its last section; cloudformation.md 1.6 and 1.9.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "handlers/streambot/streambot.h"
#include "tests/streambot_fake_aws.h"

namespace json = boost::json;
namespace sbemu::streambot_test {
using sbemu::streambot::env;

namespace {

constexpr const char* kProperties = R"({"ServiceToken": "arn:aws:lambda:x", "FunctionName": "fn-1",
    "EventBucket": "mapbox", "EventPrefix": "caf\u00e9/x", "Nested": {"list": ["1", "true"]}})";
constexpr const char* kVariables =
    R"({"EventBucket":"mapbox","EventPrefix":"café/x","Nested":{"list":["1","true"]}})";

// What PutItem is called with for `kVariables`.
std::string put_item_call(const std::string& name) {
    json::object item;
    item["name"] = {{"S", name}};
    item["env"] = {{"S", kVariables}};
    json::object params{{"TableName", "streambot-env"}, {"Item", item}};
    return "dynamodb eu-west-1 PutItem " + json::serialize(params);
}

const std::string kDeleteItemCall =
    R"(dynamodb eu-west-1 DeleteItem {"TableName":"streambot-env","Key":{"name":{"S":"fn-1"}}})";

std::string id_member(const std::string& id) { return R"("PhysicalResourceId": ")" + id + R"(")"; }

const std::string kLogStreamId = "2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef";

}  // namespace

TEST_CASE("env Create", "[streambot][env]") {
    FakeAws aws;
    Sandbox sandbox;
    const json::value event = custom_resource_event("Create", kProperties);

    SECTION("writes every other property as one JSON text, in the event's order and region") {
        env(event, sandbox.context, aws);
        CHECK(aws.calls == std::vector<std::string>{put_item_call("fn-1")});
    }
    SECTION("answers SUCCESS with the row as physical id, in the original's order of members") {
        const json::value result = env(event, sandbox.context, aws);
        CHECK(aws.put_urls ==
              std::vector<std::string>{std::string(event.at("ResponseURL").as_string())});
        CHECK(aws.put_bodies.at(0) ==
              R"({"Status":"SUCCESS","Reason":"","PhysicalResourceId":"streambot-env/fn-1",)"
              R"("StackId":"arn:aws:cloudformation:eu-west-1:123456789012:stack/ex/1111",)"
              R"("LogicalResourceId":"Config","RequestId":"aaaa-bbbb","Data":null})");
        CHECK(result == json::value(aws.put_bodies.at(0)));
    }
    SECTION("logs neither the URL's signature nor nothing") {
        env(event, sandbox.context, aws);
        CHECK(sandbox.has_logged("Create config for fn-1"));
        CHECK(sandbox.has_logged("Response status: 200"));
        CHECK_FALSE(sandbox.has_logged("Signature"));
    }
}

TEST_CASE("env Create that fails", "[streambot][env]") {
    FakeAws aws;
    Sandbox sandbox;
    SECTION("names the parameters when FunctionName is missing, empty or no text") {
        const auto properties = GENERATE(as<std::string>(), R"({"A": "1"})",
                                         R"({"FunctionName": ""})", R"({"FunctionName": ["a"]})");
        env(custom_resource_event("Create", properties), sandbox.context, aws);
        CHECK(aws.calls.empty());
        CHECK(text(aws.response(), "Status") == "FAILED");
        CHECK(text(aws.response(), "Reason") == "Invalid StreambotEnv parameters");
        CHECK_FALSE(text(aws.response(), "PhysicalResourceId").empty());
    }
    SECTION("gives AWS's message as the Reason") {
        aws.fail("PutItem", AwsError("AccessDeniedException", "User is not authorized", 400));
        env(custom_resource_event("Create", kProperties), sandbox.context, aws);
        CHECK(text(aws.response(), "Status") == "FAILED");
        CHECK(text(aws.response(), "Reason") == "User is not authorized");
        CHECK(aws.response().at("Data").is_null());
    }
    SECTION("never answers FAILED without a Reason") {
        aws.fail("PutItem", AwsError("InternalServerError", "", 500));
        env(custom_resource_event("Create", kProperties), sandbox.context, aws);
        CHECK(text(aws.response(), "Reason") ==
              "An unexpected error occurred: InternalServerError");
    }
    SECTION("keeps the body within 4096 bytes and the Reason free of control characters") {
        std::string message = "bad\n\x1B[0m ";
        while (message.size() < 5000) message += "é";
        aws.fail("PutItem", AwsError("ValidationException", message, 400));
        env(custom_resource_event("Create", kProperties), sandbox.context, aws);
        CHECK(aws.put_bodies.at(0).size() <= 4096);
        CHECK(aws.put_bodies.at(0).size() > 4090);
        const std::string reason = text(aws.response(), "Reason");
        CHECK(reason.rfind("bad  [0m ", 0) == 0);
        CHECK(reason.substr(reason.size() - 2) == "é");
    }
    SECTION("owns nothing: the Delete of its id removes no row") {
        aws.fail("PutItem", AwsError("AccessDeniedException", "no", 400));
        env(custom_resource_event("Create", kProperties), sandbox.context, aws);
        const std::string id = text(aws.response(), "PhysicalResourceId");
        FakeAws later;
        env(custom_resource_event("Delete", kProperties, id_member(id)), sandbox.context, later);
        CHECK(later.calls.empty());
        CHECK(text(later.response(), "Status") == "SUCCESS");
        CHECK(text(later.response(), "PhysicalResourceId") == id);
    }
}

TEST_CASE("env Update", "[streambot][env]") {
    FakeAws aws;
    Sandbox sandbox;
    SECTION("writes the row and keeps the id it is given, whatever its form") {
        const std::string id =
            GENERATE(std::string("streambot-env/fn-1"), std::string("anything"), kLogStreamId);
        env(custom_resource_event(
                "Update", kProperties,
                id_member(id) + R"(, "OldResourceProperties": {"FunctionName": "fn-1"})"),
            sandbox.context, aws);
        CHECK(aws.calls == std::vector<std::string>{put_item_call("fn-1")});
        CHECK(text(aws.response(), "PhysicalResourceId") == id);
        CHECK(text(aws.response(), "Reason").empty());
    }
    SECTION("answers a new id for another function, and leaves the old row to the cleanup") {
        env(custom_resource_event(
                "Update", kProperties,
                id_member(kLogStreamId) + R"(, "OldResourceProperties": {"FunctionName": "fn-0"})"),
            sandbox.context, aws);
        CHECK(aws.calls == std::vector<std::string>{put_item_call("fn-1")});
        CHECK(text(aws.response(), "PhysicalResourceId") == "streambot-env/fn-1");
    }
    SECTION("that fails keeps the id even for another function") {
        aws.fail("PutItem", AwsError("AccessDeniedException", "no", 400));
        env(custom_resource_event("Update", kProperties,
                                  id_member("streambot-env/fn-0") +
                                      R"(, "OldResourceProperties": {"FunctionName": "fn-0"})"),
            sandbox.context, aws);
        CHECK(text(aws.response(), "Status") == "FAILED");
        CHECK(text(aws.response(), "PhysicalResourceId") == "streambot-env/fn-0");
    }
    SECTION("of an event without old properties counts as unchanged") {
        env(custom_resource_event("Update", kProperties, id_member("mine")), sandbox.context, aws);
        CHECK(text(aws.response(), "PhysicalResourceId") == "mine");
    }
}

TEST_CASE("env Delete", "[streambot][env]") {
    FakeAws aws;
    Sandbox sandbox;
    SECTION("removes the row its own properties name and echoes the id") {
        const std::string id = GENERATE(std::string("streambot-env/fn-1"), kLogStreamId);
        env(custom_resource_event("Delete", kProperties, id_member(id)), sandbox.context, aws);
        CHECK(aws.calls == std::vector<std::string>{kDeleteItemCall});
        CHECK(text(aws.response(), "Status") == "SUCCESS");
        CHECK(text(aws.response(), "PhysicalResourceId") == id);
    }
    SECTION("without FunctionName has nothing to remove, so that a refused Create rolls back") {
        env(custom_resource_event("Delete", R"({"A": "1"})", id_member("x")), sandbox.context, aws);
        CHECK(aws.calls.empty());
        CHECK(text(aws.response(), "Status") == "SUCCESS");
    }
    SECTION("that AWS refuses is FAILED with the same id") {
        aws.fail("DeleteItem", AwsError("AccessDeniedException", "no", 400));
        env(custom_resource_event("Delete", kProperties, id_member("x")), sandbox.context, aws);
        CHECK(text(aws.response(), "Status") == "FAILED");
        CHECK(text(aws.response(), "PhysicalResourceId") == "x");
    }
}

TEST_CASE("A stack made by the original keeps its row when ours take over", "[streambot][env]") {
    Sandbox sandbox;
    // Ours update it without a change of function: no new id, so CloudFormation sends no Delete.
    FakeAws update;
    env(custom_resource_event(
            "Update", kProperties,
            id_member(kLogStreamId) +
                R"(, "OldResourceProperties": {"FunctionName": "fn-1", "EventBucket": "old"})"),
        sandbox.context, update);
    CHECK(text(update.response(), "PhysicalResourceId") == kLogStreamId);
    // Then the function is renamed: the cleanup's Delete has the old id and the old properties.
    FakeAws cleanup;
    env(custom_resource_event("Delete", R"({"FunctionName": "fn-0"})", id_member(kLogStreamId)),
        sandbox.context, cleanup);
    REQUIRE(cleanup.calls.size() == 1);
    CHECK(cleanup.calls[0].find(R"("S":"fn-0")") != std::string::npos);
}

TEST_CASE("An event that is not CloudFormation's", "[streambot][env]") {
    FakeAws aws;
    Sandbox sandbox;
    json::object complete = custom_resource_event("Create", kProperties).as_object();
    SECTION("lacks a member") {
        const auto missing = GENERATE(as<std::string>(), "RequestType", "ResourceProperties",
                                      "StackId", "LogicalResourceId", "RequestId", "ResponseURL");
        INFO("without " << missing);
        complete.erase(missing);
        CHECK(env(complete, sandbox.context, aws) == "ERROR: Invalid CloudFormation event");
        CHECK(aws.calls.empty());
        CHECK(aws.put_urls.empty());
    }
    SECTION("is of another shape") {
        const auto event = GENERATE(as<std::string>(), "null", "[]", R"("text")", "1", "{}",
                                    R"({"RequestType": 1, "ResourceProperties": []})");
        CHECK(env(json::parse(event), sandbox.context, aws) ==
              "ERROR: Invalid CloudFormation event");
        CHECK(aws.put_urls.empty());
    }
}

TEST_CASE("The PUT to ResponseURL", "[streambot]") {
    FakeAws aws;
    Sandbox sandbox;
    const json::value event = custom_resource_event("Create", kProperties);
    SECTION("that is forbidden is logged, and the invocation ends well") {
        aws.put_status = 403;
        const json::value result = env(event, sandbox.context, aws);
        CHECK(result == json::value(aws.put_bodies.at(0)));
        CHECK(aws.put_bodies.size() == 1);
        CHECK(sandbox.has_logged("Response status: 403"));
        CHECK(sandbox.has_logged("did not take the response"));
    }
    SECTION("that keeps failing fails the invocation, so that Lambda delivers again") {
        aws.put_status = 503;
        CHECK_THROWS_WITH(env(event, sandbox.context, aws), "Failed to respond to CloudFormation");
        CHECK(sandbox.has_logged("Failed to respond to CloudFormation: status 503"));
    }
    SECTION("that gets no answer fails the invocation as well") {
        aws.put_error = AwsError("NetworkingError", "connection refused", 0);
        CHECK_THROWS_WITH(env(event, sandbox.context, aws), "Failed to respond to CloudFormation");
        CHECK(sandbox.has_logged("connection refused"));
    }
}

}  // namespace sbemu::streambot_test
