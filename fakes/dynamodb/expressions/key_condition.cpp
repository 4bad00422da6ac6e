#include "fakes/dynamodb/expressions/key_condition.h"

#include <algorithm>
#include <boost/json.hpp>

#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace {

using Operator = KeyCondition::Operator;

[[noreturn]] void invalid_operator(const std::string& name) {
    throw validation_error("Invalid operator used in KeyConditionExpression: " + name);
}

[[noreturn]] void invalid_condition(const std::string& message) {
    throw validation_error("Invalid condition in KeyConditionExpression: " + message);
}

// These begin otherwise than those above: facts/dynamodb-kinesis.md 1.7.
[[noreturn]] void invalid_expression(const std::string& message) {
    throw validation_error("Invalid KeyConditionExpression: KeyConditionExpressions " + message);
}

void check_operator(const Node& node) {
    switch (node.kind) {
        case Node::Kind::either:
            invalid_operator("OR");
        case Node::Kind::negation:
            invalid_operator("NOT");
        case Node::Kind::in:
            invalid_operator("IN");
        case Node::Kind::comparison:
            if (node.name == "<>") invalid_operator(node.name);
            break;
        case Node::Kind::function:
            if (node.name == "size") invalid_expression("cannot contain nested operations");
            if (node.name != "begins_with") invalid_operator(node.name);
            break;
        default:
            break;
    }
    const bool has_fixed_order = node.kind == Node::Kind::between || node.name == "begins_with";
    if (has_fixed_order && node.children.front().kind != Node::Kind::path) {
        invalid_condition(node.name + " operator must have the key attribute as its first operand");
    }
}

// The place of the attribute among the operands.
std::size_t find_attribute(const Node& node) {
    const std::size_t none = node.children.size();
    std::size_t found = none;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const Node& operand = node.children[i];
        if (operand.kind == Node::Kind::function) check_operator(operand);
        if (operand.kind != Node::Kind::path) continue;
        if (found != none) invalid_condition("Multiple attribute names used in one condition");
        if (operand.path.steps.size() > 1) {
            invalid_expression("cannot have conditions on nested attributes");
        }
        found = i;
    }
    if (found == none) invalid_condition("No key attribute specified");
    return found;
}

// `is_reversed`: the value is written first, :v >= a.
Operator operator_of(const Node& node, bool is_reversed) {
    if (node.kind == Node::Kind::between) return Operator::between;
    if (node.kind == Node::Kind::function) return Operator::begins_with;
    if (node.name == "=") return Operator::equal;
    const bool is_less = (node.name[0] == '<') != is_reversed;
    const bool or_equal = node.name.size() == 2;
    if (is_less) return or_equal ? Operator::less_or_equal : Operator::less;
    return or_equal ? Operator::greater_or_equal : Operator::greater;
}

void collect(const Node& node, std::vector<KeyCondition>& conditions) {
    check_operator(node);
    if (node.kind == Node::Kind::both) {
        for (const Node& child : node.children) collect(child, conditions);
        return;
    }
    const std::size_t place = find_attribute(node);
    KeyCondition condition;
    condition.attribute = node.children[place].path.attribute();
    condition.comparison = operator_of(node, place != 0);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        if (i != place) condition.values.push_back(node.children[i].value);
    }
    const auto is_same = [&](const KeyCondition& other) {
        return other.attribute == condition.attribute;
    };
    if (std::any_of(conditions.begin(), conditions.end(), is_same)) {
        invalid_expression("must only contain one condition per key");
    }
    conditions.push_back(std::move(condition));
}

}  // namespace

std::vector<KeyCondition> key_conditions_of(const Node& condition) {
    std::vector<KeyCondition> conditions;
    collect(condition, conditions);
    return conditions;
}

}  // namespace sbemu::dynamodb
