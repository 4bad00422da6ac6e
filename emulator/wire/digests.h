// The digests S3 knows by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sbemu::wire {

// Raw bytes, as base64 carries them. Nothing for an algorithm we do not know:
// "crc32", "crc32c", "crc64nvme", "sha1", "sha256".
std::optional<std::string> digest_of(std::string_view algorithm, std::string_view bytes);

}  // namespace sbemu::wire
