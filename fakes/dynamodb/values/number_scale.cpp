#include "fakes/dynamodb/values/number_scale.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 0 for what is no exponent; far out of range for a long one.
std::int64_t exponent_of(std::string_view digits) {
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    std::int64_t exponent = 0;
    for (const char c : digits) {
        if (!is_digit(c)) return 0;
        exponent = std::min(exponent * 10 + (c - '0'), 2 * kMaxScale);
    }
    return negative ? -exponent : exponent;
}

}  // namespace

NumberScale scale_of(std::string_view text) {
    NumberScale result;
    const std::size_t e = text.find_first_of("eE");
    const std::string_view mantissa = text.substr(0, e);
    const std::int64_t exponent = e == std::string_view::npos ? 0 : exponent_of(text.substr(e + 1));
    const std::size_t point = mantissa.find('.');
    const std::size_t fraction = point == std::string_view::npos ? 0 : mantissa.size() - point - 1;
    result.digits = std::count_if(mantissa.begin(), mantissa.end(), is_digit);
    result.scale = static_cast<std::int64_t>(fraction) - exponent;
    result.fits = std::abs(exponent) <= kMaxScale && std::abs(result.scale) <= kMaxScale;
    return result;
}

void check_magnitude(const NumberScale& scale) {
    if (scale.digits - scale.scale <= kMaxScale) return;
    throw validation_error(
        "Number underflow. Attempting to store a number with magnitude smaller than supported "
        "range");
}

Number parse_big_decimal(std::string_view text) {
    const std::string unconvertible = "The parameter cannot be converted to a numeric value";
    if (text.empty()) throw validation_error(unconvertible);
    const NumberScale scale = scale_of(text);
    if (!scale.fits) throw validation_error(unconvertible + ": " + std::string(text));
    check_magnitude(scale);
    return parse_number(text);
}

}  // namespace sbemu::dynamodb
