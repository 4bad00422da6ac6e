// The certificate authority of a state folder: signs a certificate per server name, so that
// unmodified programs can speak TLS to real AWS host names that lead here.
#pragma once

#include <openssl/types.h>

#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sbemu {

struct TlsContextDeleter {
    void operator()(SSL_CTX* context) const;
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsContextDeleter>;

// Names it may sign for: amazonaws.com, amazonaws.com.cn, api.aws, on.aws, aws.dev, localhost and
// everything below them, and 127.0.0.0/8; clients refuse anything else (critical name
// constraints), so a stolen key cannot impersonate other sites. Thread-safe. OpenSSL is first
// touched when certificate_file, certificate or tls_context is called.
class CertificateAuthority {
  public:
    enum class Kind {
        // FOLDER/ca.pem and FOLDER/ca-key.pem (mode 0600): made when absent, else used.
        stored,
        // A new one each time; FOLDER/ca.pem is written, the key stays in memory.
        ephemeral,
    };
    // Seconds since 1970.
    using Clock = std::function<std::time_t()>;
    // `folder` is created when something is first written into it. `clock` is what functions see
    // instead of this machine's time: certificates are good at both. It is asked in handshakes.
    explicit CertificateAuthority(std::filesystem::path folder, Kind kind = Kind::stored,
                                  Clock clock = {});
    ~CertificateAuthority();

    // All below throw std::runtime_error, naming the file and what to do, when the stored files
    // cannot be read or written, do not belong together, or have expired.

    // The path of ca.pem; the file exists when this returns.
    std::filesystem::path certificate_file();
    // The content of ca.pem.
    std::string certificate();
    // A server's context: a certificate for the name the client asks for (one for localhost and
    // 127.0.0.1 when it names none, or one outside the constraints), ALPN h2 before http/1.1,
    // TLS 1.2 and later. The authority must outlive it and every connection made with it.
    // asio::ssl::context(context.release()) takes it over.
    TlsContext tls_context();

  private:
    class Keys;
    Keys& keys();

    std::filesystem::path folder_;
    Kind kind_;
    Clock clock_;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sbemu
