#include "emulator/core/random.h"

#include "emulator/core/encoding.h"

namespace sbemu {

std::uint64_t Random::next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

std::uint64_t Random::below(std::uint64_t bound) { return next() % bound; }

std::string Random::text(std::size_t length, std::string_view alphabet) {
    std::string result(length, ' ');
    for (char& c : result) c = alphabet[below(alphabet.size())];
    return result;
}

std::string Random::hex(std::size_t length) {
    std::string result(length, ' ');
    for (char& c : result) c = kHexDigits[next() % 16];  // a constant: no division
    return result;
}

std::string Random::uuid() {
    std::string result = "00000000-0000-0000-0000-000000000000";
    static constexpr std::size_t kVersion = 14;
    static constexpr std::size_t kVariant = 19;
    const auto draw = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) result[i] = kHexDigits[next() % 16];
    };
    draw(0, 8);
    draw(9, 13);
    draw(14, 18);
    draw(19, 23);
    draw(24, 36);
    result[kVersion] = '4';
    result[kVariant] = "89ab"[next() % 4];
    return result;
}

std::string Random::time_uuid(Time time) {
    // RFC 4122: 100 ns steps since 1582-10-15; AWS's own clock is finer than ours, so
    // the digits below a millisecond are drawn.
    static constexpr std::uint64_t kEpochOffset = 0x01b21dd213814000;
    const std::uint64_t stamp =
        static_cast<std::uint64_t>(to_milliseconds(time)) * 10000 + below(10000) + kEpochOffset;
    std::string digits = hex_number(stamp);
    digits[0] = '1';  // the version replaces the top four of 60 bits
    const std::string node = hex(16);
    std::string result = digits.substr(8) + "-" + digits.substr(4, 4) + "-" + digits.substr(0, 4);
    result += std::string("-") + "89ab"[below(4)] + node.substr(1, 3) + "-" + node.substr(4);
    return result;
}

}  // namespace sbemu
