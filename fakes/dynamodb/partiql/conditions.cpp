#include "fakes/dynamodb/partiql/conditions.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <iterator>
#include <utility>

#include "fakes/dynamodb/expressions/condition_rules.h"
#include "fakes/dynamodb/partiql/paths.h"
#include "fakes/dynamodb/partiql/problems.h"

namespace sbemu::dynamodb::partiql {
namespace json = boost::json;
namespace {

using Kind = Expression::Kind;

struct TypeName {
    std::string_view name;  // behind IS
    std::string_view type;
};
constexpr TypeName kTypeNames[] = {{"null", "NULL"}, {"bool", "BOOL"}, {"boolean", "BOOL"},
                                   {"blob", "B"},    {"string", "S"},  {"numeric", "N"},
                                   {"struct", "M"},  {"tuple", "M"},   {"list", "L"}};

// The type an operand is known to have without an item; nothing for a path.
std::string_view known_type(const Node& operand) {
    if (operand.kind == Node::Kind::path) return "";
    if (operand.kind == Node::Kind::value) return type_of(operand.value);
    return operand.kind == Node::Kind::function && operand.name == "size" ? "N" : "BOOL";
}

[[noreturn]] void incorrect_type(const std::string& name, std::string_view type) {
    throw validation_error(
        "Incorrect operand type for operator or function; operator or function: " + name +
        ", operand type: " + std::string(type));
}

void require_ordered(const Node& node) {
    for (const Node& child : node.children) {
        const std::string_view type = known_type(child);
        if (!type.empty() && !is_ordered(type)) incorrect_type(node.name, type);
    }
}

void require_distinct(const Node& node) {
    const Node& first = node.children.front();
    if (first.kind != Node::Kind::path) return;
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        const Node& other = node.children[i];
        if (other.kind != Node::Kind::path || !(other.path == first.path)) continue;
        throw validation_error(
            "The first operand must be distinct from the remaining operands for this operator or "
            "function; operator: " +
            node.name + ", first operand: " + first.path.text());
    }
}

void check_bounds(const Node& lower, const Node& upper) {
    if (lower.kind != Node::Kind::value || upper.kind != Node::Kind::value) return;
    const auto print = [](const Node& bound) {
        return "AttributeValue: {" + std::string(type_of(bound.value)) + ":" +
               std::string(text_of(bound.value)) + "}";
    };
    const bool same_type = type_of(lower.value) == type_of(upper.value);
    if (same_type && compare(lower.value, upper.value) <= 0) return;
    throw validation_error(std::string("The BETWEEN operator requires ") +
                           (same_type ? "upper bound to be greater than or equal to lower bound"
                                      : "same data type for lower and upper bounds") +
                           "; lower bound operand: " + print(lower) +
                           ", upper bound operand: " + print(upper));
}

void check_type_name(const Node& operand) {
    const std::string_view type = known_type(operand);
    if (type.empty()) return;
    if (type != "S") incorrect_type("attribute_type", type);
    const std::string_view name = text_of(operand.value);
    // Recorded in this order, which is not that of expressions.
    static constexpr std::array<std::string_view, 10> kTypes{"N", "BS", "L",  "B",  "NULL",
                                                             "M", "S",  "SS", "NS", "BOOL"};
    if (std::find(kTypes.begin(), kTypes.end(), name) != kTypes.end()) return;
    throw validation_error("Invalid attribute type name found; type: " + std::string(name) +
                           ", valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}");
}

void check_function(const Node& node, std::size_t operands) {
    if (node.children.size() != operands) {
        throw validation_error(
            "Incorrect number of operands for operator or function; operator or function: " +
            node.name + ", number of operands: " + std::to_string(node.children.size()));
    }
    const Node& first = node.children.front();
    if (node.name.starts_with("attribute_") && first.kind != Node::Kind::path) {
        throw validation_error(
            "Operator or function requires a document path; operator or function: " + node.name);
    }
    if (node.name == "attribute_type") check_type_name(node.children[1]);
    for (const Node& child : node.children) {
        const std::string_view type = known_type(child);
        const bool takes_text = node.name == "begins_with";
        if (takes_text && !type.empty() && type != "S" && type != "B") {
            incorrect_type(node.name, type);
        }
        if (node.name == "size" && (type == "N" || type == "BOOL" || type == "NULL")) {
            incorrect_type(node.name, type);
        }
    }
    require_distinct(node);
}

class Conversion {
  public:
    explicit Conversion(const Parameters& parameters) : parameters_(parameters) {}

    Node condition(const Expression& expression) {
        switch (expression.kind) {
            case Kind::both:
            case Kind::either:
                return join(expression);
            case Kind::negation:
                return negation(expression);
            case Kind::operation:
                return comparison(expression);
            case Kind::between:
                return between(expression);
            case Kind::in:
                return in(expression);
            case Kind::is_type:
                return is_type(expression);
            case Kind::call:
                return call_as_condition(expression);
            default:
                // Recorded for no statement.
                throw validation_error(
                    "WHERE clause must contain an expression that resolves to a boolean");
        }
    }

  private:
    void count_operator() {
        if (++operators_ <= kMaxOperators) return;
        throw validation_error("The expression contains too many operators; operator count: " +
                               std::to_string(operators_));
    }

    Node join(const Expression& expression) {
        count_operator();
        Node node;
        node.kind = expression.kind == Kind::both ? Node::Kind::both : Node::Kind::either;
        for (const Expression& child : expression.children) {
            node.children.push_back(condition(child));
        }
        return node;
    }

    Node negation(const Expression& expression) {
        count_operator();
        Node node;
        node.kind = Node::Kind::negation;
        node.children.push_back(condition(expression.children.front()));
        return node;
    }

    Node comparison(const Expression& expression) {
        static constexpr std::string_view kSymbols[] = {"=", "<>", "<", "<=", ">", ">="};
        if (std::find(std::begin(kSymbols), std::end(kSymbols), expression.text) ==
                std::end(kSymbols) ||
            expression.children.size() != 2) {
            // The text is not recorded for any of the operators.
            throw validation_error("Unsupported operator in Condition Expression. Operator: " +
                                   expression.text);
        }
        count_operator();
        Node node = with_operands(Node::Kind::comparison, expression.text, expression.children);
        if (node.name != "=" && node.name != "<>") require_ordered(node);
        require_distinct(node);
        return node;
    }

    Node between(const Expression& expression) {
        count_operator();
        Node node = with_operands(Node::Kind::between, "BETWEEN", expression.children);
        require_ordered(node);
        require_distinct(node);
        check_bounds(node.children[1], node.children[2]);
        return node;
    }

    Node in(const Expression& expression) {
        count_operator();
        const Expression& list = expression.children[1];
        const bool is_list = list.kind == Kind::list || list.kind == Kind::bag;
        if (!is_list || list.children.empty()) {
            throw validation_error(
                "IN operator must have a left hand argument of type Variable Reference and right "
                "hand argument of type Seq with at least one member");
        }
        if (list.children.size() > kMaxInOperands) {
            throw validation_error(
                "The IN operator is provided with too many operands; number of operands: " +
                std::to_string(list.children.size()));
        }
        Node node;
        node.kind = Node::Kind::in;
        node.name = "IN";
        node.children.push_back(operand(expression.children[0]));
        for (const Expression& member : list.children) node.children.push_back(operand(member));
        require_distinct(node);
        return node;
    }

    // Of an attribute: a missing one is neither NULL nor of any other type.
    Node is_type(const Expression& expression) {
        const Expression& tested = expression.children.front();
        if (!is_path(tested)) {
            throw validation_error(
                "The left hand side argument to IS must be a Variable Reference, Literal, or Path");
        }
        count_operator();
        Node node;
        node.kind = Node::Kind::function;
        node.children.push_back(operand(tested));
        if (expression.text == "missing") {
            node.name = "attribute_not_exists";
            return node;
        }
        const auto* known =
            std::find_if(std::begin(kTypeNames), std::end(kTypeNames),
                         [&](const TypeName& type) { return type.name == expression.text; });
        if (known == std::end(kTypeNames)) {
            throw validation_error("Unsupported data type for IS operator: " + expression.text +
                                   ". Supported data types are [MISSING, NULL, BOOLEAN, BLOB, "
                                   "STRING, NUMERIC, STRUCT, TUPLE, LIST]");
        }
        node.name = "attribute_type";
        Node type;
        type.kind = Node::Kind::value;
        type.value = json::object{{"S", known->type}};
        node.children.push_back(std::move(type));
        return node;
    }

    Node call(const Expression& expression) {
        const std::string name = lower_case(expression.text);
        const ConditionFunction* known = find_condition_function(name);
        if (!known) {
            throw problem_at("Unrecognized function: " + expression.text, expression.position);
        }
        Node node = with_operands(Node::Kind::function, name, expression.children);
        check_function(node, known->operands);
        return node;
    }

    Node call_as_condition(const Expression& expression) {
        Node node = call(expression);
        if (node.name != "size") return node;
        throw validation_error(
            "The function is not allowed to be used this way in an expression; function: size");
    }

    Node with_operands(Node::Kind kind, std::string name,
                       const std::vector<Expression>& expressions) {
        Node node;
        node.kind = kind;
        node.name = std::move(name);
        for (const Expression& expression : expressions) {
            node.children.push_back(operand(expression));
        }
        return node;
    }

    // A path, a value, size(path), or a condition, which is true or false.
    Node operand(const Expression& expression) {
        Node node;
        if (is_path(expression)) {
            node.path = path_of(expression);
            return node;
        }
        if (is_value(expression)) {
            node.kind = Node::Kind::value;
            node.value = value_of(expression, parameters_);
            return node;
        }
        if (expression.kind == Kind::call) return call(expression);
        if (expression.kind == Kind::missing) {
            throw validation_error("MISSING must be compared using IS operator");
        }
        return condition(expression);
    }

    const Parameters& parameters_;
    int operators_ = 0;
};

}  // namespace

Node condition_of(const Expression& expression, const Parameters& parameters) {
    return Conversion(parameters).condition(expression);
}

std::optional<Node> both(std::optional<Node> left, std::optional<Node> right) {
    if (!left) return right;
    if (!right) return left;
    Node node;
    node.kind = Node::Kind::both;
    node.children.push_back(*std::move(left));
    node.children.push_back(*std::move(right));
    return node;
}

}  // namespace sbemu::dynamodb::partiql
