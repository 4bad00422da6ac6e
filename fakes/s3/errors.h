// S3's errors, each code and text spelled once. Texts as AWS answers them (recorded by
// localstack's tests/aws/services/s3/*.snapshot.json), unless marked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/core/error.h"

namespace sbemu::s3 {

ApiError no_such_bucket(std::string_view bucket);
ApiError no_such_key(std::string_view key);
ApiError no_such_upload(std::string_view upload_id);
// `condition` is the header that did not hold: "If-Match".
ApiError precondition_failed(std::string_view condition);
ApiError not_modified(std::string_view etag, std::int64_t modified);
ApiError invalid_argument(const std::string& message, std::string_view name,
                          std::string_view value);
ApiError invalid_request(const std::string& message);
ApiError malformed_xml();
ApiError invalid_range(std::string_view range, std::int64_t size);
ApiError access_denied();
ApiError unsupported_setting(std::string_view member);

}  // namespace sbemu::s3
