// The protocol side of one connection: bytes in, requests out; answers in, bytes out.
// Knows no sockets: http_server.cpp moves the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/time.h"
#include "emulator/wire/wire.h"

namespace sbemu {

struct SessionOptions {
    std::size_t header_limit = 16UL * 1024;
    std::size_t body_limit = 100UL * 1024 * 1024;
    std::function<Time()> clock;  // for the Date header
};

class HttpSession {
  public:
    // Called with each whole request. The number is handed back in respond().
    using OnRequest = std::function<void(std::uint64_t number, wire::HttpRequest request)>;

    virtual ~HttpSession() = default;

    // Takes what the client sent; complete requests go to OnRequest before this returns.
    // An empty text goes on with what was left while paused.
    virtual void receive(std::string_view bytes) = 0;
    // The client will send no more, but may still read.
    virtual void receive_end() = 0;
    // The answer to a request. Ignored if the client has given the request up.
    virtual void respond(std::uint64_t number, wire::HttpResponse response) = 0;

    // What is to be sent next, in order; empty when there is nothing. Call again once it is sent.
    virtual std::vector<std::string> take_output() = 0;
    // Nothing more comes out: close when the output is sent.
    virtual bool finished() const = 0;
    // So many requests wait for their answers that reading should stop.
    virtual bool paused() const = 0;
    // Requests that were handed out and not answered.
    virtual std::size_t unanswered() const = 0;
};

// `options` must outlive the session.
std::unique_ptr<HttpSession> make_http1_session(const SessionOptions& options,
                                                HttpSession::OnRequest on_request);
std::unique_ptr<HttpSession> make_http2_session(const SessionOptions& options,
                                                HttpSession::OnRequest on_request);

// What an HTTP/2 client that knows what it speaks to sends first (RFC 9113 3.4).
inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// The answer to what is not a request sbemu can read: `code` and why, as JSON.
wire::HttpResponse refusal(int status, std::string_view code, const std::string& message);
// As S3 answers when the credential scope in `authorization` or in the target is S3's, else as the
// JSON services do.
wire::HttpResponse body_too_large(std::size_t limit, std::string_view authorization,
                                  std::string_view target);

// The same name but for the case of ASCII letters, as header names are compared.
bool same_header_name(std::string_view one, std::string_view other);
// The first value of that header; nullptr if absent.
const std::string* find_header(const wire::Headers& headers, std::string_view name);

}  // namespace sbemu
