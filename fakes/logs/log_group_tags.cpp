// Tags of log groups, by the group's name and (newer) by its ARN.
#include "emulator/core/members.h"
#include "fakes/logs/errors.h"
#include "fakes/logs/operations.h"
#include "fakes/logs/requests.h"

namespace sbemu::logs {
namespace json = boost::json;
namespace {

void add_tags(Context& ctx, LogGroup group, const json::object& request) {
    if (const json::object* tags = find_object(request, "tags")) {
        for (const auto& [key, value] : *tags) group.tags[key] = value;
    }
    update_group(ctx, group);
}

void remove_tags(Context& ctx, LogGroup group, const json::array* keys) {
    if (keys) {
        for (const json::value& key : *keys) group.tags.erase(key.as_string());
    }
    update_group(ctx, group);
}

LogGroup require_resource(Context& ctx, const json::object& request) {
    return require_group(ctx, {{"logGroupIdentifier", text_member(request, "resourceArn")}});
}

}  // namespace

json::object tag_log_group(Context& ctx, const json::object& request) {
    add_tags(ctx, require_group(ctx, request), request);
    return {};
}

json::object untag_log_group(Context& ctx, const json::object& request) {
    remove_tags(ctx, require_group(ctx, request), find_array(request, "tags"));
    return {};
}

json::object list_tags_log_group(Context& ctx, const json::object& request) {
    return {{"tags", require_group(ctx, request).tags}};
}

json::object tag_resource(Context& ctx, const json::object& request) {
    add_tags(ctx, require_resource(ctx, request), request);
    return {};
}

json::object untag_resource(Context& ctx, const json::object& request) {
    remove_tags(ctx, require_resource(ctx, request), find_array(request, "tagKeys"));
    return {};
}

json::object list_tags_for_resource(Context& ctx, const json::object& request) {
    return {{"tags", require_resource(ctx, request).tags}};
}

}  // namespace sbemu::logs
