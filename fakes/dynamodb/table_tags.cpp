// TagResource, UntagResource, ListTagsOfResource. Texts: facts/dynamodb-kinesis.md 1.15 and
// ack-api-quirks (2026-10), DDB-TABLE-101 to 110, 372, 440, 442.
#include "fakes/dynamodb/table_tags.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/json.hpp>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "emulator/core/arn.h"
#include "emulator/core/encoding.h"
#include "emulator/core/latency.h"
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
constexpr std::size_t kMaxKeyLength = 128;  // characters
constexpr std::size_t kMaxValueLength = 256;
constexpr std::size_t kMaxBytes = 10'240;  // of all keys and values
// After a change others have to wait (DDB-TABLE-440).
constexpr Duration kLocked{1'500};

ApiError resource_not_found(const std::string& arn) {
    return {"ResourceNotFoundException",
            "Requested resource not found: ResourceArn: " + arn + " not found"};
}

ApiError too_many_tags() {
    return validation_error("Number of Tags exceed the current limit for the provided ResourceArn");
}

// A table that is being made has no tags yet (DDB-TABLE-101).
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
        throw ApiError("AccessDeniedException", "Access is denied");
    }
    const std::string name = arn->resource.substr(kPrefix.size());
    check_no_index(name, text);
    if (name.find("/backup/") != std::string::npos) {
        throw invalid_values("Provided Arn is not a DynamoDB resource arn: " + text);
    }
    if (name.find("/stream/") != std::string::npos) {
        throw not_implemented("dynamodb's tags of streams");
    }
    auto table = find_table(ctx, name);
    if (!table || table_arn(ctx.caller, table->name) != text || table->status == "CREATING") {
        throw resource_not_found(text);
    }
    return *std::move(table);
}

// What is neither a letter nor a digit nor a space beyond ASCII: signs, arrows, emoji, private
// characters. Not all of Unicode's, but what people write.
bool is_sign(char32_t c) {
    static constexpr std::pair<char32_t, char32_t> kSigns[] = {
        {0x80, 0x9f},      {0xa1, 0xa9},     {0xab, 0xb1},     {0xb4, 0xb4},
        {0xb6, 0xb8},      {0xbb, 0xbb},     {0xbf, 0xbf},     {0xd7, 0xd7},
        {0xf7, 0xf7},      {0x200b, 0x2027}, {0x202a, 0x202e}, {0x2030, 0x205e},
        {0x2060, 0x206f},  {0x20a0, 0x20ff}, {0x2190, 0x245f}, {0x2500, 0x2775},
        {0x2794, 0x2bff},  {0x3001, 0x3004}, {0x3008, 0x3020}, {0xe000, 0xf8ff},
        {0xfe00, 0xfe0f},  {0xfeff, 0xfeff}, {0xfff0, 0xffff}, {0x1f000, 0x1f0ff},
        {0x1f110, 0x1fbef}};
    return std::any_of(std::begin(kSigns), std::end(kSigns),
                       [&](const auto& range) { return c >= range.first && c <= range.second; });
}

// Letters, digits and spaces of any script, and some signs (DDB-TABLE-107, 110 and 372).
bool is_fit_for_tag(std::string_view text, std::size_t longest) {
    if (utf16_length(text) > longest) return false;
    const std::u32string characters = code_points(text);
    return std::all_of(characters.begin(), characters.end(), [](char32_t c) {
        if (c >= 0x80) return !is_sign(c);
        return std::isalnum(static_cast<int>(c)) || std::isspace(static_cast<int>(c)) ||
               std::string_view("+-=._:/@").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

void check_key(const std::optional<std::string>& key) {
    if (boost::istarts_with(key.value_or(""), "aws:")) {
        throw validation_error("Tag Key cannot be prefixed with aws:, Key: " + *key);
    }
    if (key && !key->empty() && is_fit_for_tag(*key, kMaxKeyLength)) return;
    throw validation_error("The Tag Key provided is invalid, Key: " + key.value_or("null"));
}

using Tags = std::map<std::string, std::string>;

// What is counted is assumed.
void check_size(const Tags& tags) {
    std::size_t bytes = 0;
    for (const auto& [key, value] : tags) bytes += key.size() + value.size();
    if (bytes <= kMaxBytes) return;
    throw validation_error("Tag set size " + std::to_string(bytes) +
                           " bytes is above max size limit of " + std::to_string(kMaxBytes) +
                           " bytes");
}

Tags tags_of(Context& ctx, const Table& table) {
    const auto listed = list_tags(ctx, table);
    return {listed.begin(), listed.end()};
}

Tags tags_in(const json::array& list) {
    Tags tags;
    for (const json::value& tag : list) {
        tags[text_member(tag.as_object(), "Key")] = text_member(tag.as_object(), "Value");
    }
    return tags;
}

// Whether `part` is all in `tags`.
bool has_all(const Tags& tags, const Tags& part) {
    return std::all_of(part.begin(), part.end(), [&](const auto& tag) {
        const auto found = tags.find(tag.first);
        return found != tags.end() && found->second == tag.second;
    });
}

// While a change is under way, only a TagResource that asks for it too is let through.
void check_not_locked(const Context& ctx, const Table& table, const Tags* wanted) {
    const TableSettings settings = TableSettings::of(table);
    if (to_milliseconds(ctx.now) >= settings.tags_locked_until) return;
    const Tags under_way(settings.tags_under_way.begin(), settings.tags_under_way.end());
    if (wanted && !under_way.empty() && has_all(*wanted, under_way)) return;
    throw limit_exceeded("Subscriber limit exceeded: Table tags are being updated: " + table.name);
}

// A change of tags that changes something.
void begin_change(Context& ctx, Table table, const Tags& added) {
    if (table.status == "DELETING") check_changeable(table);
    const Duration locked = usual_duration(ctx, kLocked);
    if (locked == Duration{0}) return;
    TableSettings settings = TableSettings::of(table);
    settings.tags_locked_until = to_milliseconds(ctx.now + locked);
    settings.tags_under_way.assign(added.begin(), added.end());
    settings.save_in(table);
    update_table(ctx, table);
}

}  // namespace

void check_tags(const json::array& tags,
                const std::vector<std::pair<std::string, std::string>>& present) {
    std::set<std::string> given;
    for (const json::value& tag : tags) {
        const auto key = find_text(tag.as_object(), "Key");
        check_key(key);
        const auto value = find_text(tag.as_object(), "Value");
        if (!value || !is_fit_for_tag(*value, kMaxValueLength)) {
            throw validation_error("The Tag Value provided is invalid, Value: " +
                                   value.value_or("null"));
        }
        if (!given.insert(*key).second) {
            throw validation_error(
                "Duplicate Tag Keys provided as input: Duplicate Tag Key found " + *key);
        }
    }
    Tags merged(present.begin(), present.end());
    for (const auto& [key, value] : tags_in(tags)) merged[key] = value;
    if (merged.size() > kMaxTags) throw too_many_tags();
    check_size(merged);
}

void check_tags_settled(const Context& ctx, const Table& table) {
    if (to_milliseconds(ctx.now) >= TableSettings::of(table).tags_locked_until) return;
    throw resource_in_use("Table tags are being updated: " + table.name);
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
    const Tags wanted = tags_in(tags);
    check_not_locked(ctx, table, &wanted);
    if (has_all(tags_of(ctx, table), wanted)) return {};
    begin_change(ctx, table, wanted);
    put_tags(ctx, table, tags);
    return {};
}

json::object untag_resource(Context& ctx, const json::object& request) {
    const json::array& keys = array_of(request, "TagKeys");
    if (keys.empty()) throw validation_error("Atleast one Tag Key needs to be provided as Input.");
    const Table table = tagged_table(ctx, request);
    for (const json::value& key : keys) check_key(std::string(key.as_string()));
    if (keys.size() > kMaxTags) throw too_many_tags();
    check_not_locked(ctx, table, nullptr);
    const Tags present = tags_of(ctx, table);
    const bool changes = std::any_of(keys.begin(), keys.end(), [&](const json::value& key) {
        return present.contains(std::string(key.as_string()));
    });
    if (!changes) return {};
    begin_change(ctx, table, {});
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
