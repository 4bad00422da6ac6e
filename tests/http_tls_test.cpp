// The same port over TLS and HTTP/2, driven by curl.
#include <array>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "emulator/host/http/http_server.h"
#include "emulator/host/tls/certificate_authority.h"
#include "tests/loop_thread.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

namespace {

constexpr std::size_t kBodyLimit = 40 * 1024 * 1024;

// Answers "METHOD target Host size-of-body", "/big" with a large body; later, not at once.
class TlsServer {
  public:
    TlsServer() {
        HttpOptions options;
        options.body_limit = kBodyLimit;
        options.clock = [] { return from_milliseconds(1488326400000); };
        options.tls_context = [this] {
            if (!context_) context_ = authority_.tls_context();
            return context_.get();
        };
        loop_.run([&] {
            listener_ = std::make_unique<HttpListener>(
                loop_.io(),
                [this](wire::HttpRequest request, HttpListener::Respond respond) {
                    boost::asio::post(loop_.io(),
                                      [request = std::move(request), respond = std::move(respond)] {
                                          answer(request, respond);
                                      });
                },
                options);
            port_ = std::to_string(listener_->listen("127.0.0.1", 0));
        });
    }
    ~TlsServer() {
        loop_.run([&] { listener_.reset(); });
    }

    // What curl prints with these arguments; URL means the server's https URL.
    std::string curl(std::string arguments) {
        const auto at = arguments.find("URL");
        arguments.replace(at, 3, "https://dynamodb.us-east-1.amazonaws.com:" + port_);
        return run_curl(arguments);
    }
    std::string plain_curl(std::string arguments) {
        arguments.replace(arguments.find("URL"), 3, "http://127.0.0.1:" + port_);
        return run_curl(arguments);
    }
    const std::filesystem::path& folder() const { return folder_.path(); }

  private:
    static void answer(const wire::HttpRequest& request, const HttpListener::Respond& respond) {
        if (request.target == "/big") return respond({200, {}, std::string(3'000'000, 'b')});
        std::string host = "no-host";
        for (const auto& [name, value] : request.headers) {
            if (name == "Host") host = value.substr(0, value.find(':'));
        }
        respond({200,
                 {{"X-Test", "yes"}},
                 request.method + " " + request.target + " " + host + " " +
                     std::to_string(request.body.size())});
    }

    std::string run_curl(const std::string& arguments) {
        const std::string command =
            "curl --silent --show-error --max-time 20 --noproxy '*' --cacert " +
            authority_.certificate_file().string() +
            " --connect-to dynamodb.us-east-1.amazonaws.com:" + port_ + ":127.0.0.1:" + port_ +
            " " + arguments + " 2>&1";
        FILE* pipe = ::popen(command.c_str(), "r");
        REQUIRE(pipe);
        std::string output;
        std::array<char, 65536> buffer{};
        for (std::size_t size = 0; (size = ::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
            output.append(buffer.data(), size);
        }
        ::pclose(pipe);
        return output;
    }

    TemporaryFolder folder_;
    CertificateAuthority authority_{folder_.path(), CertificateAuthority::Kind::ephemeral};
    TlsContext context_;
    LoopThread loop_;
    std::unique_ptr<HttpListener> listener_;
    std::string port_;
};

}  // namespace

TEST_CASE("HttpListener over TLS and HTTP/2", "[http][tls]") {
    TlsServer server;
    const std::string upload = (server.folder() / "upload").string();

    SECTION("speaks HTTP/1.1 over TLS") {
        CHECK(server.curl("--http1.1 -i URL/a") ==
              "HTTP/1.1 200 OK\r\nX-Test: yes\r\nDate: Wed, 01 Mar 2017 00:00:00 GMT\r\n"
              "Server: sbemu\r\nContent-Length: 41\r\n\r\n"
              "GET /a dynamodb.us-east-1.amazonaws.com 0");
    }
    SECTION("speaks HTTP/2 over TLS") {
        CHECK(server.curl("--http2 -i URL/a") ==
              "HTTP/2 200 \r\nx-test: yes\r\ndate: Wed, 01 Mar 2017 00:00:00 GMT\r\n"
              "server: sbemu\r\ncontent-length: 41\r\n\r\n"
              "GET /a dynamodb.us-east-1.amazonaws.com 0");
    }
    SECTION("speaks HTTP/2 in the clear to those who know") {
        CHECK(server.plain_curl("--http2-prior-knowledge -d abc URL/b") == "POST /b 127.0.0.1 3");
    }
    SECTION("moves large bodies both ways") {
        std::ofstream(upload) << std::string(30'000'000, 'u');
        const std::string version = GENERATE("--http1.1", "--http2");
        INFO(version);
        CHECK(server.curl(version + " -T " + upload + " URL/up") ==
              "PUT /up dynamodb.us-east-1.amazonaws.com 30000000");
        CHECK(server.curl(version + " URL/big").size() == 3'000'000);
        CHECK(server.curl(version + " -H 'Expect: 100-continue' -T " + upload + " URL/up") ==
              "PUT /up dynamodb.us-east-1.amazonaws.com 30000000");
    }
    SECTION("refuses a body over the limit") {
        std::ofstream(upload) << std::string(kBodyLimit + 1, 'u');
        const std::string version = GENERATE("--http1.1", "--http2");
        INFO(version);
        CHECK(server.curl(version + " -w '%{http_code}' -o /dev/null -T " + upload + " URL/up")
                  .substr(0, 3) == "413");
    }
    SECTION("refuses headers over the limit") {
        const std::string header = " -H 'X-Long: " + std::string(20'000, 'x') + "'";
        const std::string version = GENERATE("--http1.1", "--http2");
        INFO(version);
        CHECK(server.curl(version + header + " -w '%{http_code}' -o /dev/null URL/") == "431");
    }
    SECTION("answers HEAD without a body") {
        const std::string head = server.curl("--http2 -I URL/h");
        CHECK(head.find("content-length: 42") != std::string::npos);
        CHECK(head.find("HEAD") == std::string::npos);
    }
    SECTION("serves many streams of one connection") {
        const std::string answers =
            server.curl("--http2 --parallel --parallel-max 50 'URL/[1-200]' -w '\\n'");
        std::size_t count = 0;
        for (auto at = answers.find("GET /"); at != std::string::npos;
             at = answers.find("GET /", at + 1)) {
            ++count;
        }
        CHECK(count == 200);
        CHECK(answers.find("GET /200 ") != std::string::npos);
    }
}

}  // namespace sbemu
