// HttpClient over TLS: whom it trusts. The certificate is made here, for the name localhost.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "handlers/runtime/http_client.h"
#include "tests/handlers_tiny_server.h"

namespace sbemu::lambda_runtime {

namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

Certificate self_signed(EVP_PKEY* key) {
    Certificate certificate(X509_new());
    X509* x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    X509_NAME* name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(x, name);
    std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> names(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost"));
    X509_add_ext(x, names.get(), -1);
    X509_sign(x, key, EVP_sha256());
    return certificate;
}

// Accepts `connections` TLS connections, each for up to one request, then stops.
class TlsServer {
  public:
    explicit TlsServer(int connections)
        : key_(EVP_EC_gen("P-256")),
          certificate_(self_signed(key_.get())),
          context_(SSL_CTX_new(TLS_server_method())) {
        SSL_CTX_use_certificate(context_.get(), certificate_.get());
        SSL_CTX_use_PrivateKey(context_.get(), key_.get());
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, generic, size) != 0 || listen(listener_, 8) != 0 ||
            getsockname(listener_, generic, &size) != 0) {
            throw std::runtime_error("cannot listen on loopback");
        }
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, connections] {
            for (int i = 0; i < connections; ++i) serve_one();
        });
    }
    ~TlsServer() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    std::string port() const { return std::to_string(port_); }
    const std::string& server_name() const { return server_name_; }
    void write_certificate(const std::string& path) const {
        std::unique_ptr<FILE, Freed<std::fclose>> file(std::fopen(path.c_str(), "w"));
        PEM_write_X509(file.get(), certificate_.get());
    }

  private:
    void serve_one() {
        const int connection = accept(listener_, nullptr, nullptr);
        if (connection < 0) return;
        const std::unique_ptr<SSL, Freed<SSL_free>> tls(SSL_new(context_.get()));
        SSL_set_fd(tls.get(), connection);
        char bytes[4096];
        if (SSL_accept(tls.get()) == 1 && SSL_read(tls.get(), bytes, sizeof bytes) > 0) {
            const char* name = SSL_get_servername(tls.get(), TLSEXT_NAMETYPE_host_name);
            server_name_ = name == nullptr ? "" : name;
            const std::string answer = sbemu::handlers_test::http_answer("200 OK", "hello");
            SSL_write(tls.get(), answer.data(), static_cast<int>(answer.size()));
            SSL_shutdown(tls.get());
        }
        close(connection);
    }

    Key key_;
    Certificate certificate_;
    std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> context_;
    std::string server_name_;
    int listener_ = -1;
    int port_ = 0;
    std::thread thread_;
};

// SSL_CERT_FILE for the time of a test.
class TrustFile {
  public:
    TrustFile()
        : path_(std::filesystem::temp_directory_path() /
                ("sbemu-handlers-tls-" + std::to_string(getpid()) + ".pem")) {
        if (const char* before = std::getenv("SSL_CERT_FILE")) before_ = before;
        setenv("SSL_CERT_FILE", path_.c_str(), 1);
    }
    ~TrustFile() {
        if (before_) setenv("SSL_CERT_FILE", before_->c_str(), 1);
        if (!before_) unsetenv("SSL_CERT_FILE");
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    TrustFile(const TrustFile&) = delete;
    TrustFile& operator=(const TrustFile&) = delete;
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
    std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("HttpClient over TLS", "[handlers][http-client]") {
    const TrustFile trust;
    TlsServer server(1);
    HttpClient client;
    const auto failure = [&](const std::string& host) {
        const HttpRequest request{
            "GET", Url::parse("https://" + host + ":" + server.port()), {}, ""};
        try {
            client.send(request, {2000, 2000});
        } catch (const HttpError& error) {
            return error.failure;
        }
        FAIL("it was trusted");
        return HttpFailure::connection;
    };
    SECTION("trusts what SSL_CERT_FILE names and says the host's name") {
        server.write_certificate(trust.path());
        const HttpRequest request{
            "GET", Url::parse("https://localhost:" + server.port() + "/x"), {}, ""};
        CHECK(client.send(request, {2000, 2000}).body == "hello");
        CHECK(server.server_name() == "localhost");
    }
    SECTION("trusts no certificate of another name") {
        server.write_certificate(trust.path());
        CHECK(failure("127.0.0.1") == HttpFailure::untrusted);
    }
    SECTION("trusts no certificate of an unknown authority") {
        CHECK(failure("localhost") == HttpFailure::untrusted);
    }
}

}  // namespace sbemu::lambda_runtime
