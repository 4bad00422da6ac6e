// Tags of roles.
#include <algorithm>

#include "emulator/core/members.h"
#include "fakes/iam/errors.h"
#include "fakes/iam/operations.h"
#include "fakes/iam/paging.h"

namespace sbemu::iam {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxTags = 50;

json::value* find_tag(json::array& tags, std::string_view key) {
    return std::find_if(tags.begin(), tags.end(),
                        [&](const json::value& tag) { return tag.at("Key").as_string() == key; });
}

}  // namespace

void add_tags(json::array& tags, const json::array& added) {
    json::array seen;
    for (const json::value& tag : added) {
        const std::string_view key = tag.at("Key").as_string();
        if (find_tag(seen, key) != seen.end()) {
            throw ApiError("InvalidInput",
                           "Duplicate tag keys found. Please note that Tag keys are case "
                           "insensitive.",
                           400);
        }
        seen.push_back(tag);
        json::value* const old_tag = find_tag(tags, key);
        if (old_tag != tags.end()) {
            *old_tag = tag;
        } else {
            tags.push_back(tag);
        }
    }
    if (tags.size() > kMaxTags) {
        throw limit_exceeded("The number of tags has reached the maximum limit.");
    }
}

json::object tag_role(Context& ctx, const json::object& request) {
    Role role = require_role(ctx, request);
    if (const json::array* tags = find_array(request, "Tags")) add_tags(role.tags, *tags);
    update_role(ctx, role);
    return {};
}

json::object untag_role(Context& ctx, const json::object& request) {
    Role role = require_role(ctx, request);
    if (const json::array* keys = find_array(request, "TagKeys")) {
        for (const json::value& key : *keys) {
            json::value* const tag = find_tag(role.tags, key.as_string());
            if (tag != role.tags.end()) role.tags.erase(tag);
        }
    }
    update_role(ctx, role);
    return {};
}

json::object list_role_tags(Context& ctx, const json::object& request) {
    json::object result;
    put_page(result, "Tags", request, require_role(ctx, request).tags,
             [](const json::value& tag) { return std::string(tag.at("Key").as_string()); });
    return result;
}

}  // namespace sbemu::iam
