#include "handlers/runtime/text.h"

#include <array>
#include <cstdint>
#include <stdexcept>

namespace sbemu::lambda_runtime {
namespace {

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string percent_encode_except(std::string_view text, char kept) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c) || (kept != '\0' && c == kept)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += kDigits[byte >> 4U];
        encoded += kDigits[byte & 0xFU];
    }
    return encoded;
}

std::uint32_t base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
    if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
    if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    throw std::invalid_argument("not base64");
}

}  // namespace

std::string percent_encode(std::string_view text) { return percent_encode_except(text, '\0'); }

std::string percent_encode_path(std::string_view path) { return percent_encode_except(path, '/'); }

std::string to_hex(std::string_view bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 0xFU];
    }
    return hex;
}

std::string decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) throw std::invalid_argument("not base64: length");
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const std::size_t missing = at + 4 == text.size() ? padding : 0;
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            group = (group << 6U) | (i >= 4 - missing ? 0 : base64_value(text[at + i]));
        }
        const std::array<char, 3> decoded{static_cast<char>(group >> 16U & 0xFFU),
                                          static_cast<char>(group >> 8U & 0xFFU),
                                          static_cast<char>(group & 0xFFU)};
        bytes.append(decoded.data(), 3 - missing);
    }
    return bytes;
}

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string region_of_arn(std::string_view arn) {
    const auto parts = split(arn, ':');
    return parts.size() > 3 ? parts[3] : std::string();
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    // 10xxxxxx continues a character, so the cut moves back to where one begins.
    while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0U) == 0x80U) {
        --bytes_max;
    }
    return text.substr(0, bytes_max);
}

std::string compact_json(std::string_view json_text) {
    std::string compact;
    compact.reserve(json_text.size());
    bool in_string = false;
    bool escaped = false;
    for (const char c : json_text) {
        if (!in_string && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
        compact += c;
        if (escaped) {
            escaped = false;
        } else if (in_string && c == '\\') {
            escaped = true;
        } else if (c == '"') {
            in_string = !in_string;
        }
    }
    return compact;
}

}  // namespace sbemu::lambda_runtime
