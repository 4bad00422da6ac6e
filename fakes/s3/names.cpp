#include "fakes/s3/names.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string>

#include "emulator/core/error.h"
#include "emulator/core/json_text.h"

namespace sbemu::s3 {
namespace {

constexpr std::size_t kMaxKeyBytes = 1024;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }
bool is_bucket_character(char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; }

bool looks_like_ip_address(std::string_view name) {
    return std::count(name.begin(), name.end(), '.') == 3 &&
           std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || c == '.'; });
}

bool has_reserved_part(std::string_view name) {
    for (const std::string_view prefix : {"xn--", "sthree-", "amzn-s3-demo-"}) {
        if (name.starts_with(prefix)) return true;
    }
    for (const std::string_view suffix : {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"}) {
        if (name.ends_with(suffix)) return true;
    }
    return false;
}

bool is_bucket_name(std::string_view name) {
    return name.size() >= 3 && name.size() <= 63 &&
           std::all_of(name.begin(), name.end(), is_bucket_character) &&
           is_letter_or_digit(name.front()) && is_letter_or_digit(name.back()) &&
           name.find("..") == std::string_view::npos && !looks_like_ip_address(name) &&
           !has_reserved_part(name);
}

}  // namespace

void check_bucket_name(std::string_view name) {
    if (is_bucket_name(name)) return;
    ApiError error("InvalidBucketName", "The specified bucket is not valid.", 400);
    error.fields = {{"BucketName", name}};
    throw error;
}

void check_key(std::string_view key) {
    // A JSON text is UTF-8 if it can be read again. Code and text as S3's list of error codes.
    boost::json::error_code unreadable;
    parse_json(boost::json::serialize(boost::json::string(key)), unreadable);
    if (unreadable) throw ApiError("InvalidURI", "Couldn't parse the specified URI.", 400);
    if (key.size() <= kMaxKeyBytes) return;
    ApiError error("KeyTooLongError", "Your key is too long", 400);
    error.fields = {{"MaxSizeAllowed", std::to_string(kMaxKeyBytes)},
                    {"Size", std::to_string(key.size())}};
    throw error;
}

}  // namespace sbemu::s3
