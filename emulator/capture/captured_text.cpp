#include "emulator/capture/captured_text.h"

#include <boost/json.hpp>
#include <charconv>

#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"

namespace sbemu {
namespace json = boost::json;

json::value captured_text(std::string_view bytes) {
    // A JSON text is UTF-8 if it can be read again.
    json::error_code error;
    json::value read = parse_json(json::serialize(json::string(bytes)), error);
    if (!error && read.is_string() && std::string_view(read.as_string()) == bytes) return read;
    return json::object{{"base64", base64_encode(bytes)}};
}

std::optional<std::string> bytes_of(const json::value& value) {
    if (value.is_string()) return std::string(value.as_string());
    if (!value.is_object()) return std::nullopt;
    const json::value* base64 = value.as_object().if_contains("base64");
    if (!base64 || !base64->is_string()) return std::nullopt;
    return base64_decode(base64->as_string());
}

std::string text_or_nothing(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<Time> parse_iso_time(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
    if (text.size() != kForm.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (kForm[i] == '0' ? !is_digit : text[i] != kForm[i]) return std::nullopt;
    }
    const auto number = [&](std::size_t start, std::size_t length) {
        int value = 0;
        std::from_chars(text.data() + start, text.data() + start + length, value);
        return value;
    };
    const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                          std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                          std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    if (!day.ok()) return std::nullopt;
    return Time{std::chrono::sys_days{day}} + std::chrono::hours(number(11, 2)) +
           std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2)) +
           Duration{number(20, 3)};
}

}  // namespace sbemu
