// Invocations from the call to the answer; the test plays the host. facts/lambda.md 3.5, 3.6, 4.4.
#include <catch2/catch.hpp>

#include "tests/lambda_test_support.h"

namespace sbemu {

namespace {

constexpr const char* kSync = R"({"FunctionName": "worker"})";
constexpr const char* kEvent = R"({"FunctionName": "worker", "InvocationType": "Event"})";

// The one late answer that came since.
Outcome take_answer(TestCloud& cloud) {
    REQUIRE(cloud.completions.size() == 1);
    REQUIRE(std::holds_alternative<Outcome>(cloud.completions[0].answer));
    Outcome outcome = std::get<Outcome>(cloud.completions[0].answer);
    cloud.completions.clear();
    return outcome;
}

}  // namespace

TEST_CASE("Invoke", "[lambda][invoke]") {
    TestCloud cloud;
    create_worker(cloud, R"(, "Environment": {"Variables": {"MODE": "fast"}})");

    SECTION("waits for the function's answer") {
        const Applied applied = cloud.call("lambda.Invoke", kSync, R"({"a":1})");
        REQUIRE(applied.deferred);
        const auto invocation = take_invocation(cloud);
        CHECK(invocation.at("Payload") == R"({"a":1})");
        CHECK(member_text(invocation, "RequestId") == applied.request_id);
        CHECK(invocation.at("InvokedFunctionArn") ==
              "arn:aws:lambda:us-east-1:123456789012:function:worker");
        const auto& function = invocation.at("Function").as_object();
        CHECK(function.at("Variables") == json(R"({"MODE": "fast"})"));
        CHECK(function.at("Runtime") == "nodejs20.x");
        CHECK(function.at("Version") == "$LATEST");
        CHECK(function.at("LogGroup") == "/aws/lambda/worker");
        CHECK(function.at("Account") == "123456789012");

        report_started(cloud, invocation);
        report_ended(cloud, invocation, "response", R"({"b":2})");
        REQUIRE(cloud.completions.size() == 1);
        CHECK(cloud.completions[0].event == applied.event);
        const Outcome outcome = take_answer(cloud);
        CHECK(outcome.body == R"({"b":2})");
        CHECK(outcome.result == json(R"({"StatusCode": 200, "ExecutedVersion": "$LATEST"})"));
        CHECK_FALSE(cloud.kernel.next_due().has_value());
    }

    SECTION("gives the handler {} for an empty body, and the client context as JSON") {
        cloud.call("lambda.Invoke",
                   R"({"FunctionName": "worker:$LATEST", "ClientContext": "eyJhIjoxfQ=="})");
        const auto invocation = take_invocation(cloud);
        CHECK(invocation.at("Payload") == "{}");
        CHECK(invocation.at("ClientContext") == R"({"a":1})");
        CHECK(invocation.at("InvokedFunctionArn") ==
              "arn:aws:lambda:us-east-1:123456789012:function:worker:$LATEST");
    }

    SECTION("answers 204 to DryRun and does nothing") {
        const auto answer = cloud.result(
            "lambda.Invoke", R"({"FunctionName": "worker", "InvocationType": "DryRun"})");
        CHECK(answer == json(R"({"StatusCode": 204})"));
        CHECK(cloud.effects.empty());
    }

    SECTION("tells how it failed") {
        auto [outcome, posted, extra, payload] =
            GENERATE(table<std::string, std::string, std::string, std::string>({
                {"error", R"({"errorType":"Error","errorMessage":"no","trace":[]})", "",
                 R"({"errorType":"Error","errorMessage":"no","trace":[]})"},
                {"init-error", R"({"errorType":"Runtime.ImportModuleError"})",
                 R"(, "ErrorType": "Runtime.ImportModuleError")",
                 R"({"errorType":"Runtime.ImportModuleError"})"},
                {"exit", "", R"(, "ExitStatus": 0)",
                 R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: )"
                 R"(Runtime exited without providing a reason"})"},
                {"exit", "", R"(, "ExitStatus": 127)",
                 R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: )"
                 R"(Runtime exited with error: exit status 127"})"},
                {"exit", "", R"(, "ExitSignal": 11)",
                 R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: )"
                 R"(Runtime exited with error: signal: segmentation fault"})"},
                {"not-started", "", R"(, "Message": "there is no node on this machine")",
                 R"({"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: ID )"
                 R"(Error: there is no node on this machine"})"},
            }));
        INFO(outcome << extra);
        cloud.call("lambda.Invoke", kSync);
        const auto invocation = take_invocation(cloud);
        report_started(cloud, invocation);
        report_ended(cloud, invocation, outcome, posted, extra);
        const Outcome answer = take_answer(cloud);
        CHECK(answer.result.at("FunctionError") == "Unhandled");
        CHECK(answer.result.at("StatusCode") == 200);
        const auto id = payload.find("ID ");
        if (id != std::string::npos) {
            payload.replace(id, 2, member_text(invocation, "RequestId"));
        }
        CHECK(answer.body == payload);
    }

    SECTION("replaces an answer over 6 MB by an error") {
        cloud.call("lambda.Invoke", kSync);
        report_ended(cloud, take_invocation(cloud), "response", std::string(6291557, '1'));
        const Outcome answer = take_answer(cloud);
        CHECK(answer.result.at("FunctionError") == "Unhandled");
        CHECK(answer.body ==
              R"({"errorMessage":"Response payload size exceeded maximum allowed payload size )"
              R"((6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"})");
    }

    SECTION("ends at the timeout, and asks for the process to be killed") {
        cloud.call("lambda.Invoke", kSync);
        const auto invocation = take_invocation(cloud);
        report_started(cloud, invocation);
        cloud.advance(Duration{2999});
        CHECK(cloud.completions.empty());
        cloud.advance(Duration{1});
        const Outcome answer = take_answer(cloud);
        CHECK(answer.result.at("FunctionError") == "Unhandled");
        CHECK(answer.body == R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: )" +
                                 member_text(invocation, "RequestId") +
                                 R"( Error: Task timed out after 3.00 seconds"})");
        const auto killed = take_effects(cloud, "lambda.kill");
        REQUIRE(killed.size() == 1);
        CHECK(killed[0].at("InvocationId") == invocation.at("InvocationId"));
        report_ended(cloud, invocation, "killed", "");
        report_ended(cloud, invocation, "response", "1");
        CHECK(cloud.completions.empty());
    }

    SECTION("does not time out before the event reached a process") {
        cloud.call("lambda.Invoke", kSync);
        cloud.advance(std::chrono::hours(1));
        CHECK(cloud.completions.empty());
    }

    SECTION("ignores reports of invocations it does not know") {
        CHECK(cloud.result("lambda.InvocationStarted", R"({"InvocationId": "none"})") ==
              json("{}"));
        CHECK(cloud.result("lambda.InvocationEnded",
                           R"({"InvocationId": "none", "Outcome": "response"})") == json("{}"));
    }

    SECTION("gives the end of the log when asked for it") {
        cloud.call("lambda.Invoke", R"({"FunctionName": "worker", "LogType": "Tail"})");
        const auto invocation = take_invocation(cloud);
        report_started(cloud, invocation);
        report_ended(cloud, invocation, "response", "null",
                     R"(, "InitMicroseconds": 110104, "Log": [
                         {"Timestamp": 1488326400000, "Message": "hello\n"}])");
        const std::string id = member_text(invocation, "RequestId");
        const auto log = base64_decode(member_text(take_answer(cloud).result, "LogResult"));
        CHECK(log == "START RequestId: " + id + " Version: $LATEST\nhello\nEND RequestId: " + id +
                         "\nREPORT RequestId: " + id +
                         "\tDuration: 3.01 ms\tBilled Duration: 114 ms\tMemory Size: 128 MB\tMax "
                         "Memory Used: 36 MB\tInit Duration: 110.10 ms\t\n");
    }

    SECTION("refuses") {
        auto [request, body, error] = GENERATE(table<std::string, std::string, std::string>({
            {R"({"FunctionName": "none"})", "",
             "ResourceNotFoundException: Function not found: "
             "arn:aws:lambda:us-east-1:123456789012:function:none:$LATEST"},
            {R"({"FunctionName": "worker:live"})", "",
             "ResourceNotFoundException: Function not found: "
             "arn:aws:lambda:us-east-1:123456789012:function:worker:live"},
            {R"({"FunctionName": "worker", "InvocationType": "Event"})",
             "\"" + std::string(1048576, 'x') + "\"",
             "RequestTooLargeException: 1048578 byte payload is too large for the Event "
             "invocation type (limit 1048576 bytes)"},
            {R"({"FunctionName": "worker"})", std::string(6291457, '1'),
             "RequestEntityTooLargeException: Request must be smaller than 6291456 bytes for the "
             "InvokeFunction operation"},
        }));
        CHECK(error_of(cloud.call("lambda.Invoke", request, body)) == error);
        CHECK(cloud.effects.empty());
    }

    SECTION("refuses a payload that is not JSON") {
        auto body = GENERATE("{", "{} x", "\x99", "nul");
        INFO(body);
        CHECK_THAT(error_of(cloud.call("lambda.Invoke", kSync, body)),
                   Catch::StartsWith("InvalidRequestContentException: Could not parse request body "
                                     "into json: Could not parse payload into json: "));
        CHECK(cloud.effects.empty());
    }
}

TEST_CASE("Invoke with InvocationType Event", "[lambda][invoke]") {
    TestCloud cloud;
    create_worker(cloud);
    const Applied applied = cloud.call("lambda.Invoke", kEvent, "[1]");
    REQUIRE(std::get<Outcome>(applied.answer).result == json(R"({"StatusCode": 202})"));
    CHECK_FALSE(applied.deferred);
    auto invocation = take_invocation(cloud);
    CHECK(member_text(invocation, "RequestId") == applied.request_id);

    SECTION("is done when the function answers") {
        report_started(cloud, invocation);
        report_ended(cloud, invocation, "response", "1");
        cloud.advance(std::chrono::hours(1));
        CHECK(cloud.effects.empty());
    }

    SECTION("is retried after one minute and after two, with the same request id") {
        for (const int minutes : {1, 2}) {
            report_started(cloud, invocation);
            report_ended(cloud, invocation, "error", "{}");
            cloud.advance(std::chrono::minutes(minutes) - Duration{1});
            CHECK(cloud.effects.empty());
            cloud.advance(Duration{1});
            invocation = take_invocation(cloud);
            CHECK(member_text(invocation, "RequestId") == applied.request_id);
            CHECK(invocation.at("Payload") == "[1]");
        }
        report_ended(cloud, invocation, "error", "{}");
        cloud.advance(std::chrono::hours(7));
        CHECK(cloud.effects.empty());
    }

    SECTION("is retried after a timeout") {
        report_started(cloud, invocation);
        cloud.advance(Duration{63'000});
        CHECK(take_effects(cloud, "lambda.kill").size() == 1);
        CHECK(member_text(take_invocation(cloud), "RequestId") == applied.request_id);
    }

    SECTION("is handed out again after a restart") {
        report_started(cloud, invocation);
        cloud.call("lambda.Invoke", kSync);
        take_invocation(cloud);
        cloud.call("sbemu.Restarted");
        CHECK(take_effects(cloud, "lambda.prepare").size() == 1);
        const auto again = take_invocation(cloud);
        CHECK(member_text(again, "RequestId") == applied.request_id);
        cloud.advance(Duration{10'000});
        CHECK(take_effects(cloud, "lambda.kill").empty());
        report_ended(cloud, again, "response", "1");
        cloud.advance(std::chrono::hours(1));
        CHECK(cloud.effects.empty());
    }

    SECTION("is dropped if the function is gone when it would be retried") {
        report_ended(cloud, invocation, "error", "{}");
        cloud.result("lambda.DeleteFunction", R"({"FunctionName": "worker"})");
        cloud.effects.clear();
        cloud.advance(std::chrono::hours(1));
        CHECK(cloud.effects.empty());
    }
}

TEST_CASE("Invoke of a function that is not ready", "[lambda][invoke]") {
    TestCloud cloud;
    cloud.result("lambda.CreateFunction", function_request("worker"));
    REQUIRE(cloud.call("lambda.Invoke", kSync, "1").deferred);
    cloud.call("lambda.Invoke", kEvent, "2");
    CHECK(take_effects(cloud, "lambda.invoke").empty());

    SECTION("waits until it is, in order") {
        cloud.settle();
        const auto invocations = take_effects(cloud, "lambda.invoke");
        REQUIRE(invocations.size() == 2);
        CHECK(invocations[0].at("Payload") == "1");
        CHECK(invocations[1].at("Payload") == "2");
    }

    SECTION("ends when the function is deleted") {
        cloud.result("lambda.DeleteFunction", R"({"FunctionName": "worker"})");
        REQUIRE(cloud.completions.size() == 1);
        CHECK(std::get<ApiError>(cloud.completions[0].answer).code == "ResourceNotFoundException");
    }
}

TEST_CASE("An invocation's log", "[lambda][logs]") {
    TestCloud cloud;
    create_worker(cloud);
    cloud.call("lambda.Invoke", kSync);
    const auto invocation = take_invocation(cloud);
    const std::string id = member_text(invocation, "RequestId");
    report_started(cloud, invocation);
    const auto messages = [&] {
        std::string text;
        const auto events = cloud.result(
            "logs.GetLogEvents",
            R"({"logGroupName": "/aws/lambda/worker", "startFromHead": true, "logStreamName":
                "2017/03/01/[$LATEST]0123456789abcdef0123456789abcdef"})");
        for (const auto& event : events.at("events").as_array()) {
            text += event.at("message").as_string();
        }
        return text;
    };

    SECTION("is written to the function's group, which is made for it") {
        report_ended(cloud, invocation, "exit", "",
                     R"(, "ExitStatus": 1, "Log": [
                         {"Timestamp": 1488326500000, "Message": "from another clock\n"}])");
        CHECK(messages() ==
              "START RequestId: " + id + " Version: $LATEST\nfrom another clock\nRequestId: " + id +
                  " Error: Runtime exited with error: exit status 1\nRuntime.ExitError\nEND "
                  "RequestId: " +
                  id + "\nREPORT RequestId: " + id +
                  "\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory "
                  "Used: 36 MB\tStatus: error\tError Type: Runtime.ExitError\n");
    }

    SECTION("begins with INIT_START in a new process") {
        report_ended(cloud, invocation, "response", "1", R"(, "InitMicroseconds": 5000)");
        CHECK_THAT(messages(),
                   Catch::StartsWith("INIT_START Runtime Version: nodejs:20.v1\tRuntime Version "
                                     "ARN: arn:aws:lambda:us-east-1::runtime:"));
    }

    SECTION("has the function's lines after a timeout too") {
        cloud.advance(Duration{3000});
        report_ended(cloud, invocation, "killed", "",
                     R"(, "Log": [{"Timestamp": 1488326401000, "Message": "waiting\n"}])");
        CHECK(messages() ==
              "START RequestId: " + id + " Version: $LATEST\nwaiting\n2017-03-01T00:00:03.000Z " +
                  id + " Task timed out after 3.00 seconds\n\nEND RequestId: " + id +
                  "\nREPORT RequestId: " + id +
                  "\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax "
                  "Memory Used: 36 MB\tStatus: timeout\n");
    }
}

}  // namespace sbemu
