// Conditions: ConditionExpression and FilterExpression, parsed once, held against items.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/expressions/path.h"

namespace sbemu::dynamodb {

struct Node {
    enum class Kind {
        path,
        value,
        function,    // name(children)
        comparison,  // two children; name is the operator
        between,     // operand, lower, upper
        in,          // operand, candidates
        both,        // AND of one or more: two in an expression
        either,      // OR of one or more: two in an expression
        negation,    // NOT
    };
    Kind kind = Kind::path;
    std::string name;
    Path path;
    boost::json::object value;
    std::vector<Node> children;

    // In an expression. In PartiQL conditions are operands, too: true or false.
    bool is_operand() const {
        return kind == Kind::path || kind == Kind::value || kind == Kind::function;
    }
};

// `expression` is the member that holds it: "ConditionExpression", "FilterExpression", or
// "KeyConditionExpression", which key_condition.h reads on.
// Throws ValidationException with AWS's text and order of checks.
Node parse_condition(std::string_view expression, std::string_view source,
                     ExpressionAttributes& attributes);

bool holds(const Node& condition, const Item& item);

// Every attribute of the item that the condition reads.
void collect_paths(const Node& node, std::vector<const Path*>& paths);

}  // namespace sbemu::dynamodb
