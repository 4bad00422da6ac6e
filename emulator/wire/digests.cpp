#include "emulator/wire/digests.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "emulator/core/encoding.h"

namespace sbemu::wire {
namespace {

template <typename Word>
constexpr std::array<Word, 256> crc_table(Word reflected_polynomial) {
    std::array<Word, 256> table{};
    for (std::size_t i = 0; i < 256; ++i) {
        Word crc = static_cast<Word>(i);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1U) ? (crc >> 1U) ^ reflected_polynomial : crc >> 1U;
        }
        table[i] = crc;
    }
    return table;
}

constexpr auto kCrc32c = crc_table<std::uint32_t>(0x82F63B78U);
constexpr auto kCrc64 = crc_table<std::uint64_t>(0x9A6C9329AC4BC9B5ULL);

template <typename Word>
std::string big_endian(Word value) {
    std::string bytes(sizeof(Word), '\0');
    for (std::size_t i = sizeof(Word); i-- > 0;) {
        bytes[i] = static_cast<char>(value & 0xFFU);
        value >>= 8U;
    }
    return bytes;
}

template <typename Word>
std::string crc(const std::array<Word, 256>& table, std::string_view bytes) {
    Word value = ~Word{0};
    for (const char c : bytes) {
        value = table[(value ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (value >> 8U);
    }
    return big_endian(static_cast<Word>(~value));
}

std::string sha1(std::string_view bytes) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha1(), nullptr);
    return {reinterpret_cast<const char*>(digest), size};
}

}  // namespace

std::optional<std::string> digest_of(std::string_view algorithm, std::string_view bytes) {
    if (algorithm == "crc32") return big_endian(crc32(bytes));
    if (algorithm == "crc32c") return crc(kCrc32c, bytes);
    if (algorithm == "crc64nvme") return crc(kCrc64, bytes);
    if (algorithm == "sha1") return sha1(bytes);
    if (algorithm == "sha256") return sha256(bytes);
    return std::nullopt;
}

}  // namespace sbemu::wire
