#include "fakes/dynamodb/expressions/legacy_conditions.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string>

#include "emulator/core/members.h"
#include "fakes/dynamodb/values/entries.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kAtLeastOne = static_cast<std::size_t>(-1);

// One of ComparisonOperator: how many arguments of which types it takes.
struct LegacyOperator {
    std::string_view name;
    std::size_t arguments;
    std::string_view types;   // one letter each; empty: all
    std::string_view symbol;  // of the comparison that it is
    KeyCondition::Operator in_key = KeyCondition::Operator::not_indexable;
};

using InKey = KeyCondition::Operator;
constexpr LegacyOperator kOperators[] = {
    {"EQ", 1, "", "=", InKey::equal},
    {"NE", 1, "", "<>"},
    {"LT", 1, "SNB", "<", InKey::less},
    {"LE", 1, "SNB", "<=", InKey::less_or_equal},
    {"GT", 1, "SNB", ">", InKey::greater},
    {"GE", 1, "SNB", ">=", InKey::greater_or_equal},
    {"BETWEEN", 2, "SNB", "", InKey::between},
    {"BEGINS_WITH", 1, "SB", "", InKey::begins_with},
    {"CONTAINS", 1, "SNB", ""},
    {"NOT_CONTAINS", 1, "SNB", ""},
    {"IN", kAtLeastOne, "SNB", ""},
    {"NULL", 0, "", ""},
    {"NOT_NULL", 0, "", ""},
};

const LegacyOperator& operator_named(std::string_view name) {
    for (const LegacyOperator& each : kOperators) {
        if (each.name == name) return each;
    }
    // The API model lets no other through.
    throw not_implemented("dynamodb's ComparisonOperator " + std::string(name));
}

void check_count(const LegacyOperator& comparison, std::size_t count) {
    if (comparison.arguments == kAtLeastOne ? count >= 1 : count == comparison.arguments) return;
    throw invalid_values("Invalid number of argument(s) for the " + std::string(comparison.name) +
                         " ComparisonOperator");
}

void check_types(const LegacyOperator& comparison, const std::vector<json::object>& arguments) {
    for (const json::object& argument : arguments) {
        if (type_of(argument) == type_of(arguments.front())) continue;
        throw invalid_values("AttributeValues inside AttributeValueList must be of same type");
    }
    if (comparison.types.empty() || arguments.empty()) return;
    const std::string_view type = type_of(arguments.front());
    if (type.size() != 1 || comparison.types.find(type) == std::string_view::npos) {
        throw invalid_values("ComparisonOperator " + std::string(comparison.name) +
                             " is not valid for " + std::string(type) + " AttributeValue type");
    }
    if (comparison.name == "BETWEEN" && compare(arguments[0], arguments[1]) > 0) {
        throw validation_error(
            "The BETWEEN condition was provided a range where the lower bound is greater than the "
            "upper bound");
    }
}

std::vector<json::object> parse_arguments(const json::object& condition, ValueLayer layer) {
    std::vector<json::object> arguments;
    if (const json::array* list = find_array(condition, "AttributeValueList")) {
        for (const json::value& value : *list) arguments.push_back(normalize_value(value, layer));
    } else if (const json::object* value = find_object(condition, "Value")) {
        arguments.push_back(normalize_value(*value, layer));
    }
    return arguments;
}

Node path_node(std::string_view attribute) {
    Node node;
    node.path.steps.emplace_back(std::string(attribute));  // dots are literal here
    return node;
}

Node operation(Node::Kind kind, std::string_view name, std::string_view attribute,
               std::vector<json::object> arguments) {
    Node node;
    node.kind = kind;
    node.name = name;
    node.children.push_back(path_node(attribute));
    for (json::object& argument : arguments) {
        Node& child = node.children.emplace_back();
        child.kind = Node::Kind::value;
        child.value = std::move(argument);
    }
    return node;
}

Node join(Node::Kind kind, Node left, Node right) {
    Node node;
    node.kind = kind;
    node.children.push_back(std::move(left));
    node.children.push_back(std::move(right));
    return node;
}

Node negate(Node condition) {
    Node node;
    node.kind = Node::Kind::negation;
    node.children.push_back(std::move(condition));
    return node;
}

Node exists(std::string_view attribute) {
    return operation(Node::Kind::function, "attribute_exists", attribute, {});
}

Node condition_of(const LegacyOperator& comparison, std::string_view attribute,
                  std::vector<json::object> arguments) {
    const auto make = [&](Node::Kind kind, std::string_view name) {
        return operation(kind, name, attribute, std::move(arguments));
    };
    if (!comparison.symbol.empty()) return make(Node::Kind::comparison, comparison.symbol);
    if (comparison.name == "BETWEEN") return make(Node::Kind::between, "BETWEEN");
    if (comparison.name == "IN") return make(Node::Kind::in, "IN");
    if (comparison.name == "BEGINS_WITH") return make(Node::Kind::function, "begins_with");
    if (comparison.name == "CONTAINS") return make(Node::Kind::function, "contains");
    if (comparison.name == "NULL") return negate(exists(attribute));
    if (comparison.name == "NOT_NULL") return exists(attribute);
    // NOT_CONTAINS: of an attribute that is there.
    return join(Node::Kind::both, exists(attribute),
                negate(make(Node::Kind::function, "contains")));
}

struct ParsedCondition {
    const LegacyOperator* comparison;
    std::vector<json::object> arguments;
};

ParsedCondition parse_comparison(const json::object& condition, ValueLayer layer) {
    ParsedCondition parsed;
    parsed.comparison = &operator_named(text_member(condition, "ComparisonOperator"));
    parsed.arguments = parse_arguments(condition, layer);
    check_count(*parsed.comparison, parsed.arguments.size());
    check_types(*parsed.comparison, parsed.arguments);
    return parsed;
}

Node parse_comparison_node(std::string_view attribute, const json::object& condition,
                           ValueLayer layer) {
    ParsedCondition parsed = parse_comparison(condition, layer);
    return condition_of(*parsed.comparison, attribute, std::move(parsed.arguments));
}

void check_expected_members(const std::string& attribute, const json::object& condition) {
    const bool has_list = find_member(condition, "AttributeValueList");
    const bool has_value = find_member(condition, "Value");
    const auto comparison = find_text(condition, "ComparisonOperator");
    const std::string for_attribute = " for Attribute: " + attribute;
    if (has_list && has_value) {
        throw invalid_values("Value and AttributeValueList cannot be used together" +
                             for_attribute);
    }
    if (!comparison) {
        if (!has_list) return;
        throw invalid_values("AttributeValueList can only be used with a ComparisonOperator" +
                             for_attribute);
    }
    if (find_member(condition, "Exists")) {
        throw invalid_values("Exists and ComparisonOperator cannot be used together" +
                             for_attribute);
    }
    if (*comparison != "NULL" && *comparison != "NOT_NULL" && !has_list && !has_value) {
        throw invalid_values("Value or AttributeValueList must be used with ComparisonOperator: " +
                             *comparison + for_attribute);
    }
}

// {"Value": v}, {"Exists": true, "Value": v} or {"Exists": false}.
Node parse_existence(const std::string& attribute, const json::object& condition) {
    const bool has_exists = find_member(condition, "Exists");
    const bool exists_wanted = flag_member(condition, "Exists", true);
    const json::object* value = find_object(condition, "Value");
    if (exists_wanted && !value) {
        throw invalid_values("Value must be provided when Exists is " +
                             std::string(has_exists ? "true" : "null") +
                             " for Attribute: " + attribute);
    }
    if (!exists_wanted) {
        if (!value) return negate(exists(attribute));
        throw invalid_values("Value cannot be used when Exists is false for Attribute: " +
                             attribute);
    }
    return operation(Node::Kind::comparison, "=", attribute, {normalize_value(*value)});
}

Node parse_expectation(std::string_view attribute, const json::object& condition) {
    check_expected_members(std::string(attribute), condition);
    if (find_member(condition, "ComparisonOperator")) {
        return parse_comparison_node(attribute, condition, ValueLayer::current);
    }
    return parse_existence(std::string(attribute), condition);
}

template <class ParseOne>
std::optional<Node> parse_joined(const json::object& request, std::string_view member,
                                 ParseOne parse_one) {
    check_conditional_operator(request, member);
    const json::object* conditions = find_object(request, member);
    if (!conditions) return std::nullopt;
    const bool any = text_member(request, "ConditionalOperator") == "OR";
    Node joined;
    joined.kind = any ? Node::Kind::either : Node::Kind::both;
    for (const auto& [attribute, condition] : *conditions) {
        joined.children.push_back(parse_one(attribute, object_entry(condition)));
    }
    if (joined.children.empty()) return std::nullopt;
    return joined;
}

}  // namespace

std::optional<Node> parse_expected(const json::object& request) {
    return parse_joined(request, "Expected", parse_expectation);
}

std::optional<Node> parse_legacy_filter(const json::object& request, std::string_view member,
                                        ValueLayer layer) {
    return parse_joined(request, member,
                        [layer](std::string_view attribute, const json::object& condition) {
                            return parse_comparison_node(attribute, condition, layer);
                        });
}

std::vector<KeyCondition> parse_key_conditions(const json::object& request) {
    std::vector<KeyCondition> conditions;
    const json::object& given = *find_object(request, "KeyConditions");
    for (const auto& [attribute, condition] : given) {
        ParsedCondition parsed = parse_comparison(object_entry(condition), ValueLayer::current);
        conditions.push_back({std::string(std::string_view(attribute)), parsed.comparison->in_key,
                              std::move(parsed.arguments)});
    }
    // assumed: still so for indexes with more key attributes, which only expressions can name
    if (conditions.empty() || conditions.size() > 2) {
        throw validation_error("Conditions can be of length 1 or 2 only");
    }
    return conditions;
}

void check_conditional_operator(const json::object& request, std::string_view member) {
    if (!find_member(request, "ConditionalOperator")) return;
    const json::object* conditions = find_object(request, member);
    if (!conditions || conditions->empty()) {
        throw validation_error("ConditionalOperator cannot be used without Filter or Expected");
    }
    if (conditions->size() == 1) {
        throw validation_error(
            "ConditionalOperator can only be used when Filter or Expected has two or more "
            "elements");
    }
}

}  // namespace sbemu::dynamodb
