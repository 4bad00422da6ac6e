// HttpClient against a server on loopback.
#include <catch2/catch.hpp>

#include "handlers/runtime/http_client.h"
#include "tests/handlers_tiny_server.h"

namespace sbemu::lambda_runtime {

using handlers_test::http_answer;
using handlers_test::TinyServer;

namespace {

HttpRequest request_to(const std::string& url, const std::string& method = "GET",
                       const std::string& body = "") {
    return {method, Url::parse(url), {}, body};
}

HttpFailure failure_of(HttpClient& client, const HttpRequest& request,
                       const HttpTimeouts& timeouts = {}) {
    try {
        client.send(request, timeouts);
    } catch (const HttpError& error) {
        return error.failure;
    }
    FAIL("there was an answer");
    return HttpFailure::connection;
}

}  // namespace

TEST_CASE("HttpClient sends", "[handlers][http-client]") {
    HttpClient client;
    SECTION("the target as written, the port in Host, and bytes counted as bytes") {
        TinyServer server({{http_answer("200 OK", "")}});
        HttpRequest request = request_to(server.url("/a%7Cb?c=%2B"), "PUT", "\"é€😀\"");
        request.headers = {{"X-One", "1"}};
        client.send(request, {});
        const std::string sent = server.requests().at(0);
        CHECK(sent.rfind("PUT /a%7Cb?c=%2B HTTP/1.1\r\n", 0) == 0);
        CHECK(sent.find("\r\nHost: " + server.address() + "\r\n") != sent.npos);
        CHECK(sent.find("\r\nX-One: 1\r\n") != sent.npos);
        CHECK(sent.find("\r\nContent-Length: 11\r\n") != sent.npos);
        CHECK(sent.substr(sent.size() - 11) == "\"é€😀\"");
    }
    SECTION("Content-Length 0 with an empty PUT and none with a GET") {
        TinyServer server({{http_answer("200 OK", "")}, {http_answer("200 OK", "")}});
        client.send(request_to(server.url("/"), "PUT"), {});
        client.send(request_to(server.url("/")), {});
        CHECK(server.requests().at(0).find("Content-Length: 0\r\n") != std::string::npos);
        CHECK(server.requests().at(1).find("Content-Length") == std::string::npos);
    }
}

TEST_CASE("HttpClient receives", "[handlers][http-client]") {
    HttpClient client;
    SECTION("status, headers and body") {
        TinyServer server({{http_answer("404 Not Found", "gone", "X-Reason: far\r\n")}});
        const HttpResponse response = client.send(request_to(server.url("/")), {});
        CHECK(response.status == 404);
        CHECK(response.header("x-reason") == std::string("far"));
        CHECK(response.body == "gone");
    }
    SECTION("a chunked body") {
        TinyServer server(
            {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"}});
        CHECK(client.send(request_to(server.url("/")), {}).body == "abcd");
    }
    SECTION("a body that ends with the connection") {
        TinyServer server({{"HTTP/1.1 200 OK\r\n\r\nabc", true}});
        CHECK(client.send(request_to(server.url("/")), {}).body == "abc");
    }
    SECTION("the answer behind an interim one") {
        TinyServer server({{"HTTP/1.1 100 Continue\r\n\r\n" + http_answer("200 OK", "x")}});
        CHECK(client.send(request_to(server.url("/"), "PUT", "y"), {}).body == "x");
    }
}

TEST_CASE("HttpClient keeps connections", "[handlers][http-client]") {
    HttpClient client;
    SECTION("for the next request to the same host") {
        TinyServer server({{http_answer("200 OK", "1")}, {http_answer("200 OK", "2")}});
        client.send(request_to(server.url("/")), {});
        CHECK(client.send(request_to(server.url("/")), {}).body == "2");
        CHECK(server.connections() == 1);
    }
    SECTION("unless the server says close") {
        TinyServer server({{http_answer("200 OK", "1", "Connection: close\r\n"), true},
                           {http_answer("200 OK", "2")}});
        client.send(request_to(server.url("/")), {});
        CHECK(client.send(request_to(server.url("/")), {}).body == "2");
        CHECK(server.connections() == 2);
    }
    SECTION("and opens a new one when the kept one has gone") {
        TinyServer server({{http_answer("200 OK", "1"), true}, {http_answer("200 OK", "2")}});
        client.send(request_to(server.url("/")), {});
        CHECK(client.send(request_to(server.url("/"), "PUT", "again"), {}).body == "2");
        CHECK(server.connections() == 2);
    }
}

TEST_CASE("HttpClient fails", "[handlers][http-client]") {
    HttpClient client;
    SECTION("when nothing listens") {
        std::string url;
        {
            TinyServer closed({});
            url = closed.url("/");
        }
        CHECK(failure_of(client, request_to(url)) == HttpFailure::connection);
    }
    SECTION("when the name is unknown") {
        CHECK(failure_of(client, request_to("http://nowhere.invalid/")) == HttpFailure::connection);
    }
    SECTION("when the server hangs up without an answer") {
        TinyServer server({{"", true}});
        CHECK(failure_of(client, request_to(server.url("/"))) == HttpFailure::connection);
    }
    SECTION("when the body ends too early") {
        TinyServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", true}});
        CHECK(failure_of(client, request_to(server.url("/"))) == HttpFailure::connection);
    }
    SECTION("when the answer is no HTTP") {
        TinyServer server({{"hello\r\n\r\n", true}});
        CHECK(failure_of(client, request_to(server.url("/"))) == HttpFailure::connection);
    }
    SECTION("when the answer takes too long, and works again afterwards") {
        TinyServer server(
            {{http_answer("200 OK", "late"), true, 150}, {http_answer("200 OK", "x")}});
        CHECK(failure_of(client, request_to(server.url("/")), {1000, 30}) == HttpFailure::timeout);
        CHECK(client.send(request_to(server.url("/")), {}).body == "x");
    }
}

}  // namespace sbemu::lambda_runtime
