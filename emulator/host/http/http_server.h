// One port that speaks HTTP/1.1, HTTP/2 and both of them over TLS, told apart by the first bytes.
#pragma once

#include <openssl/types.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "emulator/core/time.h"
#include "emulator/wire/wire.h"

namespace sbemu {

// A response with this header is not a whole one: "before" closes the connection instead of
// answering, "half" after the first half of the answer's bytes. No real header has a colon in it.
inline constexpr const char* kDropHeader = ":drop";

struct HttpOptions {
    // Larger requests are answered 431 and 413.
    std::size_t header_limit = 16UL * 1024;
    std::size_t body_limit = 100UL * 1024 * 1024;
    // How long a connection may do nothing before it is closed. Waiting for an answer of ours
    // does not count.
    std::chrono::seconds idle_timeout{300};
    // The server's TLS context; asked for when the first client speaks TLS, and once per
    // connection. Without it TLS clients are disconnected. What it throws is logged.
    std::function<SSL_CTX*()> tls_context;
    // For the Date header; the wall clock if empty.
    std::function<Time()> clock;
    // How many answers the handler gives in a row, this one among them. Where it is given, they
    // are sent by a thread of their own when that is quicker.
    std::function<std::size_t()> answers_at_once = {};
};

// Belongs to the thread that runs the io_context, as everything it calls does.
class HttpListener {
  public:
    // Answers one request: now or later, once. Does nothing if the client or the listener is gone.
    using Respond = std::function<void(wire::HttpResponse)>;
    using Handler = std::function<void(wire::HttpRequest, Respond)>;

    HttpListener(boost::asio::io_context& io, Handler handler, HttpOptions options = {});
    ~HttpListener();  // closes
    HttpListener(const HttpListener&) = delete;
    HttpListener& operator=(const HttpListener&) = delete;

    // Starts to accept; `port` 0 takes a free one. Returns the port. `address` is an IP address or
    // "localhost". Throws std::system_error (errc::address_in_use) and std::invalid_argument.
    std::uint16_t listen(const std::string& address, std::uint16_t port);

    // Stops accepting and closes every connection. May be called from a handler.
    void close();

  private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace sbemu
