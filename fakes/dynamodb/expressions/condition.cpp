#include "fakes/dynamodb/expressions/condition.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/encoding.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

std::size_t length_of(const json::object& value) {
    const json::value& content = content_of(value);
    if (const json::array* list = content.if_array()) return list->size();
    if (const json::object* map = content.if_object()) return map->size();
    // Java's characters (paritysuite query/expressions: U+00E9 and U+1D11E are 3).
    if (type_of(value) == "S") return utf16_length(content.as_string());
    return size_of_value(value);  // the bytes of a binary
}

bool has_length(std::string_view type) { return type != "N" && type != "BOOL" && type != "NULL"; }

// The operand's value; null if the item lacks it. A computed one lives in `scratch`.
const json::object* resolve(const Node& operand, const Item& item, json::object& scratch) {
    if (operand.kind == Node::Kind::value) return &operand.value;
    if (operand.kind == Node::Kind::path) return find(item, operand.path);
    if (operand.kind != Node::Kind::function || operand.name != "size") {
        // Only PartiQL compares conditions.
        scratch = json::object{{"BOOL", holds(operand, item)}};
        return &scratch;
    }
    const json::object* measured = resolve(operand.children.front(), item, scratch);
    if (!measured || !has_length(type_of(*measured))) return nullptr;
    scratch = json::object{{"N", std::to_string(length_of(*measured))}};
    return &scratch;
}

bool compares(std::string_view symbol, const json::object* left, const json::object* right) {
    // A missing attribute is unequal to everything (facts/dynamodb-kinesis.md 1.7).
    if (symbol == "<>") return !left || !right || !equal(*left, *right);
    if (!left || !right) return false;
    if (symbol == "=") return equal(*left, *right);
    const std::string_view type = type_of(*left);
    if (type != type_of(*right) || (type != "S" && type != "N" && type != "B")) return false;
    const int order = compare(*left, *right);
    if (symbol == "<") return order < 0;
    if (symbol == "<=") return order <= 0;
    if (symbol == ">") return order > 0;
    return order >= 0;
}

bool begins_with(const json::object& value, const json::object& prefix) {
    const std::string_view type = type_of(value);
    if (type != type_of(prefix) || (type != "S" && type != "B")) return false;
    return sortable_bytes(value).starts_with(sortable_bytes(prefix));
}

bool contains(const json::object& value, const json::object& wanted) {
    const std::string_view type = type_of(value);
    const std::string_view wanted_type = type_of(wanted);
    if (type == "L") {
        const json::array& list = content_of(value).as_array();
        return std::any_of(list.begin(), list.end(), [&](const json::value& member) {
            return equal(member.as_object(), wanted);
        });
    }
    if (type == "SS" || type == "NS" || type == "BS") {
        if (wanted_type != type.substr(0, 1)) return false;
        const json::array& set = content_of(value).as_array();
        return std::find(set.begin(), set.end(), content_of(wanted)) != set.end();
    }
    if (type != wanted_type || (type != "S" && type != "B")) return false;
    return sortable_bytes(value).find(sortable_bytes(wanted)) != std::string::npos;
}

bool function_holds(const Node& node, const Item& item) {
    json::object scratch;
    const json::object* first = resolve(node.children[0], item, scratch);
    if (node.name == "attribute_exists") return first != nullptr;
    if (node.name == "attribute_not_exists") return first == nullptr;
    json::object second_scratch;
    const json::object* second = resolve(node.children[1], item, second_scratch);
    if (!first || !second) return false;
    if (node.name == "begins_with") return begins_with(*first, *second);
    if (node.name == "contains") return contains(*first, *second);
    return type_of(*second) == "S" && type_of(*first) == text_of(*second);  // attribute_type
}

bool in_holds(const Node& node, const Item& item) {
    json::object scratch;
    const json::object* wanted = resolve(node.children[0], item, scratch);
    return std::any_of(node.children.begin() + 1, node.children.end(), [&](const Node& candidate) {
        json::object other;
        return compares("=", wanted, resolve(candidate, item, other));
    });
}

bool between_holds(const Node& node, const Item& item) {
    json::object scratch[3];
    const json::object* value = resolve(node.children[0], item, scratch[0]);
    return compares(">=", value, resolve(node.children[1], item, scratch[1])) &&
           compares("<=", value, resolve(node.children[2], item, scratch[2]));
}

}  // namespace

bool holds(const Node& node, const Item& item) {
    const auto& children = node.children;
    switch (node.kind) {
        case Node::Kind::both:
            return std::all_of(children.begin(), children.end(),
                               [&](const Node& child) { return holds(child, item); });
        case Node::Kind::either:
            return std::any_of(children.begin(), children.end(),
                               [&](const Node& child) { return holds(child, item); });
        case Node::Kind::negation:
            return !holds(children[0], item);
        case Node::Kind::function:
            return function_holds(node, item);
        case Node::Kind::in:
            return in_holds(node, item);
        case Node::Kind::between:
            return between_holds(node, item);
        case Node::Kind::comparison: {
            json::object left;
            json::object right;
            return compares(node.name, resolve(children[0], item, left),
                            resolve(children[1], item, right));
        }
        case Node::Kind::path:
        case Node::Kind::value:
            break;
    }
    return false;
}

void collect_paths(const Node& node, std::vector<const Path*>& paths) {
    if (node.kind == Node::Kind::path) paths.push_back(&node.path);
    for (const Node& child : node.children) collect_paths(child, paths);
}

}  // namespace sbemu::dynamodb
