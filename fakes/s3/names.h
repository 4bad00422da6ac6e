// The rules for names of buckets and keys.
#pragma once

#include <string_view>

namespace sbemu::s3 {

// Throws InvalidBucketName. (docs: userguide/bucketnamingrules)
void check_bucket_name(std::string_view name);
// Throws KeyTooLongError.
void check_key(std::string_view key);

}  // namespace sbemu::s3
