// The digests that signing and logging need, by OpenSSL.
#pragma once
#include <string>
#include <string_view>

namespace sbemu::lambda_runtime {

// Raw bytes.
std::string sha256(std::string_view data);
std::string hmac_sha256(std::string_view key, std::string_view data);

// Lower-case hexadecimal.
std::string sha256_hex(std::string_view data);
std::string md5_hex(std::string_view data);

}  // namespace sbemu::lambda_runtime
