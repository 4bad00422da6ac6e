// gzip and deflate, as Content-Encoding has them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sbemu::wire {

// Several gzip members in a row are one text. Nothing if the data is broken or unpacks to more
// than `most` bytes. "deflate" is the zlib format; the raw one some clients send is read too.
std::optional<std::string> inflate(std::string_view packed, std::size_t most);

std::string gzip(std::string_view text);
std::string deflate(std::string_view text);

}  // namespace sbemu::wire
