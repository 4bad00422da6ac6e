// The one file of the handlers that includes Beast and Asio.
#include "handlers/runtime/http_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace sbemu::lambda_runtime {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// Where distributions keep their bundle. A statically linked OpenSSL knows only the paths of the
// distribution it was built on (Debian), not those of the one it runs on (Amazon Linux: the first).
constexpr const char* kTrustBundles[] = {
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
};

void trust_default_authorities(asio::ssl::context& tls) {
    tls.set_default_verify_paths();
    if (std::getenv("SSL_CERT_FILE") != nullptr || std::getenv("SSL_CERT_DIR") != nullptr) return;
    for (const char* bundle : kTrustBundles) {
        error_code error;
        if (!std::filesystem::exists(bundle)) continue;
        tls.load_verify_file(bundle, error);
        if (!error) return;
    }
}

bool is_ip_address(const std::string& host) {
    error_code error;
    asio::ip::make_address(host, error);
    return !error;
}

HttpError failure_of(const std::string& step, const Url& url, const error_code& error) {
    const std::string message = step + " " + url.authority() + ": " + error.message();
    if (error == beast::error::timeout) return {HttpFailure::timeout, message};
    const bool untrusted = error.category() == asio::error::get_ssl_category() &&
                           ERR_GET_REASON(static_cast<unsigned long>(error.value())) ==
                               SSL_R_CERTIFICATE_VERIFY_FAILED;
    return {untrusted ? HttpFailure::untrusted : HttpFailure::connection, message};
}

// One open connection; `tls` is set for https and owns the socket then. Without Beast's streams,
// which would take half of the time this file compiles.
struct Connection {
    std::unique_ptr<tcp::socket> plain;
    std::unique_ptr<asio::ssl::stream<tcp::socket>> tls;

    tcp::socket& socket() { return tls ? tls->next_layer() : *plain; }
    bool is_open() const { return plain || tls; }
};

// As text: Beast's own writing is slow to compile as well.
std::string wire_form(const HttpRequest& request) {
    std::string wire = request.method + " " + request.url.target + " HTTP/1.1\r\n";
    const auto add = [&wire](const std::string& name, const std::string& value) {
        wire += name + ": " + value + "\r\n";
    };
    add("Host", request.url.authority());
    for (const auto& [name, value] : request.headers) add(name, value);
    // It counts bytes, and a POST or PUT without a body still says 0.
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        add("Content-Length", std::to_string(request.body.size()));
    }
    return wire + "\r\n" + request.body;
}

HttpResponse value_form(http::response<http::string_body>&& wire) {
    HttpResponse response;
    response.status = static_cast<int>(wire.result_int());
    for (const auto& field : wire) {
        response.headers.emplace_back(field.name_string(), field.value());
    }
    response.body = std::move(wire.body());
    return response;
}

}  // namespace

class HttpClient::Connections {
  public:
    HttpResponse send(const HttpRequest& request, const HttpTimeouts& timeouts) {
        const std::string key = request.url.scheme + "://" + request.url.authority();
        Connection kept = std::move(idle_[key]);
        idle_.erase(key);
        if (kept.is_open()) {
            // The server may have closed a kept connection meanwhile (or the sandbox was frozen):
            // if it gives nothing at all, the same request goes out once more on a new one.
            bool any_byte_received = false;
            try {
                return exchange(kept, key, request, timeouts, any_byte_received);
            } catch (const HttpError& error) {
                if (error.failure == HttpFailure::timeout || any_byte_received) throw;
            }
        }
        Connection fresh = open(request.url, timeouts);
        bool any_byte_received = false;
        return exchange(fresh, key, request, timeouts, any_byte_received);
    }

    void prepare() { tls(); }

  private:
    using Deadline = std::chrono::steady_clock::time_point;

    static Deadline deadline_in(int milliseconds) {
        if (milliseconds <= 0) return Deadline::max();
        return std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    }

    // Starts one asynchronous operation and runs it to its end, or closes the socket if that does
    // not come before the deadline.
    template <class Start>
    error_code complete(tcp::socket& socket, Deadline deadline, Start start) {
        error_code result = asio::error::would_block;
        start([&result](const error_code& error, auto&&...) { result = error; });
        io_.restart();
        if (deadline == Deadline::max()) {
            io_.run();
        } else {
            io_.run_until(deadline);
        }
        if (io_.stopped()) return result;
        error_code ignored;
        socket.close(ignored);
        io_.run();
        return beast::error::timeout;
    }

    Connection open(const Url& url, const HttpTimeouts& timeouts) {
        error_code error;
        tcp::resolver resolver(io_);
        const auto endpoints = resolver.resolve(url.host, url.port, error);
        if (error) throw failure_of("resolve", url, error);

        Connection connection;
        if (url.scheme == "https") {
            connection.tls = std::make_unique<asio::ssl::stream<tcp::socket>>(io_, tls());
        } else {
            connection.plain = std::make_unique<tcp::socket>(io_);
        }
        tcp::socket& socket = connection.socket();
        error = complete(socket, deadline_in(timeouts.connect_ms),
                         [&](auto done) { asio::async_connect(socket, endpoints, done); });
        if (error) throw failure_of("connect to", url, error);
        socket.set_option(tcp::no_delay(true), error);
        if (connection.tls) handshake(*connection.tls, url, timeouts);
        return connection;
    }

    void handshake(asio::ssl::stream<tcp::socket>& stream, const Url& url,
                   const HttpTimeouts& timeouts) {
        if (!is_ip_address(url.host)) {
            SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str());
        }
        stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
        const error_code error =
            complete(stream.next_layer(), deadline_in(timeouts.connect_ms), [&](auto done) {
                stream.async_handshake(asio::ssl::stream_base::client, std::move(done));
            });
        if (error) throw failure_of("TLS with", url, error);
    }

    HttpResponse exchange(Connection& connection, const std::string& key,
                          const HttpRequest& request, const HttpTimeouts& timeouts,
                          bool& any_byte_received) {
        error_code error = write(connection, wire_form(request), deadline_in(timeouts.answer_ms));
        // A server that answers before it has read everything may close: its answer still counts.
        if (error == beast::error::timeout) throw failure_of(request.method, request.url, error);
        beast::flat_buffer buffer;
        for (;;) {
            http::response_parser<http::string_body> parser;
            parser.body_limit(boost::none);
            parser.eager(true);
            const error_code read_error = read(connection, buffer, parser,
                                               deadline_in(timeouts.answer_ms), any_byte_received);
            if (read_error) {
                throw failure_of(request.method, request.url, error ? error : read_error);
            }
            if (parser.get().result_int() / 100 == 1) continue;  // an interim answer, not the one
            if (!error && parser.keep_alive()) idle_[key] = std::move(connection);
            return value_form(parser.release());
        }
    }

    error_code write(Connection& connection, const std::string& text, Deadline deadline) {
        return complete(connection.socket(), deadline, [&](auto done) {
            if (connection.tls) {
                asio::async_write(*connection.tls, asio::buffer(text), std::move(done));
            } else {
                asio::async_write(*connection.plain, asio::buffer(text), std::move(done));
            }
        });
    }

    // Reads until the parser has a whole answer. What came after it stays in the buffer.
    error_code read(Connection& connection, beast::flat_buffer& buffer,
                    http::response_parser<http::string_body>& parser, Deadline deadline,
                    bool& any_byte_received) {
        error_code error;
        for (;;) {
            if (buffer.size() > 0) {
                buffer.consume(parser.put(buffer.data(), error));
                if (parser.is_done()) return {};
                if (error && error != http::error::need_more) return error;
            }
            error = read_some(connection, buffer, deadline);
            any_byte_received = any_byte_received || buffer.size() > 0;
            if (error == asio::error::eof && parser.got_some()) {
                parser.put_eof(error);
                if (!error && parser.is_done()) return {};
            }
            if (error) return error == asio::error::eof ? http::error::end_of_stream : error;
        }
    }

    error_code read_some(Connection& connection, beast::flat_buffer& buffer, Deadline deadline) {
        constexpr std::size_t kAtOnce = 65536;
        const auto place = buffer.prepare(kAtOnce);
        std::size_t size = 0;
        const error_code error = complete(connection.socket(), deadline, [&](auto done) {
            const auto count = [&size, done](const error_code& result, std::size_t length) {
                size = length;
                done(result);
            };
            if (connection.tls) {
                connection.tls->async_read_some(place, count);
            } else {
                connection.plain->async_read_some(place, count);
            }
        });
        buffer.commit(size);
        return error;
    }

    asio::ssl::context& tls() {
        if (!tls_) {
            tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
            SSL_CTX_set_min_proto_version(tls_->native_handle(), TLS1_2_VERSION);
            tls_->set_verify_mode(asio::ssl::verify_peer);
            trust_default_authorities(*tls_);
        }
        return *tls_;
    }

    asio::io_context io_{1};
    std::unique_ptr<asio::ssl::context> tls_;
    std::map<std::string, Connection> idle_;
};

HttpClient::HttpClient() : connections_(std::make_unique<Connections>()) {}
HttpClient::~HttpClient() = default;

void HttpClient::prepare() { connections_->prepare(); }

HttpResponse HttpClient::send(const HttpRequest& request, const HttpTimeouts& timeouts) {
    return connections_->send(request, timeouts);
}

}  // namespace sbemu::lambda_runtime
