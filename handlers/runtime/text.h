// Text forms the Lambda and AWS protocols share: percent-encoding, hex, base64, ARNs, UTF-8 cuts.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sbemu::lambda_runtime {

// RFC 3986 as SigV4 wants it: all but A-Z a-z 0-9 - . _ ~ becomes %XX (upper case), byte by byte.
std::string percent_encode(std::string_view text);
// The same for a path: '/' stays.
std::string percent_encode_path(std::string_view path);

// Lower-case hexadecimal digits of the bytes.
std::string to_hex(std::string_view bytes);

// The bytes that standard, padded base64 stands for. Throws std::invalid_argument on anything else.
std::string decode_base64(std::string_view text);

// ASCII lower case, whatever the locale.
std::string to_lower(std::string_view text);

// `text` without leading and trailing blanks and tabs.
std::string_view trimmed(std::string_view text);

// The parts of `text` between separators; always at least one.
std::vector<std::string> split(std::string_view text, char separator);

// The region of an ARN, "" when there is none.
std::string region_of_arn(std::string_view arn);

// The longest beginning of `text` of at most `bytes_max` bytes that cuts no UTF-8 character apart.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

// JSON text without the blanks between its tokens. `json_text` must be valid JSON.
std::string compact_json(std::string_view json_text);

}  // namespace sbemu::lambda_runtime
