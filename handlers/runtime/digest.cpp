#include "handlers/runtime/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "handlers/runtime/text.h"

namespace sbemu::lambda_runtime {
namespace {

using DigestBuffer = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string digest_text(const DigestBuffer& buffer, unsigned int size) {
    std::string text;
    text.reserve(size);
    for (unsigned int i = 0; i < size; ++i) text += static_cast<char>(buffer[i]);
    return text;
}

std::string digest_of(std::string_view data, const EVP_MD* algorithm) {
    DigestBuffer buffer{};
    unsigned int size = 0;
    if (EVP_Digest(data.data(), data.size(), buffer.data(), &size, algorithm, nullptr) != 1) {
        throw std::runtime_error("OpenSSL cannot compute a digest");
    }
    return digest_text(buffer, size);
}

}  // namespace

std::string sha256(std::string_view data) { return digest_of(data, EVP_sha256()); }

std::string hmac_sha256(std::string_view key, std::string_view data) {
    DigestBuffer buffer{};
    unsigned int size = 0;
    const std::string bytes(data);
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), buffer.data(),
             &size) == nullptr) {
        throw std::runtime_error("OpenSSL cannot compute an HMAC");
    }
    return digest_text(buffer, size);
}

std::string sha256_hex(std::string_view data) { return to_hex(sha256(data)); }

std::string md5_hex(std::string_view data) { return to_hex(digest_of(data, EVP_md5())); }

}  // namespace sbemu::lambda_runtime
