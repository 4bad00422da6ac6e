// Large bytes, stored once by content: function packages, S3 objects, long request bodies.
#pragma once

#include <string>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu {

// Returns the SHA-256 of the bytes in hex, by which they are found again.
std::string put_blob(Store& store, std::string_view bytes);
// Bytes whose hash is needed before they are put.
struct Blob {
    explicit Blob(std::string&& its_bytes);
    std::string bytes;
    std::string hash;
};
void put_blob(Store& store, const Blob& blob);
// Keeps the request's streaming payload. The event log keeps an event's anyway, and its bytes
// are not hashed again.
std::string put_body(Context& ctx);
// The bytes must have been put before.
std::string get_blob(Store& store, std::string_view hash);

}  // namespace sbemu
