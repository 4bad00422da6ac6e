#include "emulator/core/json_text.h"

#include <boost/json.hpp>

#include "emulator/core/encoding.h"

namespace sbemu {

boost::json::value parse_json(std::string_view text, boost::system::error_code& error,
                              std::size_t deepest) {
    boost::json::parse_options options;
    options.max_depth = deepest;
    return boost::json::parse(text, error, {}, options);
}

boost::json::value parse_json(std::string_view text, std::size_t deepest) {
    boost::system::error_code error;
    boost::json::value value = parse_json(text, error, deepest);
    if (error) throw boost::system::system_error(error);
    return value;
}

namespace {

bool is_plain(char character) {
    return static_cast<unsigned char>(character) >= 0x20 && character != '"' && character != '\\';
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
    out += '"';
    while (true) {
        std::size_t plain = 0;
        while (plain < text.size() && is_plain(text[plain])) ++plain;
        out.append(text.data(), plain);
        if (plain == text.size()) break;
        append_escaped(out, text[plain]);
        text.remove_prefix(plain + 1);
    }
    out += '"';
}

}  // namespace sbemu
