#include "emulator/host/tls/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace sbemu {
namespace {

constexpr std::array<std::string_view, 6> kDomains = {
    "amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws", "aws.dev", "localhost"};
constexpr std::time_t kDay = 24L * 60 * 60;
constexpr Validity kThisCentury{946'684'800, 4'102'444'799};
// Apple's clients refuse more than 398.
constexpr std::time_t kServerDays = 390;
constexpr std::size_t kLongestHostName = 253;
constexpr std::size_t kSerialBytes = 16;

void check(bool success, const char* what) {
    if (success) return;
    char reason[256] = "";
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    throw std::runtime_error(std::string("OpenSSL cannot ") + what + ": " + reason);
}

void add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    check(extension != nullptr, "make a certificate extension");
    const int added = X509_add_ext(&certificate, extension, -1);
    X509_EXTENSION_free(extension);
    check(added == 1, "add a certificate extension");
}

void set_random_serial(X509& certificate) {
    std::array<unsigned char, kSerialBytes> bytes{};
    check(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "draw a serial");
    bytes.front() &= 0x7f;
    BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
    const bool set = number != nullptr &&
                     BN_to_ASN1_INTEGER(number, X509_get_serialNumber(&certificate)) != nullptr;
    BN_free(number);
    check(set, "set a serial");
}

// Version, serial, time of validity, names and key: what both kinds share. The subject's common
// name is no server name: those stand in the alternative names, as clients demand.
Certificate new_certificate(EVP_PKEY& key, const char* common_name, Validity validity) {
    Certificate certificate(X509_new());
    check(certificate != nullptr, "make a certificate");
    X509& made = *certificate;
    check(X509_set_version(&made, X509_VERSION_3) == 1, "set the version");
    set_random_serial(made);
    check(ASN1_TIME_set(X509_getm_notBefore(&made), validity.from) != nullptr &&
              ASN1_TIME_set(X509_getm_notAfter(&made), validity.to) != nullptr,
          "set the time of validity");
    X509_NAME* subject = X509_get_subject_name(&made);
    const auto add = [subject](const char* field, const char* text) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(text);
        check(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, bytes, -1, -1, 0) == 1,
              "name a certificate");
    };
    add("O", "sbemu");
    add("CN", common_name);
    check(X509_set_pubkey(&made, &key) == 1, "set the key");
    return certificate;
}

template <typename Write>
std::string written(Write write) {
    std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    check(memory != nullptr && write(memory.get()) == 1, "write PEM");
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::unique_ptr<BIO, decltype(&BIO_free)> reader(std::string_view text) {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

// A password is never asked for on the terminal.
int no_password(char*, int, int, void*) { return 0; }

}  // namespace

void OpenSslDeleter::operator()(X509* certificate) const { X509_free(certificate); }
void OpenSslDeleter::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

PrivateKey new_private_key() {
    PrivateKey key(EVP_EC_gen("P-256"));
    check(key != nullptr, "make a key");
    return key;
}

Certificate new_authority_certificate(EVP_PKEY& key) {
    Certificate certificate =
        new_certificate(key, "sbemu local certificate authority", kThisCentury);
    X509& made = *certificate;
    check(X509_set_issuer_name(&made, X509_get_subject_name(&made)) == 1, "name the issuer");
    add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign");
    std::string constraints = "critical";
    for (const std::string_view domain : kDomains) {
        constraints += ",permitted;DNS:" + std::string(domain);
    }
    constraints += ",permitted;IP:127.0.0.0/255.0.0.0";
    add_extension(made, made, NID_name_constraints, constraints);
    add_extension(made, made, NID_subject_key_identifier, "hash");
    add_extension(made, made, NID_authority_key_identifier, "keyid:always");
    check(X509_sign(&made, &key, EVP_sha256()) != 0, "sign a certificate");
    return certificate;
}

bool may_sign_for(std::string_view server_name) {
    if (server_name.empty() || server_name.size() > kLongestHostName) return false;
    // Nothing that the text form of the alternative names below could misread.
    for (const char letter : server_name) {
        const bool allowed = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                             letter == '-' || letter == '.' || letter == '_';
        if (!allowed) return false;
    }
    if (server_name.front() == '.' || server_name.find("..") != std::string_view::npos) {
        return false;
    }
    for (const std::string_view domain : kDomains) {
        if (!server_name.ends_with(domain)) continue;
        if (server_name.size() == domain.size()) return true;
        if (server_name[server_name.size() - domain.size() - 1] == '.') return true;
    }
    return false;
}

Validity server_validity(std::time_t one, std::time_t other) {
    return {std::min(one, other) - kDay, std::max(one, other) + (kServerDays - 1) * kDay};
}

Certificate new_server_certificate(const Authority& authority, EVP_PKEY& key,
                                   std::string_view server_name, Validity validity) {
    Certificate certificate = new_certificate(key, "sbemu", validity);
    X509& made = *certificate;
    X509& issuer = *authority.certificate;
    check(X509_set_issuer_name(&made, X509_get_subject_name(&issuer)) == 1, "name the issuer");
    add_extension(made, issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made, issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(made, issuer, NID_ext_key_usage, "serverAuth");
    add_extension(
        made, issuer, NID_subject_alt_name,
        server_name.empty() ? "DNS:localhost,IP:127.0.0.1" : "DNS:" + std::string(server_name));
    add_extension(made, issuer, NID_subject_key_identifier, "hash");
    add_extension(made, issuer, NID_authority_key_identifier, "keyid:always");
    check(X509_sign(&made, authority.key.get(), EVP_sha256()) != 0, "sign a certificate");
    return certificate;
}

std::string to_pem(X509& certificate) {
    return written([&](BIO* memory) { return PEM_write_bio_X509(memory, &certificate); });
}

std::string to_pem(EVP_PKEY& key) {
    return written([&](BIO* memory) {
        return PEM_write_bio_PKCS8PrivateKey(memory, &key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

Certificate certificate_from_pem(std::string_view pem) {
    Certificate certificate(PEM_read_bio_X509(reader(pem).get(), nullptr, no_password, nullptr));
    ERR_clear_error();
    return certificate;
}

PrivateKey private_key_from_pem(std::string_view pem) {
    PrivateKey key(PEM_read_bio_PrivateKey(reader(pem).get(), nullptr, no_password, nullptr));
    ERR_clear_error();
    return key;
}

}  // namespace sbemu
