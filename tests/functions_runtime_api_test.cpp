// The Lambda Runtime API, request by request.
#include <catch2/catch.hpp>
#include <optional>

#include "emulator/host/functions/runtime_api.h"

namespace sbemu {

namespace {

// A process's view of its Runtime API.
class Api {
  public:
    // "200 pong"; "waiting" while there is no answer.
    std::string ask(const std::string& method, const std::string& resource,
                    const std::string& body = "", const wire::Headers& headers = {}) {
        auto answer = std::make_shared<std::optional<wire::HttpResponse>>();
        last = answer;
        api.handle({method, resource, headers, body},
                   [answer](wire::HttpResponse response) { *answer = std::move(response); });
        return text();
    }
    std::string text() const {
        if (!*last) return "waiting";
        return std::to_string((*last)->status) + " " + (*last)->body;
    }
    std::string header(const std::string& name) const {
        for (const auto& [header, value] : (*last)->headers) {
            if (header == name) return value;
        }
        return "";
    }
    void start_invocation() {
        ask("GET", "/2018-06-01/runtime/invocation/next");
        api.deliver(event);
    }

    RuntimeEvent event{"id-1", from_milliseconds(1234), "arn:f", "Root=1", "", R"({"a":1})"};
    std::vector<std::string> told;
    std::shared_ptr<std::optional<wire::HttpResponse>> last;
    RuntimeApi api{{[this] { told.emplace_back("ready"); },
                    [this](const Posted& posted) {
                        told.push_back((posted.is_error ? "error " : "response ") +
                                       posted.error_type + posted.body.substr(0, 80));
                    },
                    [this](const Posted& posted) {
                        told.push_back("init " + posted.error_type + " " + posted.body);
                    }}};
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("RuntimeApi", "[functions][runtime-api]") {
    Api api;

    SECTION("answers a ping") { CHECK(api.ask("GET", "/2018-06-01/ping") == "200 pong"); }

    SECTION("hands an event over with its headers") {
        CHECK(api.ask("GET", "/2018-06-01/runtime/invocation/next") == "waiting");
        CHECK(api.told == Told{"ready"});
        api.event.client_context = R"({"custom":{}})";
        api.api.deliver(api.event);
        CHECK(api.text() == R"(200 {"a":1})");
        CHECK(api.header("Content-Type") == "application/json");
        CHECK(api.header("Lambda-Runtime-Aws-Request-Id") == "id-1");
        CHECK(api.header("Lambda-Runtime-Deadline-Ms") == "1234");
        CHECK(api.header("Lambda-Runtime-Invoked-Function-Arn") == "arn:f");
        CHECK(api.header("Lambda-Runtime-Trace-Id") == "Root=1");
        CHECK(api.header("Lambda-Runtime-Client-Context") == R"({"custom":{}})");
    }
    SECTION("omits the client context when there is none") {
        api.start_invocation();
        CHECK(api.header("Lambda-Runtime-Client-Context").empty());
    }
    SECTION("takes a response and the next event") {
        api.start_invocation();
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-1/response", "\"ok\"") ==
              R"(202 {"status":"OK"})");
        CHECK(api.ask("GET", "/2018-06-01/runtime/invocation/next") == "waiting");
        CHECK(api.told == Told{"ready", "response \"ok\"", "ready"});
    }
    SECTION("takes an error of any content") {
        api.start_invocation();
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-1/error", "not json",
                      {{"lambda-runtime-function-error-type", "My.Error"}}) ==
              R"(202 {"status":"OK"})");
        CHECK(api.told == Told{"ready", "error My.Errornot json"});
    }
    SECTION("reads a streamed response's error from its trailers") {
        api.start_invocation();
        api.ask("POST", "/2018-06-01/runtime/invocation/id-1/response", "partial",
                {{"Lambda-Runtime-Function-Response-Mode", "streaming"},
                 {"Lambda-Runtime-Function-Error-Type", "E"},
                 {"Lambda-Runtime-Function-Error-Body", "eyJ4IjoxfQ=="}});
        CHECK(api.told.back() == R"(error E{"x":1})");
    }
    SECTION("takes an error of the initialization, and then nothing more") {
        CHECK(api.ask("POST", "/2018-06-01/runtime/init/error", "{}",
                      {{"Lambda-Runtime-Function-Error-Type", "Runtime.X"}}) ==
              R"(202 {"status":"OK"})");
        CHECK(api.told == Told{"init Runtime.X {}"});
        CHECK(api.ask("GET", "/2018-06-01/runtime/invocation/next") ==
              R"(403 {"errorMessage":"State transition from InitError to Ready failed for )"
              R"(runtime. Error: State transition is not allowed",)"
              R"("errorType":"InvalidStateTransition"})");
    }
    SECTION("refuses a response that is too large, and tells the caller") {
        api.start_invocation();
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-1/response",
                      std::string(6'291'557, 'x')) ==
              R"(413 {"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).",)"
              R"("errorType":"RequestEntityTooLarge"})");
        CHECK(
            api.told.back() ==
            "error Function.ResponseSizeTooLarge"
            R"({"errorMessage":"Response payload size exceeded maximum allowed payload size (62)");
    }
    SECTION("takes a response of exactly the limit") {
        api.start_invocation();
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-1/response",
                      std::string(6'291'556, 'x')) == R"(202 {"status":"OK"})");
    }
    SECTION("gives the waiting event to the client that asked last") {
        api.ask("GET", "/2018-06-01/runtime/invocation/next");
        const auto first = api.last;
        CHECK(api.ask("GET", "/2018-06-01/runtime/invocation/next") == "waiting");
        CHECK((*first)->status == 403);
        CHECK(api.told == Told{"ready"});
        api.api.deliver(api.event);
        CHECK(api.text() == R"(200 {"a":1})");
    }
}

TEST_CASE("RuntimeApi refuses", "[functions][runtime-api]") {
    Api api;
    const std::string invalid_id =
        R"(400 {"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"})";
    const auto wrong_order = [](const std::string& from, const std::string& to) {
        return R"(403 {"errorMessage":"State transition from )" + from + " to " + to +
               R"( failed for runtime. Error: State transition is not allowed",)"
               R"("errorType":"InvalidStateTransition"})";
    };

    SECTION("another invocation's id") {
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-1/response") == invalid_id);
        api.start_invocation();
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-2/response") == invalid_id);
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation//error") == invalid_id);
        CHECK(api.told == Told{"ready"});
    }
    SECTION("the wrong order") {
        api.start_invocation();
        CHECK(api.ask("GET", "/2018-06-01/runtime/invocation/next") ==
              wrong_order("Running", "Ready"));
        CHECK(api.ask("POST", "/2018-06-01/runtime/init/error") ==
              wrong_order("Running", "InitError"));
        api.ask("POST", "/2018-06-01/runtime/invocation/id-1/response");
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-1/response") ==
              wrong_order("RuntimeResponseSentState", "InvocationResponse"));
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-1/error") ==
              wrong_order("RuntimeResponseSentState", "InvocationErrorResponse"));
        CHECK(api.told.size() == 2);
    }
    SECTION("an unknown response mode") {
        api.start_invocation();
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/id-1/response", "",
                      {{"Lambda-Runtime-Function-Response-Mode", "odd"}}) ==
              R"(400 {"errorMessage":"Invalid function response mode: odd",)"
              R"("errorType":"InvalidFunctionResponseMode"})");
    }
    SECTION("what there is not, by name") {
        const auto [method, resource] = GENERATE(table<std::string, std::string>({
            {"POST", "/2020-01-01/extension/register"},
            {"PUT", "/2022-07-01/telemetry"},
            {"GET", "/2018-06-01/runtime/restore/next"},
            {"GET", "/"},
        }));
        CHECK(api.ask(method, resource) ==
              R"(404 {"errorMessage":"sbemu's Lambda runtime does not implement )" + method + " " +
                  resource + R"(","errorType":"NotImplemented"})");
    }
    SECTION("another method") {
        CHECK(api.ask("POST", "/2018-06-01/runtime/invocation/next").starts_with("405 "));
        CHECK(api.header("Allow") == "GET");
    }
}

}  // namespace sbemu
