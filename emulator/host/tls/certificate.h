// Makes and reads the X.509 certificates of the local authority; the profile is the one measured
// with every client in facts/redirect.md 2.
#pragma once

#include <openssl/types.h>

#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace sbemu {

struct OpenSslDeleter {
    void operator()(X509* certificate) const;
    void operator()(EVP_PKEY* key) const;
};
using Certificate = std::unique_ptr<X509, OpenSslDeleter>;
using PrivateKey = std::unique_ptr<EVP_PKEY, OpenSslDeleter>;

struct Authority {
    Certificate certificate;
    PrivateKey key;
};

// P-256.
PrivateKey new_private_key();

// When a certificate is good; seconds since 1970.
struct Validity {
    std::time_t from = 0;
    std::time_t to = 0;

    bool covers(std::time_t moment) const { return from <= moment && moment <= to; }
};

// A self-signed authority for this century, whatever time a function believes it is; with critical
// name constraints.
Certificate new_authority_certificate(EVP_PKEY& key);

// Whether the name constraints of new_authority_certificate let it sign for the name, which is
// lower case. False for what is no host name at all.
bool may_sign_for(std::string_view server_name);

// The validity of a server's certificate that is shown at these two times, the machine's and the
// emulator's: 390 days when they are the same.
Validity server_validity(std::time_t one, std::time_t other);

// A server's certificate: for the name alone, or for localhost and 127.0.0.1 when it is empty.
// `key` is the server's.
Certificate new_server_certificate(const Authority& authority, EVP_PKEY& key,
                                   std::string_view server_name, Validity validity);

std::string to_pem(X509& certificate);
std::string to_pem(EVP_PKEY& key);
// Null when the text is not one.
Certificate certificate_from_pem(std::string_view pem);
PrivateKey private_key_from_pem(std::string_view pem);

}  // namespace sbemu
