#include "emulator/core/json_text.h"

#include <boost/json.hpp>

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

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            default: {
                constexpr std::string_view kDigits = "0123456789abcdef";
                out += "\\u00";
                out += kDigits[c >> 4];
                out += kDigits[c & 15];
            }
        }
    }
    out.append(text, plain, text.size() - plain);
    out += '"';
}

}  // namespace sbemu
