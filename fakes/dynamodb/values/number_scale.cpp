#include "fakes/dynamodb/partiql/number_scale.h"

#include <algorithm>
#include <cstdlib>

namespace sbemu::dynamodb::partiql {
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

}  // namespace sbemu::dynamodb::partiql
