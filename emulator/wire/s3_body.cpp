// S3 bodies: aws-chunked framing, digests, and URLs signed in advance.
#include <boost/json.hpp>
#include <charconv>

#include "emulator/core/encoding.h"
#include "emulator/wire/digests.h"
#include "emulator/wire/protocols.h"

namespace sbemu::wire {
namespace {

ApiError incomplete_body() {
    return {"IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header"};
}

bool is_chunked(const HttpRequest& request) {
    return request.header("x-amz-content-sha256").starts_with("STREAMING-") ||
           lower(request.header("content-encoding")).find("aws-chunked") != std::string::npos;
}

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find("\r\n");
    if (end == std::string_view::npos) throw incomplete_body();
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return line;
}

// False if the one that the request announces is not there.
bool take_trailers(std::string_view rest, HttpRequest& request) {
    const std::string announced = lower(trimmed(request.header("x-amz-trailer")));
    bool is_there = announced.empty();
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) break;
        const std::string name = lower(trimmed(line.substr(0, colon)));
        is_there = is_there || name == announced;
        if (name.starts_with("x-amz-checksum-")) {
            request.headers.emplace_back(name, trimmed(line.substr(colon + 1)));
        }
    }
    return is_there;
}

// "5;chunk-signature=...\r\nhello\r\n0\r\nx-amz-checksum-crc32:...\r\n\r\n". Trailers become
// headers; signatures are not verified.
void unpack_chunks(HttpRequest& request) {
    std::string_view rest = request.body;
    std::string body;
    body.reserve(request.body.size());
    while (true) {
        const std::string_view line = take_line(rest);
        const std::string_view digits = trimmed(line.substr(0, line.find(';')));
        std::size_t size = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
        if (error != std::errc() || end != digits.data() + digits.size()) throw incomplete_body();
        if (size == 0) break;
        if (size > rest.size() || rest.substr(size, 2) != "\r\n") throw incomplete_body();
        body += rest.substr(0, size);
        rest.remove_prefix(size + 2);
    }
    const bool has_trailer = take_trailers(rest, request);
    const std::string_view announced = request.header("x-amz-decoded-content-length");
    if (!announced.empty() && announced != std::to_string(body.size())) throw incomplete_body();
    if (!has_trailer) {
        throw ApiError("MalformedTrailerError",
                       "The request contained trailing data that was not well-formed or did not "
                       "conform to our published schema.");
    }
    request.body = std::move(body);
}

void check_md5(const HttpRequest& request) {
    const std::string_view sent = request.header("content-md5");
    if (sent.empty()) return;
    const auto expected = base64_decode(sent);
    if (!expected || expected->size() != 16) {
        ApiError error("InvalidDigest", "The Content-MD5 you specified was invalid.");
        error.fields["Content-MD5"] = sent;
        throw error;
    }
    const std::string calculated = md5(request.body);
    if (calculated == *expected) return;
    ApiError error("BadDigest", "The Content-MD5 you specified did not match what we received.");
    error.fields["ExpectedDigest"] = sent;
    error.fields["CalculatedDigest"] = base64_encode(calculated);
    throw error;
}

// "BadDigest: The CRC32 you specified did not match the calculated checksum" is what
// aws/aws-sdk-ruby#3322 reports of S3.
void check_checksums(const HttpRequest& request) {
    constexpr std::string_view kPrefix = "x-amz-checksum-";
    for (const auto& [name, value] : request.headers) {
        if (!starts_ignoring_case(name, kPrefix)) continue;
        const std::string algorithm = lower(std::string_view(name).substr(kPrefix.size()));
        const auto calculated = digest_of(algorithm, request.body);
        if (!calculated) continue;  // -type, -mode, -algorithm
        const auto expected = base64_decode(value);
        if (!expected || expected->size() != calculated->size()) {
            throw ApiError("InvalidRequest",
                           "Value for " + std::string(kPrefix) + algorithm + " header is invalid.");
        }
        if (*expected == *calculated) continue;
        std::string shouted;
        for (const char c : algorithm) {
            shouted += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        }
        throw ApiError("BadDigest",
                       "The " + shouted + " you specified did not match the calculated checksum.");
    }
}

void check_content_sha256(const HttpRequest& request) {
    const std::string_view sent = request.header("x-amz-content-sha256");
    if (sent.size() != 64) return;  // UNSIGNED-PAYLOAD, STREAMING-...
    const std::string calculated = hex_encode(sha256(request.body));
    if (sent == calculated) return;
    ApiError error("XAmzContentSHA256Mismatch",
                   "The provided 'x-amz-content-sha256' header does not match what was computed.");
    error.fields["ClientComputedContentSHA256"] = sent;
    error.fields["S3ComputedContentSHA256"] = calculated;
    throw error;
}

std::optional<std::int64_t> number_of(const QueryPart* part) {
    if (!part) return std::nullopt;
    std::int64_t value = 0;
    const std::string& text = part->value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// 20261122T084731Z
std::optional<std::int64_t> compact_seconds(std::string_view text) {
    if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
    std::string iso;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 4 || i == 6) iso += '-';
        if (i == 11 || i == 13) iso += ':';
        iso += text[i];
    }
    const auto time = model::parse_time(iso);
    if (!time) return std::nullopt;
    return *time / 1000;
}

ApiError query_parameter_error(const char* message) {
    return {"AuthorizationQueryParametersError", message};
}

}  // namespace

void unpack_s3_body(HttpRequest& request) {
    // Before unpacking: the digest of a chunked body is no digest of what was sent.
    if (is_chunked(request)) {
        unpack_chunks(request);
    } else {
        check_content_sha256(request);
    }
    check_md5(request);
    check_checksums(request);
}

void check_presigned(const Url& url, Time now) {
    constexpr std::int64_t kLongest = 604800;
    const std::int64_t now_seconds = to_milliseconds(now) / 1000;
    std::int64_t expires = 0;
    boost::json::object fields;
    if (const QueryPart* date = url.find("X-Amz-Date")) {
        const auto begin = compact_seconds(date->value);
        const auto lifetime = number_of(url.find("X-Amz-Expires"));
        if (!begin)
            throw query_parameter_error(
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        if (!url.find("X-Amz-Expires")) return;
        if (!lifetime) throw query_parameter_error("X-Amz-Expires should be a number");
        if (*lifetime < 0) throw query_parameter_error("X-Amz-Expires must be non-negative");
        if (*lifetime > kLongest)
            throw query_parameter_error(
                "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                "X-Amz-Expires must be less than 604800 seconds");
        expires = *begin + *lifetime;
        fields["X-Amz-Expires"] = *lifetime;
    } else if (const QueryPart* limit = url.find("Expires"); limit && url.find("Signature")) {
        const auto seconds = number_of(limit);
        if (!seconds) {
            throw ApiError("AccessDenied",
                           "Invalid date (should be seconds since epoch): " + limit->value, 403);
        }
        expires = *seconds;
    } else {
        return;
    }
    if (now_seconds <= expires) return;
    ApiError error("AccessDenied", "Request has expired", 403);
    fields["Expires"] = iso_time_seconds(from_milliseconds(expires * 1000));
    fields["ServerTime"] = iso_time_seconds(from_milliseconds(now_seconds * 1000));
    error.fields = std::move(fields);
    throw error;
}

}  // namespace sbemu::wire
