// Digests that come with a body: Content-MD5 and the x-amz-checksum-* headers.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace sbemu::s3 {

// The body's checksums to keep and answer, as output members (ChecksumSHA256, ...): those given,
// and the one that ChecksumAlgorithm asks for. Throws InvalidRequest for a malformed one,
// BadDigest for one that does not fit the body.
boost::json::object check_checksums(const boost::json::object& request, std::string_view body);

// {"ChecksumCRC32": "..."} of the bytes. Throws NotImplemented for another algorithm.
boost::json::object checksum_of(std::string_view algorithm, std::string_view body);

// Throws InvalidDigest or BadDigest if "ContentMD5" is there and is not the digest (16 bytes).
void check_content_md5(const boost::json::object& request, std::string_view digest);

// "CRC32" for {"ChecksumCRC32": ...}; empty if there is none.
std::string checksum_algorithm(const boost::json::object& checksums);

}  // namespace sbemu::s3
