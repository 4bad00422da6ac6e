// A whole sbemu behind its port: AWS calls and its own interface.
#include "emulator/host/server.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/cli/text.h"
#include "emulator/empty_state/empty_state.h"
#include "emulator/host/emulator.h"
#include "emulator/host/http/http_client.h"
#include "fakes/services.h"
#include "tests/loop_thread.h"

namespace sbemu {

namespace {

namespace js = boost::json;

constexpr const char* kCredential =
    "AWS4-HMAC-SHA256 Credential=123456789012/20170301/us-east-1/SERVICE/aws4_request, "
    "SignedHeaders=host, Signature=0";

class TestServer {
  public:
    explicit TestServer(ClockMode clock = ClockMode::virtual_time) {
        ServerOptions options;
        options.port = 0;
        options.clock = clock;
        options.empty_state = empty_state();
        options.seed = 7;
        options.version = "1.2.3";
        loop_.run([&] {
            server_ = std::make_unique<Server>(loop_.io(), all_services(), std::move(options));
        });
        endpoint_ = Endpoint::parse(server_->url());
    }
    ~TestServer() {
        loop_.run([&] { server_.reset(); });
    }

    wire::HttpResponse fetch(std::string method, std::string target, std::string body = "",
                             wire::Headers headers = {}) {
        return sbemu::fetch(
            endpoint_, {std::move(method), std::move(target), std::move(headers), std::move(body)});
    }
    js::value control(std::string method, std::string path, std::string body = "") {
        last_ = fetch(std::move(method), "/_sbemu/" + path, std::move(body));
        return js::parse(last_.body);
    }
    wire::HttpResponse aws(std::string service, std::string method, std::string target,
                           std::string body = "", wire::Headers headers = {}) {
        std::string credential = kCredential;
        credential.replace(credential.find("SERVICE"), 7, service);
        headers.emplace_back("Authorization", credential);
        return fetch(std::move(method), std::move(target), std::move(body), std::move(headers));
    }
    wire::HttpResponse identity() {
        return aws("sts", "POST", "/", "Action=GetCallerIdentity&Version=2011-06-15",
                   {{"Content-Type", "application/x-www-form-urlencoded"}});
    }
    int status() const { return last_.status; }
    const Server& server() const { return *server_; }

  private:
    LoopThread loop_;
    std::unique_ptr<Server> server_;
    Endpoint endpoint_;
    wire::HttpResponse last_;
};

}  // namespace

TEST_CASE("Server", "[server]") {
    TestServer server;

    SECTION("answers AWS calls in their protocol") {
        const auto answer = server.identity();
        CHECK(answer.status == 200);
        CHECK(answer.body.find("<Arn>arn:aws:iam::123456789012:root</Arn>") != std::string::npos);
    }

    SECTION("stores and returns objects") {
        CHECK(server.aws("s3", "PUT", "/bucket").status == 200);
        const std::string bytes("\x00 any \xff bytes", 13);
        CHECK(server.aws("s3", "PUT", "/bucket/key", bytes).status == 200);
        CHECK(server.aws("s3", "GET", "/bucket/key").body == bytes);
    }

    SECTION("answers what it cannot read") {
        const auto answer = server.fetch("POST", "/", "{", {{"X-Amz-Target", "Nobody.Nothing"}});
        CHECK(answer.status >= 400);
        CHECK(answer.body.find("nobody") != std::string::npos);
    }

    SECTION("fails calls as asked, as often as asked") {
        server.control("POST", "fail", R"({"Service": "sts", "Operation": "GetCallerIdentity",
            "Code": "Throttling", "Message": "slow down", "Status": 400})");
        CHECK(server.status() == 200);
        const auto failed = server.identity();
        CHECK(failed.status == 400);
        CHECK(failed.body.find("<Code>Throttling</Code>") != std::string::npos);
        CHECK(server.identity().status == 200);
    }

    SECTION("closes the connection before or amid an answer") {
        const std::string when = GENERATE("before", "half");
        server.control("POST", "fault",
                       R"({"Service": "sts", "Operation": "GetCallerIdentity",
            "Kind": "drop", "When": ")" +
                           when + R"("})");
        CHECK(server.status() == 200);
        CHECK_THROWS(server.identity());
        CHECK(server.identity().status == 200);
        const js::value log = server.control("GET", "fault/log").at("Log");
        REQUIRE(log.as_array().size() == 1);
        CHECK(log.at(0).at("What") == js::value("sts.GetCallerIdentity: drop " + when));
    }

    SECTION("forgets faults when told") {
        server.control("POST", "fail",
                       R"({"Service": "sts", "Operation": "GetCallerIdentity", "Code": "X"})");
        server.control("DELETE", "fail");
        CHECK(server.identity().status == 200);
    }
}

TEST_CASE("Server's own interface", "[server]") {
    TestServer server;

    SECTION("says that it is there") {
        CHECK(server.control("GET", "health") ==
              js::parse(R"({"status": "running", "version": "1.2.3"})"));
    }

    SECTION("says what it does and waits for") {
        server.identity();
        const js::value status = server.control("GET", "status");
        CHECK(status.at("version") == "1.2.3");
        CHECK(status.at("state") == "memory");
        CHECK(status.at("events") == 1);
        CHECK(status.at("calls") == js::parse(R"({"sts": 1})"));
        CHECK(status.at("running") == 0);
        CHECK(status.at("timers") == js::parse("[]"));
        CHECK(status.at("clock").at("mode") == "virtual");
    }

    SECTION("moves a virtual clock") {
        const js::value before = server.control("GET", "status").at("clock").at("now");
        const js::value report =
            server.control("POST", "clock", R"({"advance_milliseconds": 3600000})");
        CHECK(server.status() == 200);
        CHECK(report.at("now") != before);
        CHECK(report.at("timers") == 0);
        CHECK(report.at("settled") == true);
        CHECK(server.control("GET", "status").at("clock").at("now") == report.at("now"));
        CHECK(server.control("POST", "clock", R"({"to_next": true})").at("now") ==
              report.at("now"));
    }

    SECTION("gives its certificate authority") {
        CHECK(server.fetch("GET", "/_sbemu/ca.pem").body.find("BEGIN CERTIFICATE") !=
              std::string::npos);
    }

    SECTION("refuses") {
        auto [wrong, method, path, body, status, error] =
            GENERATE(table<std::string, std::string, std::string, std::string, int, std::string>({
                {"an unknown path", "GET", "nothing", "", 404, "sbemu has no GET /_sbemu/nothing"},
                {"text", "POST", "clock", "soon", 400, "body must be a JSON object"},
                {"a list", "POST", "clock", "[]", 400, "body must be a JSON object"},
                {"no distance", "POST", "clock", "{}", 400, "advance_milliseconds"},
                {"the past", "POST", "clock", R"({"advance_milliseconds": -1})", 400,
                 "not negative"},
                {"two distances", "POST", "clock",
                 R"({"advance_milliseconds": 1, "to_next": true})", 400, "advance_milliseconds"},
                {"a fault without a code", "POST", "fail",
                 R"({"Service": "sts", "Operation": "*"})", 400, "Code is missing"},
                {"a fault with more", "POST", "fail",
                 R"({"Service": "sts", "Operation": "X", "Code": "Y", "Cod": 1})", 400,
                 "there is no Cod"},
                {"a fault that counts in words", "POST", "fail",
                 R"({"Service": "sts", "Operation": "*", "Code": "Y", "Count": "two"})", 400,
                 "Count must be a whole number"},
            }));
        INFO("with " << wrong);
        const js::value answer = server.control(method, path, body);
        CHECK(server.status() == status);
        CHECK_THAT(std::string(answer.at("error").as_string()), Catch::Contains(error));
    }
}

TEST_CASE("Server with a real clock", "[server]") {
    TestServer server(ClockMode::real_time);
    server.control("POST", "fault", R"({"Service": "sts", "Operation": "GetCallerIdentity",
        "Kind": "latency", "Delay": 80})");
    const auto begun = std::chrono::steady_clock::now();
    CHECK(server.identity().status == 200);
    CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(80));
    const js::value answer = server.control("POST", "clock", R"({"advance_milliseconds": 1})");
    CHECK(server.status() == 409);
    CHECK_THAT(std::string(answer.at("error").as_string()), Catch::Contains("sbemu clock freeze"));

    SECTION("can be frozen, moved and resumed, never backwards") {
        const auto now_of = [](const js::value& clock) {
            return std::string(clock.at("now").as_string());
        };
        const js::value frozen = server.control("POST", "clock", R"({"freeze": true})");
        CHECK(frozen.at("mode") == "virtual");
        const js::value moved =
            server.control("POST", "clock", R"({"advance_milliseconds": 3600000})");
        CHECK(server.status() == 200);
        CHECK(now_of(moved) > now_of(frozen));
        const js::value later = server.control("GET", "status");
        CHECK(now_of(later.at("clock")) == now_of(moved));
        const js::value resumed = server.control("POST", "clock", R"({"resume": true})");
        CHECK(resumed.at("mode") == "real");
        CHECK(now_of(resumed) >= now_of(moved));
        const auto seconds = std::chrono::floor<std::chrono::seconds>(wall_time());
        CHECK(now_of(server.control("GET", "status").at("clock")) > iso_time(Time{seconds}));
    }
}

TEST_CASE("Snapshots", "[server]") {
    TestServer server(ClockMode::virtual_time);
    const auto buckets = [&] {
        return server.control("GET", "status").at("events").to_number<std::int64_t>();
    };
    SECTION("are saved, listed, loaded and deleted") {
        const auto before = buckets();
        server.control("POST", "snapshots/one");
        CHECK(server.status() == 200);
        const js::value moved =
            server.control("POST", "clock", R"({"advance_milliseconds": 3600000})");
        CHECK(buckets() > before);
        CHECK(js::serialize(server.control("GET", "snapshots")) == R"({"snapshots":["one"]})");
        const js::value loaded = server.control("POST", "snapshots/one/load");
        CHECK(server.status() == 200);
        CHECK(buckets() == before);
        // The clock goes back with the state.
        CHECK(loaded.at("now").as_string() < moved.at("now").as_string());
        server.control("DELETE", "snapshots/one");
        CHECK(js::serialize(server.control("GET", "snapshots")) == R"({"snapshots":[]})");
    }
    SECTION("have names that are names, and are there") {
        const auto refused = [&](const std::string& path) {
            const js::value answer = server.control("POST", path);
            CHECK(server.status() == 400);
            return std::string(answer.at("error").as_string());
        };
        CHECK_THAT(refused("snapshots/.hidden"), Catch::Contains("is no name for a snapshot"));
        CHECK_THAT(refused("snapshots/a%2fb"), Catch::Contains("is no name for a snapshot"));
        CHECK_THAT(refused("snapshots/none/load"), Catch::Contains("there is no snapshot 'none'"));
        server.control("POST", "snapshots/known");
        CHECK_THAT(refused("snapshots/none/load"), Catch::Contains("there are known"));
    }
    SECTION("and a reset empties the state") {
        server.control("POST", "clock", R"({"advance_milliseconds": 1})");
        CHECK(buckets() > 0);
        server.control("POST", "reset");
        CHECK(server.status() == 200);
        CHECK(buckets() == 0);
    }
}

TEST_CASE("Durations", "[cli]") {
    SECTION("are read with their units") {
        CHECK(parse_duration("90s") == Duration{90'000});
        CHECK(parse_duration("1h30m") == Duration{5'400'000});
        CHECK(parse_duration("2d") == Duration{172'800'000});
        CHECK(parse_duration("250ms") == Duration{250});
        CHECK(parse_duration("1m1ms") == Duration{60'001});
        CHECK(parse_duration("0s") == Duration{0});
        for (const char* wrong : {"", "1", "h", "1x", "-1s", "1s1h", "1s 2ms", "1.5h", "s1",
                                  "99999999999999999999d", "9999999999999d"}) {
            INFO(wrong);
            CHECK_FALSE(parse_duration(wrong).has_value());
        }
    }
    SECTION("are written in two units") {
        CHECK(duration_text(Duration{250}) == "250 ms");
        CHECK(duration_text(Duration{1'550}) == "1.5 s");
        CHECK(duration_text(Duration{200'000}) == "3 min 20 s");
        CHECK(duration_text(Duration{7'500'000}) == "2 h 5 min");
        CHECK(duration_text(Duration{349'200'000}) == "4 d 1 h");
        CHECK(duration_text(Duration{-5}) == "0 ms");
    }
}

}  // namespace sbemu
