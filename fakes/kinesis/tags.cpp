// AddTagsToStream, ListTagsForStream, RemoveTagsFromStream.
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "emulator/core/members.h"
#include "fakes/kinesis/errors.h"
#include "fakes/kinesis/operations.h"
#include "fakes/kinesis/requests.h"

namespace sbemu::kinesis {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxTags = 50;

bool is_allowed(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        return byte >= 0x80 || letter || digit ||
               std::string_view(" \t_./=+-%@:").find(c) != std::string_view::npos;
    });
}

}  // namespace

void check_tags(const json::object& tags) {
    for (const auto& [key, value] : tags) {
        if (!is_allowed(key) || !is_allowed(value.as_string())) {
            throw invalid_argument(
                "Some tags contain invalid characters. Valid characters: Unicode letters, digits, "
                "white space, _ . / = + - % @.");
        }
    }
}

json::object add_tags_to_stream(Context& ctx, const json::object& request) {
    const json::object* tags = find_object(request, "Tags");
    const json::object none;
    if (!tags) tags = &none;
    check_tags(*tags);
    const Stream stream = existing_stream(ctx, request);
    std::set<std::string, std::less<>> keys;
    for (const auto& [key, value] : list_tags(ctx, stream)) keys.insert(key);
    for (const auto& [key, value] : *tags) keys.insert(std::string(std::string_view(key)));
    if (keys.size() > kMaxTags) {
        throw invalid_argument("Failed to add tags to stream " + stream.name + " under account " +
                               ctx.caller.account +
                               " because a given stream cannot have more than 10 tags associated"
                               " with it.");  // it says 10 and means 50
    }
    for (const auto& [key, value] : *tags) put_tag(ctx, stream, key, value.as_string());
    return {};
}

json::object list_tags_for_stream(Context& ctx, const json::object& request) {
    const Stream stream = existing_stream(ctx, request);
    const std::string after = text_member(request, "ExclusiveStartTagKey");
    const auto limit = static_cast<std::size_t>(number_member(request, "Limit", 50));
    json::array tags;
    bool more = false;
    for (const auto& [key, value] : list_tags(ctx, stream)) {
        if (key <= after) continue;
        more = tags.size() == limit;
        if (more) break;
        tags.push_back(json::object{{"Key", key}, {"Value", value}});
    }
    return {{"Tags", std::move(tags)}, {"HasMoreTags", more}};
}

json::object remove_tags_from_stream(Context& ctx, const json::object& request) {
    const Stream stream = existing_stream(ctx, request);
    if (const json::array* keys = find_array(request, "TagKeys")) {
        for (const json::value& key : *keys) erase_tag(ctx, stream, key.as_string());
    }
    return {};
}

}  // namespace sbemu::kinesis
