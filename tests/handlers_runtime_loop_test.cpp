// The runtime loop against a Runtime API on loopback (lambda.md 4.1).
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <map>

#include "handlers/runtime/aws_client.h"
#include "handlers/runtime/http_client.h"
#include "handlers/runtime/runtime_loop.h"
#include "handlers/streambot/streambot.h"
#include "tests/handlers_tiny_server.h"

namespace json = boost::json;
namespace sbemu::lambda_runtime {

using handlers_test::http_answer;
using handlers_test::TinyServer;

namespace {

const std::string kArn = "arn:aws:lambda:us-east-1:123456789012:function:f:live";

std::string next_answer(const std::string& event) {
    return http_answer("200 OK", event,
                       "Lambda-Runtime-Aws-Request-Id: id-1\r\n"
                       "Lambda-Runtime-Deadline-Ms: 1795336010000\r\n"
                       "Lambda-Runtime-Invoked-Function-Arn: " +
                           kArn + "\r\nLambda-Runtime-Trace-Id: Root=1-2-3;Sampled=0\r\n");
}

const std::string kAccepted = http_answer("202 Accepted", R"({"status":"OK"})");

struct Runtime {
    explicit Runtime(const std::string& address) : loop(transport, timing, address, sandbox()) {}
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    Context sandbox() {
        Context context;
        context.function_name = "f";
        context.log = [this](std::string_view line) { log.emplace_back(line); };
        context.set_variable = [this](const std::string& name, const std::string& value) {
            environment[name] = value;
            return true;
        };
        return context;
    }

    std::vector<std::string> log;
    std::map<std::string, std::string> environment;
    HttpClient transport;
    Timing timing = real_timing();
    RuntimeLoop loop;
};

std::string body_of(const std::string& request) {
    return request.substr(request.find("\r\n\r\n") + 4);
}

}  // namespace

TEST_CASE("RuntimeLoop serves an event", "[handlers][runtime-loop]") {
    TinyServer server(
        {{next_answer(R"({ "k": "é" })")}, {kAccepted}, {next_answer("1")}, {kAccepted}});
    Runtime runtime(server.address());
    Context seen;
    const RuntimeLoop::Handler echo = [&](const json::value& event, Context& context) {
        seen = context;
        return event;
    };
    runtime.loop.serve_one(echo);
    CHECK(seen.request_id == "id-1");
    CHECK(seen.deadline_ms == 1795336010000);
    CHECK(seen.invoked_function_arn == kArn);
    CHECK(seen.function_name == "f");
    CHECK(seen.event_text == R"({ "k": "é" })");
    CHECK(runtime.environment.at("_X_AMZN_TRACE_ID") == "Root=1-2-3;Sampled=0");
    runtime.loop.serve_one(echo);

    const auto requests = server.requests();
    REQUIRE(requests.size() == 4);
    CHECK(requests[0].rfind("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n", 0) == 0);
    CHECK(requests[1].rfind("POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n", 0) ==
          0);
    CHECK(requests[1].find("Content-Length: 10\r\n") != std::string::npos);
    CHECK(body_of(requests[1]) == R"({"k":"é"})");
    CHECK(body_of(requests[3]) == "1");
    CHECK(server.connections() == 1);
}

TEST_CASE("RuntimeLoop posts errors", "[handlers][runtime-loop]") {
    const auto error_body_of = [](const std::string& event, const RuntimeLoop::Handler& handler) {
        TinyServer server({{next_answer(event)}, {kAccepted}});
        Runtime runtime(server.address());
        runtime.loop.serve_one(handler);
        CHECK(runtime.log.size() == 1);
        const std::string request = server.requests().at(1);
        CHECK(request.rfind("POST /2018-06-01/runtime/invocation/id-1/error HTTP/1.1\r\n", 0) == 0);
        CHECK(request.find("Lambda-Runtime-Function-Error-Type: ") != std::string::npos);
        return body_of(request);
    };
    SECTION("of AWS under their code") {
        CHECK(
            error_body_of("{}",
                          [](const json::value&, Context&) -> json::value {
                              throw AwsError("AccessDeniedException", "not \"you\"", 400);
                          }) ==
            R"({"errorType":"AccessDeniedException","errorMessage":"not \"you\"","stackTrace":[]})");
    }
    SECTION("of the handler under their type") {
        CHECK(error_body_of("{}", [](const json::value&, Context&) -> json::value {
                  throw HandlerError("Missing\r\nThing", "m");
              }) == R"({"errorType":"Missing\r\nThing","errorMessage":"m","stackTrace":[]})");
    }
    SECTION("of any other kind as Error") {
        CHECK(error_body_of("{}", [](const json::value&, Context&) -> json::value {
                  throw std::runtime_error("boom");
              }) == R"({"errorType":"Error","errorMessage":"boom","stackTrace":[]})");
    }
    SECTION("of an event that is no JSON") {
        const std::string body =
            error_body_of("{oops", [](const json::value& event, Context&) { return event; });
        CHECK(body.rfind(R"({"errorType":"Runtime.UnmarshalError","errorMessage":"Unable to )"
                         R"(unmarshal input: )",
                         0) == 0);
    }
}

TEST_CASE("RuntimeLoop and a runtime interface in trouble", "[handlers][runtime-loop]") {
    const RuntimeLoop::Handler echo = [](const json::value& event, Context&) { return event; };
    SECTION("goes on when its answer is refused") {
        TinyServer server({{next_answer("1")},
                           {http_answer("413 Payload Too Large", R"({"errorType":"x"})")},
                           {next_answer("2")},
                           {kAccepted}});
        Runtime runtime(server.address());
        runtime.loop.serve_one(echo);
        runtime.loop.serve_one(echo);
        CHECK(server.requests().size() == 4);
        CHECK(runtime.log.at(0).find("413") != std::string::npos);
    }
    SECTION("ends when the sandbox is broken or gone") {
        TinyServer server({{http_answer("500 Internal Server Error", "")}, {"", true}});
        Runtime runtime(server.address());
        CHECK_THROWS_AS(runtime.loop.serve_one(echo), RuntimeInterfaceError);
        CHECK_THROWS_AS(runtime.loop.serve_one(echo), RuntimeInterfaceError);
    }
    SECTION("reports that it cannot start") {
        TinyServer server({{kAccepted}});
        Runtime runtime(server.address());
        runtime.loop.post_init_error("Runtime.HandlerNotFound",
                                     "index.nothing is undefined or not exported");
        const std::string request = server.requests().at(0);
        CHECK(request.rfind("POST /2018-06-01/runtime/init/error HTTP/1.1\r\n", 0) == 0);
        CHECK(body_of(request) ==
              R"({"errorType":"Runtime.HandlerNotFound","errorMessage":)"
              R"("index.nothing is undefined or not exported","stackTrace":[]})");
    }
}

TEST_CASE("env over real sockets, with a throttled table and a failing ResponseURL",
          "[handlers][streambot]") {
    const std::string throttled =
        http_answer("400 Bad Request",
                    R"({"__type":"x#ProvisionedThroughputExceededException","message":"s"})");
    TinyServer dynamodb({{throttled}, {http_answer("200 OK", "{}")}});
    TinyServer bucket(
        {{"", true}, {http_answer("503 Slow Down", ""), true}, {http_answer("200 OK", "")}});
    HttpClient transport;
    const Timing timing = real_timing();
    const std::map<std::string, std::string> variables{{"AWS_ACCESS_KEY_ID", "a"},
                                                       {"AWS_SECRET_ACCESS_KEY", "b"},
                                                       {"AWS_ENDPOINT_URL", dynamodb.url("")}};
    AwsClient aws(
        transport, timing,
        [&](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            if (found == variables.end()) return std::nullopt;
            return found->second;
        },
        [](std::string_view) {});
    aws.begin_invocation(timing.now_ms() + 10'000);
    Context context;
    context.invoked_function_arn = kArn;
    const json::object event{{"RequestType", "Create"},
                             {"ResponseURL", bucket.url("/x%7Cy?Signature=a")},
                             {"StackId", "stack-é"},
                             {"RequestId", "r"},
                             {"LogicalResourceId", "Config"},
                             {"ResourceProperties", {{"FunctionName", "fn"}, {"A", "é"}}}};
    const json::value result = sbemu::streambot::env(event, context, aws);

    CHECK(dynamodb.requests().size() == 2);
    CHECK(dynamodb.connections() == 1);
    const auto puts = bucket.requests();
    REQUIRE(puts.size() == 3);
    CHECK(json::value(body_of(puts[2])) == result);
    CHECK(puts[2].find("Content-Length: " + std::to_string(body_of(puts[2]).size()) + "\r\n") !=
          std::string::npos);
    CHECK(puts[2].find("Authorization") == std::string::npos);
    CHECK(puts[2].find("Content-Type") == std::string::npos);
}

}  // namespace sbemu::lambda_runtime
