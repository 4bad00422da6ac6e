// HTTP/1.1 over TCP and TLS, one exchange at a time, with connections kept for the next one.
#pragma once
#include <memory>

#include "handlers/runtime/http.h"

namespace sbemu::lambda_runtime {

// Certificates are checked against OpenSSL's default paths (SSL_CERT_FILE and SSL_CERT_DIR count)
// and the host's name. OpenSSL is not touched before the first https exchange. Not for use by
// several threads at once.
class HttpClient : public HttpTransport {
  public:
    HttpClient();
    ~HttpClient() override;

    // Makes ready for TLS what the first request would otherwise wait for: OpenSSL itself and the
    // certificates that it trusts.
    void prepare();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    HttpResponse send(const HttpRequest& request, const HttpTimeouts& timeouts) override;

  private:
    class Connections;
    std::unique_ptr<Connections> connections_;
};

}  // namespace sbemu::lambda_runtime
