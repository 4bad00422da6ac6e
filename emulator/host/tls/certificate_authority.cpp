#include "emulator/host/tls/certificate_authority.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>
#include <system_error>

#include "emulator/host/tls/certificate.h"
#include "emulator/host/tls/whole_file.h"

namespace sbemu {
namespace {

constexpr mode_t kPublicMode = 0644;
constexpr mode_t kSecretMode = 0600;
// About 1 KB each; a client that dials ever new bucket names must not fill the memory.
constexpr std::size_t kMostCachedCertificates = 512;

// Two emulators that start in one folder at the same time must end with one authority.
class FolderLock {
  public:
    explicit FolderLock(const std::filesystem::path& folder)
        : descriptor_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        while (descriptor_ >= 0 && flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~FolderLock() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int descriptor_;
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
    throw std::runtime_error("the certificate authority " + file.string() + " " + what +
                             "; delete ca.pem and ca-key.pem in that folder to get a new one");
}

void create_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        throw std::runtime_error("cannot create the folder " + folder.string() + ": " +
                                 error.message());
    }
}

PrivateKey load_key(const std::filesystem::path& file) {
    PrivateKey key = private_key_from_pem(read_whole_file(file));
    if (!key) refuse(file, "holds no private key");
    // A copied folder may have lost the mode; a failure is no reason to stop.
    struct stat status {};
    if (stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
        static_cast<void>(chmod(file.c_str(), kSecretMode));
    }
    return key;
}

Certificate load_certificate(const std::filesystem::path& file, const EVP_PKEY& key) {
    Certificate certificate = certificate_from_pem(read_whole_file(file));
    if (!certificate) refuse(file, "holds no certificate");
    if (X509_check_private_key(certificate.get(), &key) != 1) {
        refuse(file, "does not belong to the key beside it");
    }
    if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) <= 0) {
        refuse(file, "has expired");
    }
    return certificate;
}

// A key without a certificate is what an interrupted start leaves: it has signed nothing yet.
Authority load_or_create(const std::filesystem::path& folder) {
    create_folder(folder);
    const FolderLock lock(folder);
    const auto certificate_file = folder / "ca.pem";
    const auto key_file = folder / "ca-key.pem";
    const bool has_key = std::filesystem::exists(key_file);
    const bool has_certificate = std::filesystem::exists(certificate_file);
    if (has_certificate && !has_key) refuse(certificate_file, "has lost its key, ca-key.pem");

    Authority authority;
    authority.key = has_key ? load_key(key_file) : new_private_key();
    if (has_certificate) {
        authority.certificate = load_certificate(certificate_file, *authority.key);
        return authority;
    }
    authority.certificate = new_authority_certificate(*authority.key);
    write_whole_file(key_file, to_pem(*authority.key), kSecretMode);
    write_whole_file(certificate_file, to_pem(*authority.certificate), kPublicMode);
    return authority;
}

Authority create_ephemeral(const std::filesystem::path& folder) {
    create_folder(folder);
    Authority authority;
    authority.key = new_private_key();
    authority.certificate = new_authority_certificate(*authority.key);
    write_whole_file(folder / "ca.pem", to_pem(*authority.certificate), kPublicMode);
    return authority;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (char& letter : result) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return result;
}

}  // namespace

// The authority and the certificates it has signed; one key serves all names.
class CertificateAuthority::Keys {
  public:
    Keys(Authority authority, Clock clock)
        : authority_(std::move(authority)),
          clock_(std::move(clock)),
          server_key_(new_private_key()) {}

    const Authority& authority() const { return authority_; }
    EVP_PKEY* server_key() const { return server_key_.get(); }

    // Valid until the caller releases it, whatever the cache does.
    Certificate certificate_for(const std::string& server_name) {
        const std::string name = may_sign_for(server_name) ? server_name : std::string();
        const std::time_t now = std::time(nullptr);
        const std::time_t other = clock_ ? clock_() : now;
        const std::lock_guard lock(mutex_);
        auto found = certificates_.find(name);
        if (found == certificates_.end()) {
            if (order_.size() >= kMostCachedCertificates) {
                certificates_.erase(order_.front());
                order_.pop_front();
            }
            found = certificates_.emplace(name, Shown()).first;
            order_.push_back(name);
        }
        Shown& shown = found->second;
        if (!shown.validity.covers(now) || !shown.validity.covers(other)) {
            shown.validity = server_validity(now, other);
            shown.certificate =
                new_server_certificate(authority_, *server_key_, name, shown.validity);
        }
        X509_up_ref(shown.certificate.get());
        return Certificate(shown.certificate.get());
    }

  private:
    struct Shown {
        Certificate certificate;
        Validity validity;
    };

    Authority authority_;
    Clock clock_;
    PrivateKey server_key_;
    std::mutex mutex_;
    std::map<std::string, Shown> certificates_;
    std::deque<std::string> order_;  // oldest first
};

struct CertificateAuthority::State {
    std::mutex mutex;
    std::unique_ptr<Keys> keys;

    // Called for every handshake, before the certificate is sent.
    static int choose_certificate(SSL* connection, void* keys) {
        const char* name = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
        Keys& chosen = *static_cast<Keys*>(keys);
        try {
            const Certificate certificate =
                chosen.certificate_for(name == nullptr ? std::string() : lower_case(name));
            const bool used = SSL_use_certificate(connection, certificate.get()) == 1 &&
                              SSL_use_PrivateKey(connection, chosen.server_key()) == 1;
            return used ? 1 : 0;
        } catch (const std::exception&) {
            return 0;  // the handshake ends with an alert
        }
    }

    static int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                               const unsigned char* offered, unsigned int offered_size, void*) {
        static constexpr unsigned char kOurs[] = "\x02h2\x08http/1.1";
        unsigned char* found = nullptr;
        const int result =
            SSL_select_next_proto(&found, size, kOurs, sizeof kOurs - 1, offered, offered_size);
        *chosen = found;
        return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
    }
};

void TlsContextDeleter::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

CertificateAuthority::CertificateAuthority(std::filesystem::path folder, Kind kind, Clock clock)
    : folder_(std::filesystem::absolute(folder)),
      kind_(kind),
      clock_(std::move(clock)),
      state_(std::make_unique<State>()) {}

CertificateAuthority::~CertificateAuthority() = default;

CertificateAuthority::Keys& CertificateAuthority::keys() {
    const std::lock_guard lock(state_->mutex);
    if (!state_->keys) {
        state_->keys = std::make_unique<Keys>(
            kind_ == Kind::stored ? load_or_create(folder_) : create_ephemeral(folder_), clock_);
    }
    return *state_->keys;
}

std::filesystem::path CertificateAuthority::certificate_file() {
    keys();
    return folder_ / "ca.pem";
}

std::string CertificateAuthority::certificate() { return to_pem(*keys().authority().certificate); }

TlsContext CertificateAuthority::tls_context() {
    Keys& signing_keys = keys();
    TlsContext context(SSL_CTX_new(TLS_server_method()));
    if (!context) throw std::runtime_error("OpenSSL cannot make a server context");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    // Idle connections give their buffers back: SDKs keep dozens open.
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_cert_cb(context.get(), State::choose_certificate, &signing_keys);
    SSL_CTX_set_alpn_select_cb(context.get(), State::choose_protocol, nullptr);
    return context;
}

}  // namespace sbemu
