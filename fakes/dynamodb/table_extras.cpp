// What tools ask about every table: tags, time to live, continuous backups.
#include <boost/json.hpp>
#include <set>

#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxTags = 50;

// The order and texts of these checks: facts/dynamodb-kinesis.md 1.15.
Table tagged_table(Context& ctx, const json::object& request) {
    const std::string text = text_member(request, "ResourceArn");
    const auto arn = parse_arn(text);
    static constexpr std::string_view kPrefix = "table/";
    if (!arn || arn->service != "dynamodb" || !arn->resource.starts_with(kPrefix)) {
        throw validation_error("Invalid TableArn: Invalid ResourceArn provided as input " + text);
    }
    auto table = find_table(ctx, std::string_view(arn->resource).substr(kPrefix.size()));
    if (!table || table_arn(ctx.caller, table->name) != text) {
        throw ApiError("ResourceNotFoundException",
                       "Requested resource not found: ResourcArn: " + text + " not found");
    }
    return *std::move(table);
}

}  // namespace

json::object tag_resource(Context& ctx, const json::object& request) {
    const json::array* tags = find_array(request, "Tags");
    if (!tags || tags->empty()) {
        throw validation_error("Atleast one Tag needs to be provided as Input.");
    }
    const Table table = tagged_table(ctx, request);
    std::set<std::string> keys;
    for (const auto& [key, value] : list_tags(ctx, table)) keys.insert(key);
    for (const json::value& tag : *tags) {
        const std::string key = text_member(tag.as_object(), "Key");
        if (key.starts_with("aws:")) {
            throw validation_error("Tag Key cannot be prefixed with aws:, Key: " + key);
        }
        keys.insert(key);
    }
    if (keys.size() > kMaxTags) {
        throw validation_error(
            "Number of Tags exceed the current limit for the provided ResourceArn");
    }
    for (const json::value& tag : *tags) {
        put_tag(ctx, table, text_member(tag.as_object(), "Key"),
                text_member(tag.as_object(), "Value"));
    }
    return {};
}

json::object untag_resource(Context& ctx, const json::object& request) {
    const json::array* keys = find_array(request, "TagKeys");
    if (!keys || keys->empty()) {
        throw validation_error("Atleast one Tag Key needs to be provided as Input.");
    }
    const Table table = tagged_table(ctx, request);
    for (const json::value& key : *keys) erase_tag(ctx, table, key.as_string());
    return {};
}

json::object list_tags_of_resource(Context& ctx, const json::object& request) {
    const Table table = tagged_table(ctx, request);
    json::array tags;
    for (const auto& [key, value] : list_tags(ctx, table)) {
        tags.push_back(json::object{{"Key", key}, {"Value", value}});
    }
    return {{"Tags", std::move(tags)}};
}

json::object describe_time_to_live(Context& ctx, const json::object& request) {
    existing_table(ctx, request);
    return {{"TimeToLiveDescription", {{"TimeToLiveStatus", "DISABLED"}}}};
}

json::object describe_continuous_backups(Context& ctx, const json::object& request) {
    existing_table(ctx, request);
    return {{"ContinuousBackupsDescription",
             {{"ContinuousBackupsStatus", "ENABLED"},
              {"PointInTimeRecoveryDescription", {{"PointInTimeRecoveryStatus", "DISABLED"}}}}}};
}

}  // namespace sbemu::dynamodb
