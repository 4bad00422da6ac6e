// AwsClient over a scripted transport and a clock that only sleeping moves.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <variant>

#include "handlers/runtime/aws_client.h"

namespace json = boost::json;
namespace sbemu::lambda_runtime {

namespace {

constexpr std::int64_t kStartMs = 1'440'938'160'000;  // 2015-08-30T12:36:00Z

struct Script : HttpTransport {
    using Step = std::variant<HttpResponse, HttpError>;

    // The last step repeats for ever.
    HttpResponse send(const HttpRequest& request, const HttpTimeouts& timeouts) override {
        requests.push_back(request);
        limits.push_back(timeouts);
        const Step step = steps.front();
        if (steps.size() > 1) steps.pop_front();
        if (const auto* error = std::get_if<HttpError>(&step)) {
            if (error->failure == HttpFailure::timeout) now_ms += timeouts.answer_ms;
            throw HttpError(*error);
        }
        return std::get<HttpResponse>(step);
    }

    std::deque<Step> steps;
    std::vector<HttpRequest> requests;
    std::vector<HttpTimeouts> limits;
    std::int64_t now_ms = kStartMs;
};

struct Client {
    Client()
        : timing{[this] { return transport.now_ms; },
                 [this](std::int64_t ms) {
                     pauses_ms.push_back(ms);
                     transport.now_ms += ms;
                 },
                 [](std::int64_t limit) { return limit; }},
          aws(
              transport, timing,
              [this](const std::string& name) -> std::optional<std::string> {
                  const auto found = variables.find(name);
                  if (found == variables.end()) return std::nullopt;
                  return found->second;
              },
              [this](std::string_view line) { log.emplace_back(line); }) {}
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void answer(int status, const std::string& body, Headers headers = {}) {
        transport.steps.emplace_back(HttpResponse{status, std::move(headers), body});
    }
    void fail(HttpFailure failure) {
        transport.steps.emplace_back(HttpError(failure, "no answer"));
    }
    const HttpRequest& request() const { return transport.requests.at(0); }
    std::string header(const std::string& name) const {
        return HttpResponse{0, request().headers, ""}.header(name).value_or("(none)");
    }

    Script transport;
    std::map<std::string, std::string> variables{
        {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
        {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
        {"AWS_SESSION_TOKEN", "token"}};
    std::vector<std::int64_t> pauses_ms;
    std::vector<std::string> log;
    Timing timing;
    AwsClient aws;
};

const std::string kThrottled =
    R"({"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",)"
    R"("message":"The level of configured provisioned throughput for the table was exceeded."})";

}  // namespace

TEST_CASE("AwsClient speaks DynamoDB's JSON 1.0", "[handlers][aws-client]") {
    Client client;
    client.answer(200, R"({"Item":{"name":{"S":"é"}}})");
    const json::object reply =
        client.aws.call("dynamodb", "eu-west-1", "GetItem", {{"TableName", "streambot-env"}});
    CHECK(reply == json::parse(R"({"Item":{"name":{"S":"é"}}})"));
    CHECK(client.request().method == "POST");
    CHECK(client.request().url.scheme == "https");
    CHECK(client.request().url.authority() == "dynamodb.eu-west-1.amazonaws.com");
    CHECK(client.request().url.target == "/");
    CHECK(client.request().body == R"({"TableName":"streambot-env"})");
    CHECK(client.header("Content-Type") == "application/x-amz-json-1.0");
    CHECK(client.header("X-Amz-Target") == "DynamoDB_20120810.GetItem");
    CHECK(client.header("X-Amz-Date") == "20150830T123600Z");
    CHECK(client.header("X-Amz-Security-Token") == "token");
    CHECK(
        client.header("Authorization")
            .rfind("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/dynamodb/"
                   "aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;"
                   "x-amz-security-token;x-amz-target, Signature=",
                   0) == 0);
    CHECK(client.transport.limits.at(0).answer_ms == 500);
}

TEST_CASE("AwsClient speaks Lambda's REST-JSON", "[handlers][aws-client]") {
    Client client;
    client.answer(200, R"({"UUID":"u-1"})");
    const auto call = [&](const std::string& operation, const std::string& params) {
        client.aws.call("lambda", "us-east-1", operation, json::parse(params).as_object());
        return client.request().method + " " + client.request().url.target + " " +
               client.request().body;
    };
    const std::string path = "/2015-03-31/event-source-mappings";
    SECTION("ListEventSourceMappings") {
        CHECK(call("ListEventSourceMappings",
                   R"({"EventSourceArn":"arn:aws:kinesis:r:1:stream/s","FunctionName":"f"})") ==
              "GET " + path +
                  "?EventSourceArn=arn%3Aaws%3Akinesis%3Ar%3A1%3Astream%2Fs&FunctionName=f ");
    }
    SECTION("CreateEventSourceMapping") {
        CHECK(call("CreateEventSourceMapping", R"({"FunctionName":"f","BatchSize":1})") ==
              "POST " + path + R"( {"FunctionName":"f","BatchSize":1})");
        CHECK(client.header("Content-Type") == "application/json");
    }
    SECTION("UpdateEventSourceMapping") {
        CHECK(call("UpdateEventSourceMapping", R"({"UUID":"u/1","BatchSize":1})") ==
              "PUT " + path + R"(/u%2F1 {"BatchSize":1})");
    }
    SECTION("DeleteEventSourceMapping") {
        CHECK(call("DeleteEventSourceMapping", R"({"UUID":"u-1"})") == "DELETE " + path + "/u-1 ");
        CHECK(client.header("Content-Type") == "(none)");
    }
    SECTION("GetEventSourceMapping") {
        CHECK(call("GetEventSourceMapping", R"({"UUID":"u-1"})") == "GET " + path + "/u-1 ");
    }
}

TEST_CASE("AwsClient puts objects into S3", "[handlers][aws-client]") {
    Client client;
    client.answer(200, "", {{"ETag", "\"abc\""}});
    json::object params{{"Bucket", "mapbox"}, {"Key", "a b/4957"}, {"Body", "\xFF\xFE raw"}};
    SECTION("under the bucket's host") {
        CHECK(client.aws.call("s3", "us-east-1", "PutObject", params).at("ETag") == "\"abc\"");
        CHECK(client.request().url.authority() == "mapbox.s3.us-east-1.amazonaws.com");
        CHECK(client.request().url.target == "/a%20b/4957");
        CHECK(client.request().body == "\xFF\xFE raw");
    }
    SECTION("under a path when the bucket's name has a dot") {
        params["Bucket"] = "my.bucket";
        client.aws.call("s3", "eu-west-1", "PutObject", params);
        CHECK(client.request().url.authority() == "s3.eu-west-1.amazonaws.com");
        CHECK(client.request().url.target == "/my.bucket/a%20b/4957");
    }
    SECTION("under a path when an endpoint is set") {
        client.variables["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:4566/base/";
        client.aws.call("s3", "us-east-1", "PutObject", params);
        CHECK(client.request().url.authority() == "127.0.0.1:4566");
        CHECK(client.request().url.target == "/base/mapbox/a%20b/4957");
    }
}

TEST_CASE("AwsClient finds its endpoint", "[handlers][aws-client]") {
    Client client;
    client.answer(200, "{}");
    SECTION("in AWS_ENDPOINT_URL_<SERVICE> before AWS_ENDPOINT_URL") {
        client.variables["AWS_ENDPOINT_URL"] = "http://localhost:1";
        client.variables["AWS_ENDPOINT_URL_DYNAMODB"] = "http://localhost:2";
        client.aws.call("dynamodb", "us-east-1", "GetItem", {});
        CHECK(client.request().url.authority() == "localhost:2");
    }
    SECTION("in AWS_ENDPOINT_URL for every other service") {
        client.variables["AWS_ENDPOINT_URL"] = "http://localhost:1";
        client.variables["AWS_ENDPOINT_URL_DYNAMODB"] = "";
        client.aws.call("dynamodb", "us-east-1", "GetItem", {});
        CHECK(client.request().url.authority() == "localhost:1");
    }
    SECTION("in China's domain for its regions") {
        client.aws.call("dynamodb", "cn-north-1", "GetItem", {});
        CHECK(client.request().url.authority() == "dynamodb.cn-north-1.amazonaws.com.cn");
    }
    SECTION("nowhere for a region that is none") {
        const auto region = GENERATE(as<std::string>(), "", "evil.example/", "us east");
        CHECK_THROWS_WITH(client.aws.call("dynamodb", region, "GetItem", {}),
                          Catch::Contains("is not a region"));
        CHECK(client.transport.requests.empty());
    }
}

TEST_CASE("AwsClient reads errors", "[handlers][aws-client]") {
    Client client;
    const auto error_of = [&](const std::string& service, const std::string& operation,
                              const json::object& params) {
        try {
            client.aws.call(service, "us-east-1", operation, params);
        } catch (const AwsError& error) {
            return std::to_string(error.status) + " " + error.code + ": " + error.what();
        }
        return std::string("no error");
    };
    SECTION("of DynamoDB") {
        client.answer(400, R"({"__type":"com.amazon.coral.service#AccessDeniedException",
                               "Message":"User: x is not authorized"})");
        CHECK(error_of("dynamodb", "GetItem", {}) ==
              "400 AccessDeniedException: User: x is not authorized");
        CHECK(client.transport.requests.size() == 1);
    }
    SECTION("of Lambda, whose code is in a header") {
        client.answer(404,
                      R"({"Type":"User","Message":"The resource you requested does not exist."})",
                      {{"x-amzn-ErrorType", "ResourceNotFoundException:http://x/"}});
        CHECK(error_of("lambda", "DeleteEventSourceMapping", {{"UUID", "u"}}) ==
              "404 ResourceNotFoundException: The resource you requested does not exist.");
    }
    SECTION("of S3, which is XML") {
        client.answer(404,
                      "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code>"
                      "<Message>The specified bucket does not exist</Message></Error>");
        CHECK(error_of("s3", "PutObject", {{"Bucket", "b"}, {"Key", "k"}, {"Body", ""}}) ==
              "404 NoSuchBucket: The specified bucket does not exist");
    }
    SECTION("of something that is no AWS") {
        client.answer(404, "<html>");
        CHECK(error_of("dynamodb", "GetItem", {}) == "404 404: ");
    }
    SECTION("that are its own") {
        client.answer(200, "{}");
        CHECK(error_of("s3", "GetObject", {}) ==
              "501 NotImplemented: s3.GetObject is not built into this client");
        CHECK(error_of("sqs", "SendMessage", {}) ==
              "501 NotImplemented: sqs.SendMessage is not built into this client");
        CHECK(error_of("lambda", "DeleteEventSourceMapping", {}) ==
              "400 ValidationException: Missing required key 'UUID' in params");
        client.variables.erase("AWS_SECRET_ACCESS_KEY");
        CHECK(error_of("dynamodb", "GetItem", {}) ==
              "0 CredentialsError: Missing credentials in the environment");
        CHECK(client.transport.requests.empty());
    }
    SECTION("in a success that is not JSON") {
        client.answer(200, "<html>");
        CHECK(error_of("dynamodb", "GetItem", {}) ==
              "0 SerializationError: The answer is not a JSON object");
    }
}

TEST_CASE("AwsClient tries again", "[handlers][aws-client]") {
    Client client;
    client.aws.begin_invocation(kStartMs + 10'000);
    SECTION("what throttling, server errors and a silent or broken network refused") {
        const int kind = GENERATE(0, 1, 2, 3, 4);
        if (kind == 0) client.answer(400, kThrottled);
        if (kind == 1) client.answer(500, R"({"__type":"InternalServerError"})");
        if (kind == 2) client.answer(429, R"({"message":"Rate exceeded"})");
        if (kind == 3) client.fail(HttpFailure::timeout);
        if (kind == 4) client.fail(HttpFailure::connection);
        client.answer(200, "{}");
        CHECK(client.aws.call("dynamodb", "us-east-1", "GetItem", {}).empty());
        CHECK(client.transport.requests.size() == 2);
        CHECK(client.pauses_ms == std::vector<std::int64_t>{50});
    }
    SECTION("with pauses that double up to two seconds, and an end that leaves time to answer") {
        client.answer(400, kThrottled, {{"x-amzn-RequestId", "r-1"}});
        std::string message;
        try {
            client.aws.call("dynamodb", "us-east-1", "PutItem", {});
        } catch (const AwsError& error) {
            CHECK(error.code == "ProvisionedThroughputExceededException");
            CHECK(error.attempts == static_cast<int>(client.transport.requests.size()));
            message = error.what();
        }
        CHECK(message.rfind("The level of configured", 0) == 0);
        CHECK(client.pauses_ms ==
              std::vector<std::int64_t>{50, 100, 200, 400, 800, 1600, 2000, 2000});
        CHECK(client.transport.now_ms <= kStartMs + 9'000);
        CHECK(client.log.at(0) ==
              "[streambot request failed] dynamodb.PutItem | ProvisionedThroughputExceededException"
              " | request id: r-1 | retries: 1");
    }
    SECTION("after 500 ms of silence, and not past the end") {
        client.fail(HttpFailure::timeout);
        CHECK_THROWS_AS(client.aws.call("dynamodb", "us-east-1", "PutItem", {}), AwsError);
        CHECK(client.transport.now_ms <= kStartMs + 9'000);
        CHECK(client.transport.requests.size() > 5);
        CHECK(client.log.at(0).find("TimeoutError | request id: undefined") != std::string::npos);
    }
    SECTION("while a mapping is between two states") {
        client.answer(400, R"({"Type":"User","Message":"Cannot update the event source mapping "})",
                      {{"x-amzn-ErrorType", "ResourceInUseException"}});
        client.answer(202, R"({"UUID":"u"})");
        client.aws.call("lambda", "us-east-1", "UpdateEventSourceMapping", {{"UUID", "u"}});
        CHECK(client.transport.requests.size() == 2);
    }
    SECTION("but neither a refusal nor an untrusted server") {
        const bool is_untrusted = GENERATE(false, true);
        if (is_untrusted) client.fail(HttpFailure::untrusted);
        if (!is_untrusted) client.answer(400, R"({"__type":"x#ValidationException"})");
        CHECK_THROWS_AS(client.aws.call("dynamodb", "us-east-1", "PutItem", {}), AwsError);
        CHECK(client.transport.requests.size() == 1);
        CHECK(client.pauses_ms.empty());
    }
}

TEST_CASE("AwsClient puts responses", "[handlers][aws-client]") {
    Client client;
    client.aws.begin_invocation(kStartMs + 10'000);
    const std::string url = "http://127.0.0.1:4566/arn%3Aaws%7Cx?X-Amz-Signature=ab%2Bc";
    SECTION("with the URL's own scheme, host, port and target, unsigned") {
        client.answer(200, "");
        CHECK(client.aws.put(url, "{}") == 200);
        CHECK(client.request().method == "PUT");
        CHECK(client.request().url.scheme == "http");
        CHECK(client.request().url.authority() == "127.0.0.1:4566");
        CHECK(client.request().url.target == "/arn%3Aaws%7Cx?X-Amz-Signature=ab%2Bc");
        CHECK(client.request().headers.empty());
        CHECK(client.request().body == "{}");
    }
    SECTION("once when it is forbidden") {
        client.answer(403, "<Error/>");
        CHECK(client.aws.put(url, "{}") == 403);
        CHECK(client.transport.requests.size() == 1);
    }
    SECTION("again after a server error or a lost connection") {
        client.answer(503, "");
        client.fail(HttpFailure::connection);
        client.answer(200, "");
        CHECK(client.aws.put(url, "{}") == 200);
        CHECK(client.pauses_ms == std::vector<std::int64_t>{50, 100});
        CHECK(client.log.at(0) == "PUT answered 503 | retries: 1");
    }
    SECTION("until the deadline is near, then says what came last") {
        client.answer(500, "");
        CHECK(client.aws.put(url, "{}") == 500);
        CHECK(client.transport.now_ms < kStartMs + 9'800);
        CHECK(client.transport.now_ms > kStartMs + 7'000);
    }
    SECTION("until the deadline is near when nothing answers") {
        client.fail(HttpFailure::connection);
        CHECK_THROWS_AS(client.aws.put(url, "{}"), AwsError);
        CHECK(client.transport.now_ms < kStartMs + 9'800);
    }
    SECTION("to nothing that is no URL") {
        client.answer(200, "");
        CHECK_THROWS_AS(client.aws.put("not a url", "{}"), AwsError);
        CHECK(client.transport.requests.empty());
    }
}

}  // namespace sbemu::lambda_runtime
