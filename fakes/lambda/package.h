// Function packages: zip files, checked in memory before they are stored.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu::lambda {

struct Package {
    std::string code_hash;    // the kernel blob
    std::string code_sha256;  // base64
    std::int64_t code_size = 0;
};

// Takes the zip from ZipFile or from S3Bucket, S3Key, S3ObjectVersion, checks and stores it.
// Throws the error AWS answers for a missing object, a broken zip, or one over the limits.
Package read_package(Context& ctx, const boost::json::object& code);

// Throws InvalidParameterValueException unless the bytes are a zip whose entries stay inside the
// folder that it is unpacked into, and within 262144000 bytes.
void check_package(std::string_view zip);

}  // namespace sbemu::lambda
