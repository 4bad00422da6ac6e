// The port: what clients and broken clients send over raw sockets.
#include "emulator/host/http/http_server.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>
#include <deque>
#include <optional>
#include <thread>

#include "emulator/host/http/http_client.h"
#include "tests/loop_thread.h"
#include "tests/raw_client.h"

namespace sbemu {

namespace {

constexpr std::size_t kBodyLimit = 4 * 1024 * 1024;

enum class SentBy { connection, sender };

// Answers "METHOD target body"; "/later" waits until a request for "/now" was answered; "/big"
// gives a large body, "/medium" one that goes out in a piece with its head.
class EchoServer {
  public:
    explicit EchoServer(SentBy sent_by = SentBy::connection) {
        HttpOptions options;
        if (sent_by == SentBy::sender) {
            options.answers_at_once = [] { return std::size_t{100}; };
        }
        options.body_limit = kBodyLimit;
        options.clock = [] { return from_milliseconds(1488326400000); };
        loop_.run([&] {
            listener_ = std::make_unique<HttpListener>(
                loop_.io(),
                [this](wire::HttpRequest request, HttpListener::Respond respond) {
                    answer(std::move(request), std::move(respond));
                },
                options);
            port_ = listener_->listen("127.0.0.1", 0);
        });
    }
    ~EchoServer() {
        loop_.run([&] { listener_.reset(); });
    }

    std::uint16_t port() const { return port_; }
    void close() {
        loop_.run([&] { listener_->close(); });
    }

  private:
    void answer(wire::HttpRequest request, HttpListener::Respond respond) {
        if (request.target == "/later") {
            late_.push_back(std::move(respond));
            return;
        }
        if (request.target == "/nothing") return respond({204, {}, ""});
        if (request.target == "/big") return respond({200, {}, std::string(3'000'000, 'b')});
        if (request.target == "/medium") return respond({200, {}, std::string(16'000, '#')});
        if (request.target == "/length") {
            return respond({200, {{"Content-Length", "12345"}, {"Server", "AmazonS3"}}, ""});
        }
        const std::string text =
            request.method + " " + request.target + " " +
            (request.body.size() > 1000 ? std::to_string(request.body.size()) : request.body);
        respond({200, {{"X-Test", "yes"}}, text});
        for (const auto& late : late_) late({200, {}, "late"});
        late_.clear();
    }

    LoopThread loop_;
    std::unique_ptr<HttpListener> listener_;
    std::vector<HttpListener::Respond> late_;
    std::uint16_t port_ = 0;
};

std::string get(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string post(std::string_view body, std::size_t announced) {
    return "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(announced) +
           "\r\n\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("HttpListener over HTTP/1.1", "[http]") {
    EchoServer server(GENERATE(SentBy::connection, SentBy::sender));
    RawClient client(server.port());

    SECTION("answers with its own headers and keeps the connection") {
        client.send(get("/a?b=%20"));
        CHECK(client.until("GET /a?b=%20 ") ==
              "HTTP/1.1 200 OK\r\nX-Test: yes\r\nDate: Wed, 01 Mar 2017 00:00:00 GMT\r\n"
              "Server: sbemu\r\nContent-Length: 13\r\n\r\nGET /a?b=%20 ");
        client.send(get("/again"));
        CHECK(client.until("GET /again ").find("200 OK") != std::string::npos);
    }

    SECTION("answers pipelined requests in their order") {
        client.send(get("/later") + get("/now") + post("xyz", 3));
        const std::string answers = client.until("POST /p xyz");
        CHECK(answers.find("late") < answers.find("GET /now"));
        CHECK(answers.find("GET /now") < answers.find("POST /p xyz"));
    }

    SECTION("answers hundreds of pipelined requests") {
        std::string requests;
        for (int i = 0; i < 500; ++i) requests += get("/" + std::to_string(i));
        client.send(requests);
        for (int i = 0; i < 500; ++i) {
            const std::string target = "GET /" + std::to_string(i) + " ";
            REQUIRE(client.until(target).find("MISSING") == std::string::npos);
        }
    }

    SECTION("answers a client that reads later than the socket can hold") {
        constexpr std::ptrdiff_t kRequests = 1000;  // 16 MB of answers
        std::string requests;
        for (std::ptrdiff_t i = 0; i < kRequests; ++i) requests += get("/medium");
        client.send(requests + get("/last"));
        std::this_thread::sleep_for(std::chrono::milliseconds{50});  // until the socket is full
        const std::string answers = client.until("GET /last ");
        CHECK(std::count(answers.begin(), answers.end(), '#') == kRequests * 16'000);
    }

    SECTION("goes on when a client leaves without reading") {
        std::string requests;
        for (int i = 0; i < 200; ++i) requests += get("/medium");
        std::optional<RawClient> leaving(std::in_place, server.port());
        leaving->send(requests);
        leaving.reset();
        CHECK(client.send(get("/alive")).until("GET /alive ").find("200 OK") != std::string::npos);
    }

    SECTION("asks for the body that waits for 100-continue, and only then") {
        client.send(
            "PUT /up HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        CHECK(client.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
        CHECK(client.quiet());
        client.send("hello");
        CHECK(client.until("PUT /up hello").substr(0, 15) == "HTTP/1.1 200 OK");
    }

    SECTION("refuses a body announced too large instead of asking for it") {
        client.send(
            "PUT /up HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
            "Content-Length: 4194305\r\n\r\n");
        const std::string answer = client.rest();
        CHECK(answer.substr(0, 12) == "HTTP/1.1 413");
        CHECK(answer.find("larger than sbemu accepts (4194304 bytes)") != std::string::npos);
    }

    SECTION("refuses it in S3's manner when it is for S3") {
        client.send(
            "PUT /b/k HTTP/1.1\r\nHost: a\r\nContent-Length: 4194305\r\nAuthorization: "
            "AWS4-HMAC-SHA256 Credential=1/20170301/us-east-1/s3/aws4_request\r\n\r\n");
        const std::string answer = client.rest();
        CHECK(answer.substr(0, 12) == "HTTP/1.1 400");
        CHECK(answer.find("<Error><Code>EntityTooLarge</Code>") != std::string::npos);
    }

    SECTION("refuses another expectation, and a request without Host") {
        auto [request, status] = GENERATE(table<std::string, std::string>({
            {"PUT /up HTTP/1.1\r\nHost: a\r\nExpect: more\r\nContent-Length: 5\r\n\r\n",
             "HTTP/1.1 417"},
            {"GET / HTTP/1.1\r\nAccept: a\r\n\r\n", "HTTP/1.1 400"},
        }));
        client.send(request);
        CHECK(client.rest().substr(0, 12) == status);
    }

    SECTION("lets a client that sends too much read the answer") {
        client.send(post(std::string(kBodyLimit + 1, 'x'), kBodyLimit + 1));
        CHECK(client.until("\r\n").substr(0, 12) == "HTTP/1.1 413");
    }

    SECTION("refuses chunks that add up to too much") {
        client.send("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
        for (int i = 0; i < 5; ++i) client.send(chunk);
        CHECK(client.until("\r\n").substr(0, 12) == "HTTP/1.1 413");
    }

    SECTION("reads chunked bodies, byte by byte if need be") {
        const std::string request =
            "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n";
        for (const char byte : request) client.send({&byte, 1});
        CHECK(client.until("POST /p hello world").find("200 OK") != std::string::npos);
    }

    SECTION("reads and writes large bodies") {
        client.send(post(std::string(3'000'000, 'x'), 3'000'000));
        CHECK(client.until("POST /p 3000000").find("200 OK") != std::string::npos);
        client.send(get("/big") + get("/after"));
        CHECK(client.until("GET /after ").size() > 3'000'000);
    }

    SECTION("answers HEAD without a body but with its length") {
        client.send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n" + get("/next"));
        CHECK(client.until("GET /next ").find("Content-Length: 8\r\n\r\nHTTP/1.1 200 OK") !=
              std::string::npos);
        client.send("HEAD /length HTTP/1.1\r\nHost: a\r\n\r\n");
        const std::string head = client.until("\r\n\r\n");
        CHECK(head.find("Content-Length: 12345\r\n") != std::string::npos);
        CHECK(head.find("Server: AmazonS3\r\n") != std::string::npos);
        CHECK(head.find("sbemu") == std::string::npos);
    }

    SECTION("answers 204 without a length") {
        client.send(get("/nothing"));
        CHECK(client.until("\r\n\r\n").find("Content-Length") == std::string::npos);
    }

    SECTION("answers first when more bytes come than were announced, then closes") {
        // facts/streambot.md 4.5
        client.send(post(R"({"a":"xx"}"})", 10));
        const std::string all = client.rest();
        CHECK(all.find(R"(POST /p {"a":"xx"})") != std::string::npos);
        CHECK(all.find("Connection: close") != std::string::npos);
        CHECK(all.find("400") == std::string::npos);
    }

    SECTION("closes quietly when such bytes come after the answer") {
        client.send(post("ab", 2));
        CHECK(client.until("POST /p ab").find("Connection") == std::string::npos);
        client.send("\"}");
        CHECK(client.rest().empty());
    }

    SECTION("answers a client that has closed its side") {
        client.send(get("/half"));
        client.end_of_input();
        CHECK(client.rest().find("GET /half ") != std::string::npos);
    }

    SECTION("closes after an answer when the client wants it") {
        client.send("GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        CHECK(client.rest().find("Connection: close\r\n") != std::string::npos);
    }

    SECTION("speaks HTTP/1.0") {
        client.send("GET /one HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CHECK(client.until("GET /one ").find("Connection: keep-alive\r\n") != std::string::npos);
        client.send("GET /two HTTP/1.0\r\n\r\n");
        CHECK(client.rest().find("GET /two ") != std::string::npos);
    }

    SECTION("takes the path of a proxy's request") {
        client.send("GET http://s3.amazonaws.com/b/k?x HTTP/1.1\r\nHost: s3.amazonaws.com\r\n\r\n");
        CHECK(client.until("GET /b/k?x ").find("200 OK") != std::string::npos);
    }

    SECTION("closes what waits when it is closed itself") {
        client.send(get("/later") + get("/never"));
        client.until("GET /never ");
        client.send(get("/later"));
        server.close();
        CHECK(client.rest().empty());
    }
}

TEST_CASE("HttpListener refuses what is not HTTP", "[http]") {
    EchoServer server;
    RawClient client(server.port());
    auto [wrong, bytes, status] = GENERATE(table<std::string, std::string, std::string>({
        {"a line of text", "hello there\r\n\r\n", "400"},
        {"bytes", std::string("\x01\x02\x00\xff", 4), "400"},
        {"no version", "GET /\r\n\r\n", "400"},
        {"a header without a colon", "GET / HTTP/1.1\r\nHost a\r\n\r\n", "400"},
        {"a length that is no number", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "400"},
        {"two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"},
        {"a bad chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
         "400"},
        {"headers without end", "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x'), "431"},
    }));
    INFO("with " << wrong);
    client.send(bytes);
    const std::string answer = client.rest();
    CHECK(answer.substr(0, 12) == "HTTP/1.1 " + status);
    CHECK(answer.find(R"("message":")") != std::string::npos);

    RawClient other(server.port());
    other.send(get("/alive"));
    CHECK(other.until("GET /alive ").find("200 OK") != std::string::npos);
}

TEST_CASE("HttpListener serves many clients at once", "[http]") {
    EchoServer server(GENERATE(SentBy::connection, SentBy::sender));
    std::deque<RawClient> clients;
    for (int i = 0; i < 200; ++i) clients.emplace_back(server.port());
    for (RawClient& client : clients) client.send(get("/later"));
    RawClient(server.port()).send(get("/now")).until("GET /now ");
    for (RawClient& client : clients) {
        REQUIRE(client.until("late").substr(0, 15) == "HTTP/1.1 200 OK");
    }
}

// Asio gives what it knows of a closed socket to the next one that is opened, with the events that
// came for the closed one and have not been looked at.
TEST_CASE("HttpListener keeps a connection that was made while others were closed", "[http]") {
    boost::asio::io_context io{1};
    HttpListener function(io, {});
    HttpListener emulator(io, [&](const wire::HttpRequest&, HttpListener::Respond respond) {
        function.close();
        respond({200, {}, "closed"});
    });
    const std::uint16_t function_port = function.listen("127.0.0.1", 0);
    const std::uint16_t port = emulator.listen("127.0.0.1", 0);
    const auto serve = [&] {
        while (io.poll() > 0) {
        }
    };
    RawClient ended(function_port);
    RawClient ending(port);
    ending.send("GET /");
    ended.send("GET /");
    serve();

    // In this order the events are found, in one turn.
    ending.send(" HTTP/1.1\r\nHost: a\r\n\r\n");
    RawClient fresh(port);
    ended.send("x");
    serve();
    CHECK(ending.until("closed").substr(0, 15) == "HTTP/1.1 200 OK");
    fresh.send(get("/"));
    serve();
    CHECK(fresh.until("closed").substr(0, 15) == "HTTP/1.1 200 OK");
}

TEST_CASE("HttpListener says why it cannot listen", "[http]") {
    EchoServer server;
    boost::asio::io_context io;
    HttpListener other(io, {});
    CHECK_THROWS_AS(other.listen("localhost.nowhere", 0), std::invalid_argument);
    try {
        other.listen("127.0.0.1", server.port());
        FAIL("it listens");
    } catch (const std::system_error& error) {
        CHECK(error.code() == std::errc::address_in_use);
    }
}

TEST_CASE("fetch", "[http]") {
    EchoServer server;
    const Endpoint endpoint = Endpoint::parse("http://127.0.0.1:" + std::to_string(server.port()));

    SECTION("sends a request and returns the answer") {
        const auto response = fetch(endpoint, {"POST", "/f", {{"A", "b"}}, "body"});
        CHECK(response.status == 200);
        CHECK(response.body == "POST /f body");
        CHECK(fetch(endpoint, {"GET", "/big", {}, ""}).body.size() == 3'000'000);
    }
    SECTION("says that nobody answers") {
        CHECK_THROWS_AS(fetch(Endpoint::parse("http://127.0.0.1:1"), {"GET", "/", {}, ""}),
                        UnreachableError);
    }
    SECTION("knows an endpoint") {
        CHECK(Endpoint::parse("http://localhost:4566/").url() == "http://localhost:4566");
        CHECK(Endpoint::parse("http://[::1]:80").url() == "http://[::1]:80");
        CHECK(Endpoint::parse("http://a").port == 80);
        for (const char* wrong :
             {"", "a:1", "https://a:1", "http://", "http://a:x", "http://a/b"}) {
            INFO(wrong);
            CHECK_THROWS_AS(Endpoint::parse(wrong), std::invalid_argument);
        }
    }
}

}  // namespace sbemu
