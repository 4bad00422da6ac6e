#include "fakes/dynamodb/values/number.h"

#include <algorithm>
#include <cstdint>

#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace {

constexpr std::size_t kMaxDigits = 38;
// Of the form 0.d x 10^exponent: 9.99E+125 has exponent 126, 1E-130 has -129.
constexpr std::int64_t kMaxExponent = 126;
constexpr std::int64_t kMinExponent = -129;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[noreturn]] void not_a_number(std::string_view text) {
    throw validation_error("The parameter cannot be converted to a numeric value: " +
                           std::string(text));
}

[[noreturn]] void overflow() {
    throw validation_error(
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

[[noreturn]] void underflow() {
    throw validation_error(
        "Number underflow. Attempting to store a number with magnitude smaller than supported "
        "range");
}

// The digits after "e": a 64-bit integer, or the whole text is not a number.
std::int64_t parse_exponent(std::string_view digits, std::string_view text) {
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    if (digits.empty()) not_a_number(text);
    std::int64_t value = 0;
    for (const char c : digits) {
        if (!is_digit(c)) not_a_number(text);
        if (value > (INT64_MAX - 9) / 10) {
            throw validation_error("The parameter cannot be converted to a numeric value");
        }
        value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
}

struct Written {
    bool negative = false;
    std::string digits;      // as written, without the point
    std::int64_t point = 0;  // how many of them stand before it
    std::int64_t exponent = 0;
};

Written read(std::string_view text) {
    Written written;
    std::string_view rest = text;
    written.negative = rest.starts_with('-');
    if (written.negative || rest.starts_with('+')) rest.remove_prefix(1);
    const auto e = rest.find_first_of("eE");
    if (e != std::string_view::npos) written.exponent = parse_exponent(rest.substr(e + 1), text);
    std::string_view mantissa = rest.substr(0, e);
    const auto point = mantissa.find('.');
    written.digits = mantissa.substr(0, point);
    written.point = static_cast<std::int64_t>(written.digits.size());
    if (point != std::string_view::npos) written.digits += mantissa.substr(point + 1);
    if (written.digits.empty() ||
        !std::all_of(written.digits.begin(), written.digits.end(), is_digit)) {
        not_a_number(text);
    }
    return written;
}

// Drops zeros at both ends and checks digits and range. `exponent` may be far out of range.
Number normalize(bool negative, std::string digits, std::int64_t exponent) {
    const auto first = digits.find_first_not_of('0');
    if (first == std::string::npos) return {};
    exponent -= static_cast<std::int64_t>(first);
    digits.erase(digits.find_last_not_of('0') + 1);
    digits.erase(0, first);
    if (exponent > kMaxExponent) overflow();
    if (exponent < kMinExponent) underflow();
    if (digits.size() > kMaxDigits) {
        throw validation_error("Attempting to store more than 38 significant digits in a Number");
    }
    return {negative, std::move(digits), static_cast<int>(exponent)};
}

int compare_magnitude(const Number& left, const Number& right) {
    if (left.is_zero() || right.is_zero()) {
        return static_cast<int>(right.is_zero()) - static_cast<int>(left.is_zero());
    }
    if (left.exponent != right.exponent) return left.exponent < right.exponent ? -1 : 1;
    const int order = left.digits.compare(right.digits);
    return (order > 0) - (order < 0);
}

// Digits of the number as an integer counted in units of ten to the `unit`.
std::string digits_in_units(const Number& number, int unit) {
    const int zeros = number.exponent - static_cast<int>(number.digits.size()) - unit;
    return number.digits + std::string(static_cast<std::size_t>(zeros), '0');
}

// a + b, or a - b where a >= b: both padded to one length.
std::string combine(std::string a, std::string b, bool subtract) {
    const std::size_t size = std::max(a.size(), b.size()) + 1;
    a.insert(0, size - a.size(), '0');
    b.insert(0, size - b.size(), '0');
    int carry = 0;
    for (std::size_t i = size; i-- > 0;) {
        const int right = b[i] - '0';
        int digit = (a[i] - '0') + carry + (subtract ? -right : right);
        carry = 0;
        if (digit > 9) carry = 1;
        if (digit < 0) carry = -1;
        digit -= 10 * carry;
        a[i] = static_cast<char>('0' + digit);
    }
    return a;
}

}  // namespace

Number parse_number(std::string_view text) {
    Written written = read(text);
    if (written.digits.find_first_not_of('0') == std::string::npos) {
        // Zero is checked by the exponent it is written with (facts/dynamodb-kinesis.md 1.6).
        if (written.exponent > 125) overflow();
        if (written.exponent < -130) underflow();
        return {};
    }
    // An exponent near the ends of 64 bits must not wrap when the point is added.
    written.exponent = std::clamp<std::int64_t>(written.exponent, -1'000'000'000, 1'000'000'000);
    return normalize(written.negative, std::move(written.digits), written.point + written.exponent);
}

bool is_normal_number(std::string_view text) {
    if (text == "0") return true;
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    if (whole.empty() || text.size() > kMaxDigits) return false;
    if (!std::all_of(whole.begin(), whole.end(), is_digit)) return false;
    if (point == std::string_view::npos) return whole.front() != '0';
    if (whole.front() == '0' && whole.size() > 1) return false;
    const std::string_view fraction = text.substr(point + 1);
    return !fraction.empty() && fraction.back() != '0' &&
           std::all_of(fraction.begin(), fraction.end(), is_digit);
}

std::string Number::text() const {
    if (is_zero()) return "0";
    const std::string sign = negative ? "-" : "";
    const int size = static_cast<int>(digits.size());
    if (exponent <= 0)
        return sign + "0." + std::string(static_cast<std::size_t>(-exponent), '0') + digits;
    if (exponent >= size)
        return sign + digits + std::string(static_cast<std::size_t>(exponent - size), '0');
    const auto point = static_cast<std::size_t>(exponent);
    return sign + digits.substr(0, point) + "." + digits.substr(point);
}

int compare(const Number& left, const Number& right) {
    if (left.negative != right.negative) return left.negative ? -1 : 1;
    const int magnitude = compare_magnitude(left, right);
    return left.negative ? -magnitude : magnitude;
}

Number negate(Number number) {
    number.negative = !number.negative && !number.is_zero();
    return number;
}

Number add(const Number& left, const Number& right) {
    if (left.is_zero()) return right;
    if (right.is_zero()) return left;
    const auto lowest = [](const Number& number) {
        return number.exponent - static_cast<int>(number.digits.size());
    };
    const int unit = std::min(lowest(left), lowest(right));
    const bool left_is_larger = compare_magnitude(left, right) >= 0;
    const Number& larger = left_is_larger ? left : right;
    const Number& smaller = left_is_larger ? right : left;
    std::string digits = combine(digits_in_units(larger, unit), digits_in_units(smaller, unit),
                                 left.negative != right.negative);
    const auto exponent = static_cast<std::int64_t>(digits.size()) + unit;
    return normalize(larger.negative, std::move(digits), exponent);
}

std::string sortable_bytes(const Number& number) {
    if (number.is_zero()) return "\x80";
    // The layout dynalite found (its db/index.js): a byte for the exponent of 100, then a byte per
    // two digits plus one; negative numbers are turned around and ended, so that -1.5 < -1.
    std::string digits = number.digits;
    if (number.exponent % 2 != 0) digits.insert(0, 1, '0');
    if (digits.size() % 2 != 0) digits.push_back('0');
    const int odd = number.exponent % 2 != 0 ? 1 : 0;
    const int exponent = (number.exponent + odd) / 2 - 64;
    std::string bytes(1, static_cast<char>(number.negative ? ~exponent : exponent));
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int pair = (digits[i] - '0') * 10 + (digits[i + 1] - '0');
        bytes.push_back(static_cast<char>(number.negative ? 101 - pair : pair + 1));
    }
    if (number.negative && bytes.size() <= 20) bytes.push_back(102);
    return bytes;
}

std::size_t size_of(const Number& number) {
    if (number.is_zero()) return 1;
    // 1 + half a byte per digit before and after the point, each side rounded up
    // (measured: facts/dynamodb-kinesis.md 1.6). Zeros next to the point are free.
    const int size = static_cast<int>(number.digits.size());
    const int whole = std::clamp(number.exponent, 0, size);
    const auto bytes = [](int count) { return static_cast<std::size_t>((count + 1) / 2); };
    return 1 + bytes(whole) + bytes(size - whole) + (number.negative ? 1 : 0);
}

}  // namespace sbemu::dynamodb
