#include "fakes/logs/event_id.h"

#include <array>

namespace sbemu::logs {
namespace {

constexpr std::size_t kDigits = 56;

// An unsigned number of 192 bits, least significant limb first: 64 bits of sequence, 80 of nothing,
// 48 of time.
using Number = std::array<std::uint32_t, 6>;

// Divides by ten and returns the remainder.
std::uint32_t take_digit(Number& number) {
    std::uint64_t rest = 0;
    for (std::size_t i = number.size(); i-- > 0;) {
        const std::uint64_t value = rest << 32 | number[i];
        number[i] = static_cast<std::uint32_t>(value / 10);
        rest = value % 10;
    }
    return static_cast<std::uint32_t>(rest);
}

// False if the number has no room for another digit.
bool add_digit(Number& number, std::uint32_t digit) {
    std::uint64_t carry = digit;
    for (std::uint32_t& limb : number) {
        carry += std::uint64_t{limb} * 10;
        limb = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    return carry == 0;
}

}  // namespace

std::string event_id(Position position) {
    const auto timestamp = static_cast<std::uint64_t>(position.timestamp);
    const auto sequence = static_cast<std::uint64_t>(position.sequence);
    Number number{static_cast<std::uint32_t>(sequence),
                  static_cast<std::uint32_t>(sequence >> 32),
                  0,
                  0,
                  static_cast<std::uint32_t>(timestamp << 16),
                  static_cast<std::uint32_t>(timestamp >> 16)};
    std::string text(kDigits, '0');
    for (std::size_t i = kDigits; i-- > 0;) text[i] = static_cast<char>('0' + take_digit(number));
    return text;
}

std::optional<Position> parse_event_id(std::string_view text) {
    if (text.size() != kDigits) return std::nullopt;
    Number number{};
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        if (!add_digit(number, static_cast<std::uint32_t>(c - '0'))) return std::nullopt;
    }
    const std::uint64_t timestamp = std::uint64_t{number[5]} << 16 | number[4] >> 16;
    const std::uint64_t sequence = std::uint64_t{number[1]} << 32 | number[0];
    return Position{static_cast<std::int64_t>(timestamp), static_cast<std::int64_t>(sequence)};
}

}  // namespace sbemu::logs
