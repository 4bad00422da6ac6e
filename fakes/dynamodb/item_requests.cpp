#include "fakes/dynamodb/item_requests.h"

#include <boost/json.hpp>
#include <set>

#include "emulator/core/arn.h"
#include "emulator/core/json_text.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/values/entries.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

std::string join(const std::vector<std::string_view>& names, std::string_view separator) {
    std::string text;
    for (const std::string_view name : names) {
        if (!text.empty()) text += separator;
        text += name;
    }
    return text;
}

std::vector<std::string_view> given(const json::object& request,
                                    std::span<const std::string_view> members) {
    std::vector<std::string_view> result;
    for (const std::string_view member : members) {
        if (find_member(request, member)) result.push_back(member);
    }
    return result;
}

void check_key_value(const KeyAttribute& attribute, const json::object& value,
                     const std::string& bytes) {
    if (!bytes.empty()) return;
    throw validation_error(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
        "contain an empty " +
        std::string(type_of(value) == "B" ? "binary" : "string") +
        " value. Key: " + attribute.name);
}

// Both attributes are in the item, with the right types.
Key encode_key(const Table& table, const Item& item) {
    Key key;
    const json::object& partition = item.at(table.partition.name).as_object();
    key.partition = sortable_bytes(partition);
    check_key_value(table.partition, partition, key.partition);
    check_partition_size(key.partition);
    if (!table.sort) return key;
    const json::object& sort = item.at(table.sort->name).as_object();
    key.sort = sortable_bytes(sort);
    check_key_value(*table.sort, sort, key.sort);
    check_sort_size(key.sort);
    return key;
}

bool has_key(const Item& key, const KeyAttribute& attribute) {
    const json::value* value = key.if_contains(attribute.name);
    return value && type_of(value->as_object()) == attribute.type;
}

void check_item_key(const Item& item, const KeyAttribute& attribute) {
    const json::value* value = item.if_contains(attribute.name);
    if (!value) throw invalid_values("Missing the key " + attribute.name + " in the item");
    const std::string_view type = type_of(value->as_object());
    if (type == attribute.type) return;
    throw invalid_values("Type mismatch for key " + attribute.name +
                         " expected: " + attribute.type + " actual: " + std::string(type));
}

}  // namespace

std::string table_name_of(const Context& ctx, const json::object& request) {
    std::string name = text_member(request, "TableName");
    const auto arn = parse_arn(name);
    static constexpr std::string_view kPrefix = "table/";
    if (!arn || !arn->resource.starts_with(kPrefix)) return name;
    // Tables of other accounts and regions are out of reach without a resource policy.
    if (arn->account != ctx.caller.account || arn->region != ctx.caller.region) return "";
    return arn->resource.substr(kPrefix.size());
}

Table usable_table(Context& ctx, const json::object& request) {
    auto table = find_table(ctx, table_name_of(ctx, request));
    if (!table || table->status == "CREATING" || table->status == "DELETING") {
        throw resource_not_found();
    }
    table->named = text_member(request, "TableName");
    return *std::move(table);
}

void check_expression_parameters(const json::object& request,
                                 std::span<const std::string_view> expressions,
                                 std::span<const std::string_view> replaced) {
    const auto expression_members = given(request, expressions);
    const auto replaced_members = given(request, replaced);
    if (!expression_members.empty() && !replaced_members.empty()) {
        throw validation_error(
            "Can not use both expression and non-expression parameters in the same request: "
            "Non-expression parameters: {" +
            join(replaced_members, ", ") + "} Expression parameters: {" +
            join(expression_members, ", ") + "}");
    }
    if (find_member(request, "ExpressionAttributeNames") && expression_members.empty()) {
        throw validation_error(
            "ExpressionAttributeNames can only be specified when using expressions");
    }
    const bool only_projects =
        expression_members.empty() ||
        (expression_members.size() == 1 && expression_members[0] == "ProjectionExpression");
    if (find_member(request, "ExpressionAttributeValues") && only_projects) {
        throw validation_error(
            "ExpressionAttributeValues can only be specified when using expressions");
    }
}

void refuse_members(const json::object& request, std::string_view operation,
                    std::span<const std::string_view> members) {
    const auto found = given(request, members);
    if (found.empty()) return;
    throw not_implemented("dynamodb:" + std::string(operation) + " with " + std::string(found[0]));
}

void check_return_values(const json::object& request) {
    const std::string values = text_member(request, "ReturnValues", "NONE");
    if (values == "NONE" || values == "ALL_OLD") return;
    throw validation_error("ReturnValues can only be ALL_OLD or NONE");
}

void check_return_values_of_deep(const json::object& request) {
    if (!find_member(request, "ReturnValues")) return;
    if (is_nested_deeper(request, kDeepestCurrentJson)) check_return_values(request);
}

void check_size(const NormalItem& item) {
    if (item.size() <= kMaxItemSize) return;
    throw validation_error("Item size has exceeded the maximum allowed size");
}

void parse_expressions(const json::object& request, ValueLayer layer, ItemWrite& write) {
    ExpressionAttributes attributes(request, layer);
    if (const auto source = find_text(request, "UpdateExpression")) {
        write.update = parse_update(*source, attributes);
    }
    if (const auto source = find_text(request, "ConditionExpression")) {
        write.condition = parse_condition("ConditionExpression", *source, attributes);
    }
    attributes.check_all_used();
    write.returns_old_on_failure =
        text_member(request, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
}

const json::object& object_member(const json::object& request, std::string_view member) {
    static const json::object kNothing;
    const json::object* object = find_object(request, member);
    return object ? *object : kNothing;
}

void check_attributes_to_get(const json::object& request) {
    const json::array* names = find_array(request, "AttributesToGet");
    if (!names) return;
    std::set<std::string_view> known;
    for (const json::value& name : *names) {
        if (known.insert(text_entry(name)).second) continue;
        throw invalid_values("Duplicate value in attribute name: " + std::string(text_entry(name)));
    }
}

std::optional<Projection> parse_projection_of(const json::object& request,
                                              ExpressionAttributes& attributes) {
    if (const auto source = find_text(request, "ProjectionExpression")) {
        return parse_projection(*source, attributes);
    }
    const json::array* names = find_array(request, "AttributesToGet");
    if (!names) return std::nullopt;
    Projection projection;
    for (const json::value& name : *names) {
        // Dots are literal here: top-level attributes only.
        projection.push_back({{std::string(text_entry(name))}});
    }
    return projection;
}

Key key_of(const Table& table, const Item& key) {
    const std::size_t members = table.sort ? 2 : 1;
    if (key.size() != members || !has_key(key, table.partition) ||
        (table.sort && !has_key(key, *table.sort))) {
        throw key_does_not_match();
    }
    return encode_key(table, key);
}

Key key_of_item(const Table& table, const Item& item) {
    check_item_key(item, table.partition);
    if (table.sort) check_item_key(item, *table.sort);
    return encode_key(table, item);
}

void check_keys_not_empty(const Table& table, const Item& item) {
    const auto check = [&](const KeyAttribute& attribute) {
        if (!has_key(item, attribute)) return;
        const json::object& value = item.at(attribute.name).as_object();
        check_key_value(attribute, value, sortable_bytes(value));
    };
    check(table.partition);
    if (table.sort) check(*table.sort);
}

Item key_members(const Table& table, const Item& item) {
    Item key;
    const auto add = [&](const KeyAttribute& attribute) {
        if (const json::value* value = item.if_contains(attribute.name)) {
            key[attribute.name] = *value;
        }
    };
    add(table.partition);
    if (table.sort) add(*table.sort);
    return key;
}

Item key_attributes(const Table& table, const Item& item) {
    Item key{{table.partition.name, item.at(table.partition.name)}};
    if (table.sort) key[table.sort->name] = item.at(table.sort->name);
    return key;
}

}  // namespace sbemu::dynamodb
