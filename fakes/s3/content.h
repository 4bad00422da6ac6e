// The bytes of an object: whole, or a range of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fakes/s3/rows.h"

namespace sbemu::s3 {

struct Range {
    std::int64_t first = 0;
    std::int64_t last = 0;  // included, as in Content-Range

    std::int64_t size() const { return last - first + 1; }
    // "bytes 0-9/100"
    std::string content_range(std::int64_t object_size) const;
};

// "bytes=0-9", "bytes=10-", "bytes=-10". Nothing if the text is no single range: such a header is
// ignored. Throws InvalidRange if the object has none of it.
std::optional<Range> parse_range(std::string_view text, std::int64_t object_size);

std::string read_content(Context& ctx, const Object& object);
std::string read_content(Context& ctx, const Object& object, const Range& range);

}  // namespace sbemu::s3
