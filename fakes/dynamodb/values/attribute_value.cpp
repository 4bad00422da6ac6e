#include "fakes/dynamodb/values/attribute_value.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>
#include <utility>

#include "emulator/core/encoding.h"
#include "fakes/dynamodb/values/errors.h"
#include "fakes/dynamodb/values/number.h"
#include "fakes/dynamodb/values/number_scale.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::array<std::string_view, 10> kTypes{"S",  "N", "B", "SS",   "NS",
                                                  "BS", "M", "L", "NULL", "BOOL"};

std::string_view view(const json::value& value) { return value.as_string(); }

std::string decode(std::string_view base64) {
    auto bytes = base64_decode(base64);
    // The text names the fault on AWS; clients that can send such a blob are rare.
    if (!bytes) throw ApiError("SerializationException", "Invalid Base64 character");
    return *std::move(bytes);
}

Number number_of(std::string_view text, ValueLayer layer) {
    return layer == ValueLayer::older ? parse_big_decimal(text) : parse_number(text);
}

std::string normal_number(std::string_view text, ValueLayer layer) {
    return number_of(text, layer).text();
}

[[noreturn]] void is_empty() {
    throw validation_error(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

// Set members in the order they are stored in, which is that of their bytes as keys.
std::vector<std::string> sorted_members(std::string_view type, const json::array& given,
                                        ValueLayer layer) {
    std::vector<std::pair<std::string, std::string>> members;  // the bytes and the text of each
    members.reserve(given.size());
    for (const json::value& member : given) {
        const std::string_view text = view(member);
        if (type == "NS") {
            const Number number = number_of(text, layer);
            members.emplace_back(sortable_bytes(number), number.text());
        } else {
            members.emplace_back(type == "BS" ? decode(text) : std::string(text), text);
        }
    }
    std::sort(members.begin(), members.end());
    std::vector<std::string> texts;
    texts.reserve(members.size());
    for (auto& [bytes, text] : members) texts.push_back(std::move(text));
    return texts;
}

// As the current layer shows a set with a repeated member: those before it in the order of their
// bytes, then it and the rest as given (paritysuite valueLayers, 2026-10-09).
std::vector<std::string> shown_up_to_repeat(std::string_view type, const json::array& given) {
    const auto bytes_of = [&](const json::value& member) {
        return type == "BS" ? decode(view(member)) : std::string(view(member));
    };
    std::map<std::string, std::string> before;  // bytes to text
    std::size_t repeat = 0;
    while (before.emplace(bytes_of(given[repeat]), view(given[repeat])).second) ++repeat;
    std::vector<std::string> shown;
    shown.reserve(given.size());
    for (const auto& [bytes, text] : before) shown.push_back(text);
    for (; repeat < given.size(); ++repeat) shown.emplace_back(view(given[repeat]));
    return shown;
}

// The older layer shows the members as given and unquoted (facts/dynamodb-kinesis.md 1.4).
[[noreturn]] void duplicates(std::string_view type, const json::array& given, ValueLayer layer) {
    const bool is_older = layer == ValueLayer::older;
    if (type == "NS") {
        const std::string text = "Input collection contains duplicates";
        if (is_older) throw validation_error(text);
        throw invalid_values(text + ".");
    }
    std::string list;
    if (is_older) {
        for (const json::value& member : given) {
            list += (list.empty() ? "" : ", ") + std::string(view(member));
        }
    } else {
        for (const std::string& member : shown_up_to_repeat(type, given)) {
            list += (list.empty() ? "" : type == "BS" ? "," : ", ") + ("\"" + member + "\"");
        }
    }
    throw invalid_values("Input collection [" + list + "]" + (type == "BS" ? "of type BS " : " ") +
                         "contains duplicates.");
}

json::array normalize_set(std::string_view type, const json::array& given, ValueLayer layer) {
    if (given.empty()) {
        if (type == "BS") throw invalid_values("Binary sets should not be empty");
        throw invalid_values(type == "SS" ? "An string set  may not be empty"
                                          : "An number set  may not be empty");
    }
    if (std::any_of(given.begin(), given.end(), [](const auto& each) { return each.is_null(); })) {
        if (type == "SS") {
            throw invalid_values("An string set may not have a null string as a member");
        }
        is_empty();  // DynamoDB Local says so of BS; assumed of NS
    }
    const std::vector<std::string> members = sorted_members(type, given, layer);
    if (std::adjacent_find(members.begin(), members.end()) != members.end()) {
        duplicates(type, given, layer);
    }
    json::array result;
    for (const std::string& member : members) result.emplace_back(member);
    return result;
}

[[noreturn]] void nested_too_deeply() {
    throw validation_error(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
        "beyond supported limit");
}

std::string_view only_type(const json::value& value) {
    const json::object* object = value.if_object();
    if (object && object->size() == 1 && !object->begin()->value().is_null()) {
        const std::string_view only = object->begin()->key();
        const auto* type = std::find(std::begin(kTypes), std::end(kTypes), only);
        if (type == std::end(kTypes)) is_empty();
        return *type;
    }
    std::string_view found;
    for (const std::string_view type : kTypes) {
        if (!object || !object->contains(type) || object->at(type).is_null()) continue;
        if (!found.empty()) {
            throw validation_error(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one "
                "of the supported datatypes");
        }
        found = type;
    }
    if (found.empty()) is_empty();
    return found;
}

json::object of_type(std::string_view type, json::value content) {
    json::object value;
    value.emplace(type, std::move(content));
    return value;
}

json::object normalize(const json::value& value, ValueLayer layer, std::size_t depth);

json::object normalize_map(const json::object& map, ValueLayer layer, std::size_t depth) {
    json::object result;
    result.reserve(map.size());
    for (const auto& [name, member] : map) result.emplace(name, normalize(member, layer, depth));
    return result;
}

json::array normalize_list(const json::array& list, ValueLayer layer, std::size_t depth) {
    json::array result;
    result.reserve(list.size());
    for (const json::value& member : list) result.push_back(normalize(member, layer, depth));
    return result;
}

json::object normalize(const json::value& value, ValueLayer layer, std::size_t depth) {
    const std::string_view type = only_type(value);
    if (depth > kMaxNesting) nested_too_deeply();
    const json::object& object = value.get_object();
    const json::value& content = object.size() == 1 ? object.begin()->value() : object.at(type);
    if (type == "S" || type == "BOOL") return of_type(type, content);
    if (type == "N") return of_type(type, json::string(normal_number(view(content), layer)));
    if (type == "B") {
        decode(view(content));
        return of_type(type, content);
    }
    if (type == "NULL") {
        if (content != true) {
            throw invalid_values("Null attribute value types must have the value of true");
        }
        return of_type(type, true);
    }
    if (type == "M") return of_type(type, normalize_map(content.as_object(), layer, depth + 1));
    if (type == "L") return of_type(type, normalize_list(content.as_array(), layer, depth + 1));
    return of_type(type, normalize_set(type, content.as_array(), layer));
}

std::size_t base64_size(std::string_view text) {
    if (text.empty()) return 0;
    return text.size() / 4 * 3 - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0);
}

bool equal_lists(const json::array& left, const json::array& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const json::value& a, const json::value& b) {
                          return equal(a.as_object(), b.as_object());
                      });
}

}  // namespace

json::object normalize_value(const json::value& value, ValueLayer layer) {
    return normalize(value, layer, 1);
}

json::object normalize_expression_value(const json::value& value, ValueLayer layer) {
    return normalize(value, layer, layer == ValueLayer::older ? 0 : 1);
}

Item normalize_item(const json::object& item, ValueLayer layer) {
    if (item.contains("")) throw validation_error("Empty attribute name");
    return normalize_map(item, layer, 1);
}

std::string_view type_of(const json::object& value) { return value.begin()->key(); }

const json::value& content_of(const json::object& value) { return value.begin()->value(); }

std::string_view text_of(const json::object& value) { return view(content_of(value)); }

// Normal forms make numbers and sets equal exactly when their texts are.
bool equal(const json::object& left, const json::object& right) {
    const std::string_view type = type_of(left);
    if (type != type_of(right)) return false;
    if (type == "L") return equal_lists(content_of(left).as_array(), content_of(right).as_array());
    if (type == "M") {
        return equal_items(content_of(left).as_object(), content_of(right).as_object());
    }
    return content_of(left) == content_of(right);
}

bool equal_items(const Item& left, const Item& right) {
    if (left.size() != right.size()) return false;
    return std::all_of(left.begin(), left.end(), [&](const auto& member) {
        const json::value* other = right.if_contains(member.key());
        return other && equal(member.value().as_object(), other->as_object());
    });
}

int compare(const json::object& left, const json::object& right) {
    const std::string_view type = type_of(left);
    if (type == "N") return compare(parse_number(text_of(left)), parse_number(text_of(right)));
    const int order = type == "B" ? decode(text_of(left)).compare(decode(text_of(right)))
                                  : text_of(left).compare(text_of(right));
    return (order > 0) - (order < 0);
}

void check_nesting(const json::object& value, std::size_t level) {
    if (level > kMaxNesting) nested_too_deeply();
    const json::value& content = content_of(value);
    if (type_of(value) == "M") {
        for (const auto& member : content.as_object()) {
            check_nesting(member.value().as_object(), level + 1);
        }
    } else if (type_of(value) == "L") {
        for (const json::value& member : content.as_array()) {
            check_nesting(member.as_object(), level + 1);
        }
    }
}

std::size_t size_of_value(const json::object& value) {
    const std::string_view type = type_of(value);
    const json::value& content = content_of(value);
    if (type == "S") return view(content).size();
    if (type == "N") return size_of(parse_number(view(content)));
    if (type == "B") return base64_size(view(content));
    if (type == "BOOL" || type == "NULL") return 1;
    std::size_t size = 0;
    if (type == "M") {
        for (const auto& [name, member] : content.as_object()) {
            size += 1 + name.size() + size_of_value(member.as_object());
        }
        return 3 + size;
    }
    if (type == "L") {
        for (const json::value& member : content.as_array()) {
            size += 1 + size_of_value(member.as_object());
        }
        return 3 + size;
    }
    for (const json::value& member : content.as_array()) {
        size += type == "SS"   ? view(member).size()
                : type == "NS" ? size_of(parse_number(view(member)))
                               : base64_size(view(member));
    }
    return size;
}

std::size_t size_of_item(const Item& item) {
    std::size_t size = 0;
    for (const auto& [name, value] : item) size += name.size() + size_of_value(value.as_object());
    return size;
}

std::string sortable_bytes(const json::object& value) {
    const std::string_view type = type_of(value);
    if (type == "N") return sortable_bytes(parse_number(text_of(value)));
    return type == "B" ? decode(text_of(value)) : std::string(text_of(value));
}

}  // namespace sbemu::dynamodb
