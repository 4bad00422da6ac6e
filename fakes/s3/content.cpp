#include "fakes/s3/content.h"

#include <algorithm>
#include <charconv>

#include "emulator/core/blobs.h"
#include "fakes/s3/errors.h"

namespace sbemu::s3 {
namespace {

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0) return {};
    return number;
}

}  // namespace

std::string Range::content_range(std::int64_t object_size) const {
    return "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" +
           std::to_string(object_size);
}

std::optional<Range> parse_range(std::string_view text, std::int64_t object_size) {
    constexpr std::string_view kUnit = "bytes=";
    if (!text.starts_with(kUnit)) return {};
    const std::string_view range = text.substr(kUnit.size());
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) return {};
    const auto first = parse_number(range.substr(0, dash));
    const auto last = parse_number(range.substr(dash + 1));
    const bool has_first = dash != 0;
    const bool has_last = dash + 1 != range.size();
    if ((has_first && !first) || (has_last && !last) || (!has_first && !has_last)) return {};

    if (!has_first) {  // the last so many bytes
        if (*last == 0 || object_size == 0) throw invalid_range(text, object_size);
        return Range{std::max<std::int64_t>(object_size - *last, 0), object_size - 1};
    }
    if (has_last && *last < *first) return {};
    if (*first >= object_size) throw invalid_range(text, object_size);
    return Range{*first, has_last ? std::min(*last, object_size - 1) : object_size - 1};
}

std::string read_content(Context& ctx, const Object& object) {
    if (object.segments.size() == 1) return get_blob(ctx.store, object.segments.front().hash);
    std::string content;
    content.reserve(static_cast<std::size_t>(object.size));
    for (const Segment& segment : object.segments) content += get_blob(ctx.store, segment.hash);
    return content;
}

std::string read_content(Context& ctx, const Object& object, const Range& range) {
    std::string content;
    content.reserve(static_cast<std::size_t>(range.size()));
    std::int64_t start = 0;  // of the segment, in the object
    for (const Segment& segment : object.segments) {
        const std::int64_t first = std::max(range.first, start);
        const std::int64_t end = std::min(range.last + 1, start + segment.size);
        if (first < end) {
            content.append(get_blob(ctx.store, segment.hash),
                           static_cast<std::size_t>(first - start),
                           static_cast<std::size_t>(end - first));
        }
        start += segment.size;
    }
    return content;
}

}  // namespace sbemu::s3
