// One HTTP exchange as values, and the seam behind which it is carried out: handlers and the AWS
// client see only this; HttpClient implements it with sockets, tests with scripts.
#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sbemu::lambda_runtime {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Url {
    std::string scheme;  // "http" or "https"
    std::string host;    // without brackets when it is an IPv6 address
    std::string port;    // decimal; the scheme's own when the text has none
    std::string target;  // path and query exactly as written, at least "/"

    // What goes into the Host header: the port only when it is not the scheme's own.
    std::string authority() const;

    // Throws std::invalid_argument, saying what is wrong, on text that is no http or https URL.
    static Url parse(std::string_view text);
};

struct HttpRequest {
    std::string method;
    Url url;
    Headers headers;   // without Host, Connection and Content-Length: the transport adds them
    std::string body;  // any bytes
};

struct HttpResponse {
    int status = 0;
    Headers headers;
    std::string body;

    // The first header of that name (any case), if there is one.
    std::optional<std::string> header(std::string_view name) const;
};

// Milliseconds; 0 waits for ever.
struct HttpTimeouts {
    int connect_ms = 0;  // TCP and TLS
    int answer_ms = 0;   // from the first byte sent to the last byte received
};

enum class HttpFailure {
    timeout,     // no answer in time
    connection,  // refused, reset, unknown host, broken HTTP: may go away by itself
    untrusted,   // the server's certificate is not acceptable: will not go away
};

class HttpError : public std::runtime_error {
  public:
    HttpError(HttpFailure failure, const std::string& message)
        : std::runtime_error(message), failure(failure) {}
    HttpFailure failure;
};

class HttpTransport {
  public:
    virtual ~HttpTransport() = default;
    // Any status is an answer. Throws HttpError when there is none.
    virtual HttpResponse send(const HttpRequest& request, const HttpTimeouts& timeouts) = 0;
};

}  // namespace sbemu::lambda_runtime
