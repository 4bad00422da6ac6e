#include "fakes/kinesis/hash_key.h"

#include <algorithm>

#include "emulator/core/encoding.h"

namespace sbemu::kinesis {

HashKey hash_of(std::string_view partition_key) {
    HashKey key = 0;
    for (const char byte : md5(partition_key)) key = key << 8 | static_cast<unsigned char>(byte);
    return key;
}

std::string decimal_text(HashKey key) {
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(key % 10)));
        key /= 10;
    } while (key != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

std::optional<HashKey> parse_hash_key(std::string_view text) {
    if (text.empty()) return std::nullopt;
    HashKey key = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        const auto digit = static_cast<HashKey>(c - '0');
        if (key > (kMaxHashKey - digit) / 10) return std::nullopt;
        key = key * 10 + digit;
    }
    return key;
}

std::string sortable_text(HashKey key) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text(32, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, key >>= 4) {
        *digit = kHex[static_cast<std::size_t>(key & 15)];
    }
    return text;
}

HashKey from_sortable_text(std::string_view text) {
    HashKey key = 0;
    for (const char c : text) {
        key = key << 4 | static_cast<HashKey>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return key;
}

HashKeyRange range_of(std::int64_t index, std::int64_t count) {
    const auto shards = static_cast<HashKey>(count);
    // floor(2^128 / n) without a 129th bit.
    HashKey width = kMaxHashKey / shards;
    if (kMaxHashKey % shards == shards - 1) ++width;
    const HashKey first = static_cast<HashKey>(index) * width;
    return {first, index == count - 1 ? kMaxHashKey : first + (width - 1)};
}

}  // namespace sbemu::kinesis
