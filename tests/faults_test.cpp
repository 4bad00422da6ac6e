// Faults on the seams: which calls a rule means, what it does to them, and what is refused.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <sstream>

#include "emulator/scenario/fault_words.h"
#include "emulator/scenario/in_process_aws.h"
#include "tests/lambda_test_support.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

constexpr const char* kTable =
    R"({"TableName": "TABLE", "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"})";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
}

void create_table(TestCloud& cloud, const std::string& name) {
    cloud.result("dynamodb.CreateTable", replaced(kTable, "TABLE", name));
    cloud.advance(Duration{60'000});
}

std::string put(TestCloud& cloud, const std::string& table) {
    return error_of(cloud.call(
        "dynamodb.PutItem",
        replaced(R"({"TableName": "TABLE", "Item": {"k": {"S": "a"}}})", "TABLE", table)));
}

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream("fail " + line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

std::string arm(TestCloud& cloud, const std::string& line) {
    return error_of(
        cloud.call("sbemu.ArmFault", boost::json::serialize(fault_of_words(words_of(line), ""))));
}

constexpr const char* kThroughput = "ProvisionedThroughputExceededException: The level of";

bool is_throttled(const std::string& error) { return error.rfind(kThroughput, 0) == 0; }

}  // namespace

TEST_CASE("A fault rule", "[faults]") {
    TestCloud cloud;
    create_table(cloud, "one");
    create_table(cloud, "two");

    SECTION("means a resource, and fires as often as it says") {
        CHECK(arm(cloud, "dynamodb.PutItem throttling times 2 resource one") == "none");
        CHECK(put(cloud, "two") == "none");
        CHECK(is_throttled(put(cloud, "one")));
        CHECK(is_throttled(put(cloud, "one")));
        CHECK(put(cloud, "one") == "none");
    }
    SECTION("lets the first calls pass") {
        arm(cloud, "dynamodb.* throttling after 2");
        CHECK(put(cloud, "one") == "none");
        CHECK(put(cloud, "one") == "none");
        CHECK(is_throttled(put(cloud, "one")));
        CHECK(put(cloud, "one") == "none");
    }
    SECTION("fires for ever with times 0, until it is cleared") {
        arm(cloud, "dynamodb.PutItem throttling times 0 id mine");
        for (int i = 0; i < 5; ++i) CHECK(is_throttled(put(cloud, "one")));
        CHECK(cloud.result("sbemu.ClearFaults", R"({"Id": "mine"})") == json(R"({"Cleared": 1})"));
        CHECK(put(cloud, "one") == "none");
    }
    SECTION("fires by chance, the same chance every time") {
        arm(cloud, "dynamodb.PutItem throttling times 0 probability 0.5");
        int failed = 0;
        for (int i = 0; i < 200; ++i) failed += is_throttled(put(cloud, "one")) ? 1 : 0;
        CHECK(failed > 60);
        CHECK(failed < 140);
        TestCloud again;
        create_table(again, "one");
        create_table(again, "two");
        arm(again, "dynamodb.PutItem throttling times 0 probability 0.5");
        for (int i = 0; i < 200; ++i) failed -= is_throttled(put(again, "one")) ? 1 : 0;
        CHECK(failed == 0);
    }
    SECTION("means a caller or a function") {
        arm(cloud, "dynamodb.PutItem throttling caller 111111111111");
        arm(cloud, "dynamodb.PutItem throttling function worker");
        CHECK(put(cloud, "one") == "none");
        Event event{
            cloud.now(),  99,
            cloud.caller, "dynamodb",
            "PutItem",    json(R"({"TableName": "one", "Item": {"k": {"S": "a"}}})").as_object(),
            {},           "arn:aws:lambda:us-east-1:123456789012:function:worker"};
        CHECK(is_throttled(error_of(cloud.kernel.apply(event))));
        CHECK(error_of(cloud.kernel.apply(event)) == "none");
    }
    SECTION("is listed with what is left, and logged when it fires") {
        arm(cloud, "dynamodb.PutItem throttling times 3 resource one id mine");
        put(cloud, "one");
        const auto fault = cloud.result("sbemu.ListFaults").at("Faults").at(0);
        CHECK(fault.at("Id") == "mine");
        CHECK(fault.at("Count") == 2);
        CHECK(fault.at("Resource") == "one");
        const auto log = cloud.result("sbemu.FaultLog").at("Log").as_array();
        REQUIRE(log.size() == 1);
        CHECK(log[0].at("Rule") == "mine");
        CHECK(log[0].at("What") == "dynamodb.PutItem: 400 ProvisionedThroughputExceededException");
    }
    SECTION("is refused if it makes no sense") {
        auto [line, reason] = GENERATE(table<std::string, std::string>({
            {"dynamodb.PutItems throttling", "sbemu's dynamodb has no operation PutItems"},
            {"dynamo.PutItem throttling", "there is no service dynamo; there are "},
            {"sbemu.Pulse throttling", "there is no service sbemu"},
            {"dynamodb.PutItem throttling probability 2", "Probability must be"},
            {"dynamodb.PutItem drop late", "When must be before or half"},
            {"response soon", "there is no Kind soon"},
            {"dynamodb.PutItem throttling from nowhere", "From must be client"},
        }));
        CHECK_THAT(arm(cloud, line), Catch::StartsWith("ValidationError: " + reason));
    }
}

TEST_CASE("Faults by well-known names are AWS's own", "[faults]") {
    auto [target, expected] = GENERATE(table<std::string, std::string>({
        {"lambda.ListFunctions throttling", "429 TooManyRequestsException"},
        {"s3.ListBuckets throttling", "503 SlowDown"},
        {"kinesis.ListStreams throttling", "400 ProvisionedThroughputExceededException"},
        {"kinesis.GetRecords expired-iterator", "400 ExpiredIteratorException"},
        {"cloudformation.ListStacks throttling", "400 Throttling"},
        {"dynamodb.ListTables throttling", "400 ThrottlingException"},
        {"logs.DescribeLogGroups throttling", "400 ThrottlingException"},
        {"dynamodb.PutItem unavailable", "500 InternalServerError"},
    }));
    INFO(target);
    TestCloud cloud;
    REQUIRE(arm(cloud, target) == "none");
    const std::string operation = target.substr(0, target.find(' '));
    const Applied applied = cloud.call(operation);
    const auto& error = std::get<ApiError>(applied.answer);
    CHECK(std::to_string(error.status) + " " + error.code == expected);
}

TEST_CASE("Faults of the wire", "[faults]") {
    TestCloud cloud;
    SECTION("reach the host with the answer") {
        arm(cloud, "sts.GetCallerIdentity latency 250ms");
        arm(cloud, "sts.GetCallerIdentity drop half");
        const Applied applied = cloud.call("sts.GetCallerIdentity");
        CHECK(error_of(applied) == "none");
        REQUIRE(applied.effects.size() == 2);
        CHECK(applied.effects[0].kind == "wire.fault");
        CHECK(applied.effects[0].payload == json(R"({"Delay": 250})"));
        CHECK(applied.effects[1].payload == json(R"({"Drop": "half"})"));
        CHECK(cloud.call("sts.GetCallerIdentity").effects.empty());
    }
    SECTION("keep a silent call from having any effect") {
        create_table(cloud, "one");
        arm(cloud, "dynamodb.DeleteTable silence");
        const Applied applied = cloud.call("dynamodb.DeleteTable", R"({"TableName": "one"})");
        REQUIRE(applied.effects.size() == 1);
        CHECK(applied.effects[0].payload == json(R"({"Drop": "never"})"));
        CHECK(put(cloud, "one") == "none");
    }
}

TEST_CASE("Faults of functions", "[faults]") {
    TestCloud cloud;
    create_worker(cloud);
    cloud.effects.clear();
    const auto invoke = [&] {
        cloud.result("lambda.Invoke", R"({"FunctionName": "worker", "InvocationType": "Event"})",
                     "{}");
    };

    SECTION("deliver an asynchronous event twice") {
        CHECK(arm(cloud, "invoke worker twice") == "none");
        invoke();
        const auto invocations = take_effects(cloud, "lambda.invoke");
        REQUIRE(invocations.size() == 2);
        CHECK(invocations[0].at("RequestId") == invocations[1].at("RequestId"));
        CHECK(invocations[0].at("InvocationId") != invocations[1].at("InvocationId"));
        invoke();
        CHECK(take_effects(cloud, "lambda.invoke").size() == 1);
    }
    SECTION("start it cold") {
        arm(cloud, "invoke worker cold");
        invoke();
        REQUIRE(cloud.effects.size() == 2);
        CHECK(cloud.effects[0].kind == "lambda.stop");
        CHECK(cloud.effects[1].kind == "lambda.invoke");
    }
    SECTION("kill it, as a process that crashed") {
        arm(cloud, "invoke worker killed after 100ms");
        cloud.call("lambda.Invoke", R"({"FunctionName": "worker"})", "{}");
        const auto invocation = take_invocation(cloud);
        report_started(cloud, invocation);
        cloud.advance(Duration{99});
        CHECK(take_effects(cloud, "lambda.kill").empty());
        cloud.advance(Duration{1});
        CHECK(take_effects(cloud, "lambda.kill").size() == 1);
        CHECK(cloud.completions.empty());
        report_ended(cloud, invocation, "killed", "");
        REQUIRE(cloud.completions.size() == 1);
        const auto& outcome = std::get<Outcome>(cloud.completions[0].answer);
        CHECK(outcome.result.at("FunctionError") == "Unhandled");
        CHECK_THAT(outcome.body, Catch::Contains("Runtime.ExitError"));
        CHECK_THAT(outcome.body, Catch::Contains("signal: killed"));
    }
    SECTION("leave another function alone") {
        arm(cloud, "invoke other twice");
        invoke();
        CHECK(take_effects(cloud, "lambda.invoke").size() == 1);
    }
}

namespace {

// A stack with one custom resource, whose handler's answer is to come.
std::string response_key(TestCloud& cloud) {
    create_worker(cloud);
    cloud.result(
        "cloudformation.CreateStack",
        R"({"StackName": "s", "TemplateBody": "{\"Resources\": {\"Thing\": {\"Type\": \"Custom::Thing\", \"Properties\": {\"ServiceToken\": \"arn:aws:lambda:us-east-1:123456789012:function:worker\"}}}}"})");
    cloud.settle();
    return std::string(take_invocation(cloud).at("Payload").as_string());
}

Applied put_success(TestCloud& cloud, const std::string& payload) {
    const auto event = json(payload).as_object();
    const std::string url(event.at("ResponseURL").as_string());
    boost::json::object body{{"Status", "SUCCESS"}, {"PhysicalResourceId", "thing"}};
    for (const char* name : {"StackId", "RequestId", "LogicalResourceId"}) {
        body[name] = event.at(name);
    }
    const auto applied =
        cloud.call("cloudformation.PutResponse", boost::json::serialize(response_target(url)),
                   boost::json::serialize(body));
    cloud.settle();
    return applied;
}

std::string stack_status(TestCloud& cloud) {
    return text(cloud.result("cloudformation.DescribeStacks", R"({"StackName": "s"})")
                    .at("Stacks")
                    .at(0)
                    .at("StackStatus"));
}

}  // namespace

TEST_CASE("Faults of the ResponseURL", "[faults]") {
    TestCloud cloud;
    const std::string payload = response_key(cloud);

    SECTION("refuse the PUT") {
        auto [what, error] = GENERATE(table<std::string, std::string>(
            {{"403", "AccessDenied"}, {"500", "InternalError"}, {"silence", "RequestTimeout"}}));
        CHECK(arm(cloud, "response " + what) == "none");
        CHECK_THAT(error_of(put_success(cloud, payload)), Catch::StartsWith(error));
        CHECK(stack_status(cloud) == "CREATE_IN_PROGRESS");
        CHECK(error_of(put_success(cloud, payload)) == "none");
        CHECK(stack_status(cloud) == "CREATE_COMPLETE");
    }
    SECTION("let it arrive late") {
        CHECK(arm(cloud, "response late by 10s") == "none");
        CHECK(error_of(put_success(cloud, payload)) == "none");
        cloud.advance(Duration{9'999});
        CHECK(stack_status(cloud) == "CREATE_IN_PROGRESS");
        cloud.advance(Duration{1});
        CHECK(stack_status(cloud) == "CREATE_COMPLETE");
    }
    SECTION("let it come twice") {
        CHECK(arm(cloud, "response twice") == "none");
        CHECK(error_of(put_success(cloud, payload)) == "none");
        CHECK(stack_status(cloud) == "CREATE_COMPLETE");
        CHECK(cloud.result("sbemu.FaultLog").at("Log").as_array().size() == 1);
    }
}

}  // namespace sbemu
