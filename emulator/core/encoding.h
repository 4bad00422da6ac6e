// Bytes as text and digests of bytes: base64, hex, percent-encoding, SHA-256, SHA-1, MD5, CRC-32.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sbemu {

std::string base64_encode(std::string_view bytes);
// Nothing if the text is not padded standard base64.
std::optional<std::string> base64_decode(std::string_view text);

inline constexpr std::string_view kHexDigits = "0123456789abcdef";
std::string hex_encode(std::string_view bytes);
// Nothing if the text is not pairs of hexadecimal digits.
std::optional<std::string> hex_decode(std::string_view text);
// A number of 64 bits as 16 digits: JSON numbers of that size are rounded by most who read them.
std::string hex_number(std::uint64_t number);
using HexDigits = std::array<char, 16>;
HexDigits hex_digits(std::uint64_t number);
// Nothing if the text is not 1 to 16 hexadecimal digits.
std::optional<std::uint64_t> parse_hex_number(std::string_view text);

// Percent-encodes everything but RFC 3986 unreserved characters and those in `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = "");
// Decodes %XX; a malformed escape stays as it is. `plus_is_space` for form bodies and queries.
std::string percent_decode(std::string_view text, bool plus_is_space = false);

// Of a UTF-8 text, in the units of UTF-16, as Java counts.
std::size_t utf16_length(std::string_view text);
// Of a UTF-8 text; what others come to is not defined.
std::u32string code_points(std::string_view utf8);

std::string sha256(std::string_view bytes);  // 32 raw bytes
std::string sha1(std::string_view bytes);    // 20 raw bytes
std::string md5(std::string_view bytes);     // 16 raw bytes
std::uint32_t crc32(std::string_view bytes);
std::uint32_t crc32c(std::string_view bytes);  // Castagnoli, as S3's checksums have it

// FNV-1a over words of eight bytes: for comparing replies in the event log, where no adversary
// is. Those may be long.
std::uint64_t fingerprint(std::string_view bytes);

}  // namespace sbemu
