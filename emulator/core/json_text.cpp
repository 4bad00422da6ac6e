#include "emulator/core/json_text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cstring>

#include "emulator/core/encoding.h"

namespace sbemu {
namespace json = boost::json;

json::value parse_json(std::string_view text, boost::system::error_code& error,
                       std::size_t deepest) {
    json::parse_options options;
    options.max_depth = deepest;
    return json::parse(text, error, {}, options);
}

json::value parse_json(std::string_view text, std::size_t deepest) {
    boost::system::error_code error;
    json::value value = parse_json(text, error, deepest);
    if (error) throw boost::system::system_error(error);
    return value;
}

namespace {

// Of every byte, whether it stands for itself in a JSON string.
constexpr std::array<bool, 256> kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < plain.size(); ++byte) plain[byte] = true;
    plain['"'] = plain['\\'] = false;
    return plain;
}();

bool is_plain(char character) { return kPlain[static_cast<unsigned char>(character)]; }

// Whether every byte of eight is plain. Of `(x - n) & ~x`, n in every byte, some byte has its top
// bit if and only if some byte of x is less than n. (Of those above the lowest it may be a wrong
// one.) x ^ c, c in every byte, has a byte less than 1 where x has c.
bool are_plain(const char* eight) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, eight, sizeof bytes);
    const std::uint64_t quotes = bytes ^ (kOnes * '"');
    const std::uint64_t slashes = bytes ^ (kOnes * '\\');
    const std::uint64_t found = ((bytes - kOnes * 0x20) & ~bytes) | ((quotes - kOnes) & ~quotes) |
                                ((slashes - kOnes) & ~slashes);
    return (found & (kOnes * 0x80)) == 0;
}

std::size_t count_plain(std::string_view text) {
    std::size_t plain = 0;
    while (text.size() - plain >= 8 && are_plain(text.data() + plain)) plain += 8;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    return plain;
}

void append_number(std::string& out, const json::value& value) {
    char text[64];
    const auto append = [&](auto number) {
        out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
    };
    if (value.is_int64()) return append(value.get_int64());
    if (value.is_uint64()) return append(value.get_uint64());
    append(value.get_double());
}

void append_escaped(std::string& out, char character) {
    constexpr std::string_view kShort = "\"\\\n\r\t\b\f";
    constexpr std::string_view kShortNames = "\"\\nrtbf";
    out += '\\';
    const std::size_t place = kShort.find(character);
    if (place != std::string_view::npos) {
        out += kShortNames[place];
        return;
    }
    const auto number = static_cast<unsigned char>(character);
    out += "u00";
    out += kHexDigits[number >> 4];
    out += kHexDigits[number & 15];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    std::size_t plain = count_plain(text);
    if (plain == text.size()) {  // most
        const std::size_t begin = out.size();
        out.append(plain + 2, '"');
        text.copy(out.data() + begin + 1, plain);
        return;
    }
    out += '"';
    for (;; plain = count_plain(text)) {
        out.append(text.data(), plain);
        if (plain == text.size()) break;
        append_escaped(out, text[plain]);
        text.remove_prefix(plain + 1);
    }
    out += '"';
}

void append_json_object(std::string& out, const json::object& object) {
    char separator = '{';
    for (const auto& [key, entry] : object) {
        out += separator;
        append_json_string(out, key);
        out += ':';
        append_json(out, entry);
        separator = ',';
    }
    out += separator == '{' ? "{}" : "}";
}

void append_json(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            out += "null";
            break;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            break;
        case json::kind::string:
            append_json_string(out, value.get_string());
            break;
        case json::kind::array: {
            char separator = '[';
            for (const json::value& entry : value.get_array()) {
                out += separator;
                append_json(out, entry);
                separator = ',';
            }
            out += separator == '[' ? "[]" : "]";
            break;
        }
        case json::kind::object:
            append_json_object(out, value.get_object());
            break;
        default:
            append_number(out, value);
    }
}

bool is_nested_deeper(const json::value& value, std::size_t levels) {
    const auto holds_deeper = [levels](const json::value& member) {
        return is_nested_deeper(member, levels - 1);
    };
    if (const json::array* array = value.if_array()) {
        return levels == 0 || std::any_of(array->begin(), array->end(), holds_deeper);
    }
    const json::object* object = value.if_object();
    if (!object) return false;
    return levels == 0 || std::any_of(object->begin(), object->end(), [&](const auto& member) {
               return holds_deeper(member.value());
           });
}

}  // namespace sbemu
