// Makes and reads the X.509 certificates of the local authority; the profile is the one measured
// with every client in facts/redirect.md 2.
#pragma once

#include <openssl/types.h>

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

// A self-signed authority for ten years, with critical name constraints.
Certificate new_authority_certificate(EVP_PKEY& key);

// Whether the name constraints of new_authority_certificate let it sign for the name, which is
// lower case. False for what is no host name at all.
bool may_sign_for(std::string_view server_name);

// A server's certificate for 390 days: for the name alone, or for localhost and 127.0.0.1 when it
// is empty. `key` is the server's.
Certificate new_server_certificate(const Authority& authority, EVP_PKEY& key,
                                   std::string_view server_name);

std::string to_pem(X509& certificate);
std::string to_pem(EVP_PKEY& key);
// Null when the text is not one.
Certificate certificate_from_pem(std::string_view pem);
PrivateKey private_key_from_pem(std::string_view pem);

}  // namespace sbemu
