#include "fakes/s3/checksums.h"

#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/s3/errors.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 255);
    return bytes;
}

std::string crc32_bytes(std::string_view body) { return big_endian(crc32(body)); }
std::string crc32c_bytes(std::string_view body) { return big_endian(crc32c(body)); }

struct Algorithm {
    std::string_view name;    // as ChecksumAlgorithm has it
    std::string_view member;  // of requests and results
    std::string_view header;
    std::size_t size;  // bytes
    std::string (*digest)(std::string_view body);
};

constexpr Algorithm kAlgorithms[] = {
    {"CRC32", "ChecksumCRC32", "x-amz-checksum-crc32", 4, crc32_bytes},
    {"CRC32C", "ChecksumCRC32C", "x-amz-checksum-crc32c", 4, crc32c_bytes},
    {"SHA1", "ChecksumSHA1", "x-amz-checksum-sha1", 20, sha1},
    {"SHA256", "ChecksumSHA256", "x-amz-checksum-sha256", 32, sha256},
};

}  // namespace

json::object checksum_of(std::string_view algorithm, std::string_view body) {
    for (const Algorithm& known : kAlgorithms) {
        if (known.name == algorithm) {
            return {{known.member, base64_encode(known.digest(body))}};
        }
    }
    throw unsupported_setting("ChecksumAlgorithm " + std::string(algorithm));
}

json::object check_checksums(const json::object& request, std::string_view body) {
    json::object checksums;
    for (const Algorithm& algorithm : kAlgorithms) {
        const auto given = find_text(request, algorithm.member);
        if (!given) continue;
        const auto bytes = base64_decode(*given);
        if (!bytes || bytes->size() != algorithm.size) {
            throw invalid_request("Value for " + std::string(algorithm.header) +
                                  " header is invalid.");
        }
        if (*bytes != algorithm.digest(body)) {
            throw ApiError("BadDigest",
                           "The " + std::string(algorithm.name) +
                               " you specified did not match the calculated checksum.",
                           400);
        }
        checksums[algorithm.member] = *given;
    }
    const auto asked = find_text(request, "ChecksumAlgorithm");
    if (checksums.empty() && asked) return checksum_of(*asked, body);
    return checksums;
}

void check_content_md5(const json::object& request, std::string_view digest) {
    const auto given = find_text(request, "ContentMD5");
    if (!given) return;
    const auto bytes = base64_decode(*given);
    if (!bytes || bytes->size() != digest.size()) {
        ApiError error("InvalidDigest", "The Content-MD5 you specified was invalid.", 400);
        error.fields = {{"Content-MD5", *given}};
        throw error;
    }
    if (*bytes != digest) {
        ApiError error("BadDigest", "The Content-MD5 you specified did not match what we received.",
                       400);
        error.fields = {{"ExpectedDigest", *given}, {"CalculatedDigest", base64_encode(digest)}};
        throw error;
    }
}

std::string checksum_algorithm(const json::object& checksums) {
    for (const Algorithm& algorithm : kAlgorithms) {
        if (checksums.contains(algorithm.member)) return std::string(algorithm.name);
    }
    return "";
}

}  // namespace sbemu::s3
