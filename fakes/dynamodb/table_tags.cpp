// TagResource, UntagResource, ListTagsOfResource. Texts: facts/dynamodb-kinesis.md 1.15 and
// ack-api-quirks (2026-10), DDB-TABLE-442.
#include "fakes/dynamodb/table_tags.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <set>

#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_keys.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxTags = 50;

ApiError resource_not_found(const std::string& arn) {
    return {"ResourceNotFoundException",
            "Requested resource not found: ResourcArn: " + arn + " not found"};
}

Table tagged_table(Context& ctx, const json::object& request) {
    static constexpr std::string_view kPrefix = "table/";
    const std::string text = text_member(request, "ResourceArn");
    if (!text.starts_with("arn:")) throw invalid_values("ARNs must start with 'arn:': " + text);
    const auto arn = parse_arn(text);
    if (!arn || arn->service != "dynamodb" || !arn->resource.starts_with(kPrefix) ||
        arn->region != ctx.caller.region) {
        throw validation_error("Invalid TableArn: Invalid ResourceArn provided as input " + text);
    }
    if (arn->account != ctx.caller.account) {
        // paritysuite/dynamodb-conformance tags/basic; text assumed, as of a foreign backup.
        throw ApiError("AccessDeniedException", "Access is denied");
    }
    const std::string name = arn->resource.substr(kPrefix.size());
    check_no_index(name, text);
    if (name.find("/stream/") != std::string::npos) {
        throw not_implemented("dynamodb's tags of streams");
    }
    auto table = find_table(ctx, name);
    if (!table || table_arn(ctx.caller, table->name) != text ||
        !TableSettings::of(*table).restored_from.empty()) {
        throw resource_not_found(text);
    }
    return *std::move(table);
}

// Letters and digits of any script, white space and some signs (ack-api-quirks DDB-TABLE-107, -110
// and -372). Whether a character beyond ASCII is a letter is not looked at: sbemu takes all.
bool is_fit_for_tag(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 || std::isalnum(byte) || std::isspace(byte) ||
               std::string_view("+-=._:/@").find(c) != std::string_view::npos;
    });
}

}  // namespace

void check_tags(const json::array& tags,
                const std::vector<std::pair<std::string, std::string>>& present) {
    std::set<std::string> given;
    for (const json::value& tag : tags) {
        const std::string key = text_member(tag.as_object(), "Key");
        if (key.starts_with("aws:")) {
            throw validation_error("Tag Key cannot be prefixed with aws:, Key: " + key);
        }
        if (!is_fit_for_tag(key)) {
            throw validation_error("The Tag Key provided is invalid, Key: " + key);
        }
        const std::string value = text_member(tag.as_object(), "Value");
        if (!is_fit_for_tag(value)) {
            throw validation_error("The Tag Value provided is invalid, Value: " + value);
        }
        if (!given.insert(key).second) {
            throw validation_error(
                "Duplicate Tag Keys provided as input: Duplicate Tag Key found " + key);
        }
    }
    for (const auto& [key, value] : present) given.insert(key);
    if (given.size() <= kMaxTags) return;
    throw validation_error("Number of Tags exceed the current limit for the provided ResourceArn");
}

void put_tags(Context& ctx, const Table& table, const json::array& tags) {
    for (const json::value& tag : tags) {
        put_tag(ctx, table, text_member(tag.as_object(), "Key"),
                text_member(tag.as_object(), "Value"));
    }
}

json::object tag_resource(Context& ctx, const json::object& request) {
    const json::array& tags = array_of(request, "Tags");
    if (tags.empty()) throw validation_error("Atleast one Tag needs to be provided as Input.");
    const Table table = tagged_table(ctx, request);
    check_tags(tags, list_tags(ctx, table));
    put_tags(ctx, table, tags);
    return {};
}

json::object untag_resource(Context& ctx, const json::object& request) {
    const json::array& keys = array_of(request, "TagKeys");
    if (keys.empty()) throw validation_error("Atleast one Tag Key needs to be provided as Input.");
    const Table table = tagged_table(ctx, request);
    for (const json::value& key : keys) erase_tag(ctx, table, key.as_string());
    return {};
}

// All at once: AWS knows no pages here and ignores a NextToken (ack-api-quirks DDB-TABLE-073 and
// -108, aws-sdk issue 583).
json::object list_tags_of_resource(Context& ctx, const json::object& request) {
    const Table table = tagged_table(ctx, request);
    json::array tags;
    for (const auto& [key, value] : list_tags(ctx, table)) {
        tags.push_back(json::object{{"Key", key}, {"Value", value}});
    }
    return {{"Tags", std::move(tags)}};
}

}  // namespace sbemu::dynamodb
