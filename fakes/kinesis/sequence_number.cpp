#include "fakes/kinesis/sequence_number.h"

#include <algorithm>
#include <array>

namespace sbemu::kinesis {
namespace {

constexpr std::size_t kHexDigits = 47;
constexpr std::string_view kHex = "0123456789abcdef";

// 192 bits, most significant limb first.
using Wide = std::array<std::uint32_t, 6>;

bool is_zero(const Wide& number) {
    return std::all_of(number.begin(), number.end(), [](std::uint32_t limb) { return limb == 0; });
}

std::uint32_t divide(Wide& number, std::uint32_t divisor) {
    std::uint64_t rest = 0;
    for (std::uint32_t& limb : number) {
        rest = rest << 32 | limb;
        limb = static_cast<std::uint32_t>(rest / divisor);
        rest %= divisor;
    }
    return static_cast<std::uint32_t>(rest);
}

// False when the result does not fit.
bool multiply_and_add(Wide& number, std::uint32_t factor, std::uint32_t addend) {
    std::uint64_t carry = addend;
    for (auto limb = number.rbegin(); limb != number.rend(); ++limb) {
        carry += std::uint64_t{*limb} * factor;
        *limb = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    return carry == 0;
}

void append_hex(std::string& digits, std::int64_t value, std::size_t width) {
    std::string text(width, '0');
    auto rest = static_cast<std::uint64_t>(value);
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, rest >>= 4) {
        *digit = kHex[rest & 15];
    }
    digits += text;
}

std::int64_t read_hex(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits) value = value << 4 | kHex.find(c);
    return static_cast<std::int64_t>(value);
}

}  // namespace

std::string SequenceNumber::text() const {
    std::string hex = "2";
    append_hex(hex, shard_created, 9);
    append_hex(hex, shard, 1);
    append_hex(hex, position, 16);
    hex += "00";
    append_hex(hex, arrived, 9);
    append_hex(hex, shard, 8);
    hex += "2";
    Wide number{};
    for (const char c : hex) {
        multiply_and_add(number, 16, static_cast<std::uint32_t>(kHex.find(c)));
    }
    std::string decimal;
    while (!is_zero(number)) {
        std::uint32_t part = divide(number, 1'000'000'000);
        for (int i = 0; i < 9; ++i, part /= 10) {
            decimal.push_back(static_cast<char>('0' + part % 10));
        }
    }
    while (decimal.size() > 1 && decimal.back() == '0') decimal.pop_back();
    std::reverse(decimal.begin(), decimal.end());
    return decimal;
}

std::optional<SequenceNumber> parse_sequence_number(std::string_view text) {
    Wide number{};
    if (text.empty()) return std::nullopt;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        if (!multiply_and_add(number, 10, static_cast<std::uint32_t>(c - '0'))) {
            return std::nullopt;
        }
    }
    std::string hex;
    for (std::size_t i = 0; i < kHexDigits; ++i) hex.push_back(kHex[divide(number, 16)]);
    if (!is_zero(number)) return std::nullopt;
    std::reverse(hex.begin(), hex.end());
    const std::string_view view = hex;
    const SequenceNumber result{read_hex(view.substr(1, 9)), read_hex(view.substr(38, 8)),
                                read_hex(view.substr(11, 16)), read_hex(view.substr(29, 9))};
    const bool consistent = result.text() == text;
    return consistent ? std::optional(result) : std::nullopt;
}

}  // namespace sbemu::kinesis
