#include "emulator/core/access_key.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "emulator/core/check.h"
#include "emulator/core/encoding.h"

namespace sbemu {
namespace {

constexpr std::string_view kPrefix = "ASIA";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kCodeLength = 16;  // characters of 5 bits
constexpr std::uint64_t kLargestAccount = 999'999'999'999;

// The 80 bits of a key id: 1, then 40 of the account, 27 drawn, 12 of check.
struct KeyBits {
    std::uint64_t account = 0;
    std::uint64_t drawn = 0;

    std::uint64_t check() const {
        const std::string text = std::to_string(account) + ":" + std::to_string(drawn);
        return crc32(text) & 0xfff;
    }
    // Both halves are 40 bits, eight characters.
    std::uint64_t high() const { return std::uint64_t{1} << 39 | account >> 1; }
    std::uint64_t low() const { return (account & 1) << 39 | drawn << 12 | check(); }
};

bool is_account(std::string_view text) {
    return text.size() == 12 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void append_code(std::string& text, std::uint64_t bits) {
    for (int shift = 35; shift >= 0; shift -= 5) text += kBase32[bits >> shift & 31];
}

// The 40 bits of eight characters, or nothing.
std::optional<std::uint64_t> read_code(std::string_view text) {
    std::uint64_t bits = 0;
    for (const char c : text) {
        const std::size_t value = kBase32.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 5 | value;
    }
    return bits;
}

}  // namespace

std::string temporary_access_key(Random& random, std::string_view account) {
    SBEMU_CHECK(is_account(account));
    KeyBits bits;
    std::from_chars(account.data(), account.data() + account.size(), bits.account);
    bits.drawn = random.below(std::uint64_t{1} << 27);
    std::string key(kPrefix);
    append_code(key, bits.high());
    append_code(key, bits.low());
    return key;
}

std::optional<std::string> account_of_access_key(std::string_view access_key) {
    if (is_account(access_key)) return std::string(access_key);
    if (access_key.size() != kPrefix.size() + kCodeLength || !access_key.starts_with(kPrefix)) {
        return std::nullopt;
    }
    const auto high = read_code(access_key.substr(kPrefix.size(), kCodeLength / 2));
    const auto low = read_code(access_key.substr(kPrefix.size() + kCodeLength / 2));
    if (!high || !low) return std::nullopt;
    KeyBits bits;
    bits.account = (*high & ((std::uint64_t{1} << 39) - 1)) << 1 | *low >> 39;
    bits.drawn = *low >> 12 & ((std::uint64_t{1} << 27) - 1);
    if (bits.account > kLargestAccount || bits.high() != *high || bits.low() != *low) {
        return std::nullopt;
    }
    std::string account = std::to_string(bits.account);
    return account.insert(0, 12 - account.size(), '0');
}

}  // namespace sbemu
