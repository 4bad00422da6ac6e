// Text to typed scalars: what CloudFormation, query strings, headers and XML need.
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "emulator/core/model.h"

namespace sbemu {

namespace json = boost::json;

namespace model {
namespace {

// Reads exactly `digits` decimal digits at `at` and moves on; -1 if they are not there.
int take_digits(std::string_view text, std::size_t& at, std::size_t digits) {
    int value = 0;
    if (at + digits > text.size()) return -1;
    for (std::size_t i = 0; i < digits; ++i, ++at) {
        if (text[at] < '0' || text[at] > '9') return -1;
        value = value * 10 + (text[at] - '0');
    }
    return value;
}

bool take(std::string_view text, std::size_t& at, char wanted) {
    if (at >= text.size() || text[at] != wanted) return false;
    ++at;
    return true;
}

std::optional<std::int64_t> milliseconds(int year, int month, int day, int hour, int minute,
                                         int second) {
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (year < 0 || month < 0 || day < 0 || !date.ok()) return std::nullopt;
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60) {
        return std::nullopt;
    }
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return (days * 86400 + hour * 3600 + minute * 60 + second) * 1000;
}

std::optional<std::int64_t> parse_iso(std::string_view text) {
    std::size_t at = 0;
    const int year = take_digits(text, at, 4);
    if (!take(text, at, '-')) return std::nullopt;
    const int month = take_digits(text, at, 2);
    if (!take(text, at, '-')) return std::nullopt;
    const int day = take_digits(text, at, 2);
    if (at == text.size()) return milliseconds(year, month, day, 0, 0, 0);
    if (!take(text, at, 'T') && !take(text, at, ' ')) return std::nullopt;
    const int hour = take_digits(text, at, 2);
    if (!take(text, at, ':')) return std::nullopt;
    const int minute = take_digits(text, at, 2);
    int second = 0;
    if (take(text, at, ':')) second = take_digits(text, at, 2);
    std::optional<std::int64_t> time = milliseconds(year, month, day, hour, minute, second);
    if (!time) return std::nullopt;
    if (take(text, at, '.')) {
        for (int scale = 100; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
            *time += (text[at] - '0') * scale;
            scale /= 10;
        }
    }
    if (at == text.size() || (take(text, at, 'Z') && at == text.size())) return time;
    const int sign = take(text, at, '+') ? 1 : take(text, at, '-') ? -1 : 0;
    const int offset_hours = take_digits(text, at, 2);
    take(text, at, ':');
    const int offset_minutes = at == text.size() ? 0 : take_digits(text, at, 2);
    if (sign == 0 || offset_hours < 0 || offset_minutes < 0 || at != text.size()) {
        return std::nullopt;
    }
    return *time - sign * (offset_hours * 60 + offset_minutes) * 60000;
}

// "Sun, 24 Sep 2023 00:24:15 GMT"
std::optional<std::int64_t> parse_rfc822(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::size_t at = text.find(", ");
    if (at == std::string_view::npos) return std::nullopt;
    at += 2;
    const int day = take_digits(text, at, 2);
    if (!take(text, at, ' ') || at + 3 > text.size()) return std::nullopt;
    const std::size_t month = kMonths.find(text.substr(at, 3));
    if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
    at += 3;
    if (!take(text, at, ' ')) return std::nullopt;
    const int year = take_digits(text, at, 4);
    if (!take(text, at, ' ')) return std::nullopt;
    const int hour = take_digits(text, at, 2);
    if (!take(text, at, ':')) return std::nullopt;
    const int minute = take_digits(text, at, 2);
    if (!take(text, at, ':')) return std::nullopt;
    const int second = take_digits(text, at, 2);
    if (text.substr(at) != " GMT") return std::nullopt;
    return milliseconds(year, static_cast<int>(month / 3) + 1, day, hour, minute, second);
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
    return a.size() == lower.size() &&
           std::equal(a.begin(), a.end(), lower.begin(),
                      [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
    if (const auto iso = parse_iso(text)) return iso;
    if (const auto mail = parse_rfc822(text)) return mail;
    if (const auto whole = parse_number<std::int64_t>(text)) {
        if (*whole > -1'000'000'000'000 && *whole < 1'000'000'000'000) return *whole * 1000;
        return std::nullopt;
    }
    const auto seconds = parse_number<double>(text);
    if (!seconds || !(std::fabs(*seconds) < 1e12)) return std::nullopt;
    return std::llround(*seconds * 1000);
}

json::value scalar_from_text(const Member& member, std::string_view text) {
    switch (member.shape->type) {
        case Type::integer:
        case Type::long_integer:
            if (const auto number = parse_number<std::int64_t>(text)) return *number;
            break;
        case Type::single:
        case Type::real:
            if (const auto number = parse_number<double>(text); number && std::isfinite(*number)) {
                return *number;
            }
            break;
        case Type::boolean:
            if (equals_ignoring_case(text, "true")) return true;
            if (equals_ignoring_case(text, "false")) return false;
            break;
        case Type::timestamp:
            if (const auto time = parse_time(text)) return *time;
            break;
        default:
            break;
    }
    return json::string(text);
}

}  // namespace model

namespace {

using model::Member;
using model::Shape;
using model::Type;

json::value conform(const Member& member, const json::value& value);

json::object conform_structure(const Shape& shape, const json::object& from) {
    json::object made;
    for (const auto& [name, value] : from) {
        const Member* member = shape.find(name);
        made.emplace(name, member ? conform(*member, value) : value);
    }
    return made;
}

std::string scalar_text(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_bool()) return value.get_bool() ? "true" : "false";
    return json::serialize(value);
}

json::value conform(const Member& member, const json::value& value) {
    const Shape& shape = *member.shape;
    if (shape.type == Type::structure && value.is_object()) {
        return conform_structure(shape, value.get_object());
    }
    if (shape.type == Type::list && value.is_array()) {
        json::array made;
        for (const json::value& entry : value.get_array()) {
            made.push_back(conform(shape.element(), entry));
        }
        return made;
    }
    if (shape.type == Type::map && value.is_object()) {
        json::object made;
        for (const auto& [key, entry] : value.get_object()) {
            made.emplace(key, conform(shape.value(), entry));
        }
        return made;
    }
    if (!shape.is_scalar()) return value;
    if (value.is_string()) {
        return scalar_from_text(member, value.get_string());
    }
    // Templates may say 10 where the API wants "10".
    const bool is_text = shape.type == Type::string || shape.type == Type::blob;
    if (is_text && (value.is_bool() || value.is_int64() || value.is_uint64())) {
        return json::string(scalar_text(value));
    }
    const bool is_integer = shape.type == Type::integer || shape.type == Type::long_integer;
    if (is_integer && value.is_double() && std::fabs(value.get_double()) < 9e15 &&
        std::trunc(value.get_double()) == value.get_double()) {
        return static_cast<std::int64_t>(value.get_double());
    }
    return value;
}

}  // namespace

json::object conform_request(std::string_view service, std::string_view operation,
                             const json::object& request) {
    const model::Operation* found = model::find_operation(service, operation);
    if (!found || !found->input) return request;
    return conform_structure(*found->input, request);
}

}  // namespace sbemu
