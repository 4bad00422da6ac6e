// Certificate bundles: what a client already trusts, and our certificate authority.
#pragma once

#include <filesystem>

namespace sbemu {

// The system's own bundle, or an empty path when none of the usual places has one.
std::filesystem::path system_certificate_bundle();

// The system's folder of certificates under their hashes (c_rehash), or an empty path.
std::filesystem::path system_certificate_folder();

// Writes `trusted` (the system's bundle when empty; nothing when that is missing too) followed by
// `certificate_authority` to `target`, atomically and readable by everyone. Throws
// std::runtime_error naming the file when one cannot be read or written.
void write_certificate_bundle(const std::filesystem::path& trusted,
                              const std::filesystem::path& certificate_authority,
                              const std::filesystem::path& target);

}  // namespace sbemu
