#include <array>
#include <boost/json.hpp>
#include <optional>

#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/expressions/condition_rules.h"

namespace sbemu::dynamodb {
namespace {

using Kind = Problems::Kind;

// The type an operand is known to have without an item; nothing for a path.
std::string_view known_type(const Node& operand) {
    if (operand.kind == Node::Kind::value && !operand.value.empty()) return type_of(operand.value);
    if (operand.kind == Node::Kind::function && operand.name == "size") return "N";
    return "";
}

std::string text_of_operand(const Node& operand) {
    return operand.kind == Node::Kind::value ? "" : operand.path.text();
}

bool same_operand(const Node& left, const Node& right) {
    return left.kind == Node::Kind::path && right.kind == Node::Kind::path &&
           left.path == right.path;
}

class Parser {
  public:
    Parser(std::string_view expression, std::string_view source, ExpressionAttributes& attributes)
        : reader_(expression, source), attributes_(attributes) {}

    Node parse() {
        Node node = parse_or(false);
        reader_.expect_end();
        if (const std::string* message = most_urgent_problem()) reader_.fail(*message);
        if (operators_ > kMaxOperators) {
            reader_.fail("The expression contains too many operators; operator count: " +
                         std::to_string(operators_));
        }
        return node;
    }

  private:
    // facts/dynamodb-kinesis.md 1.5: names and values are one rank. A key condition is reported in
    // the order it is written.
    const std::string* most_urgent_problem() const {
        const std::string* message = problems_.first({Kind::parentheses, Kind::unknown_function,
                                                      Kind::misused_function, Kind::reserved_word});
        if (message) return message;
        if (reader_.expression() == "KeyConditionExpression") {
            return problems_.earliest(
                {Kind::undefined_name, Kind::undefined_value, Kind::operand, Kind::distinct});
        }
        message = problems_.earliest({Kind::undefined_name, Kind::undefined_value});
        return message ? message : problems_.first({Kind::operand, Kind::distinct});
    }

    // `operand_allowed`: inside parentheses an operand may stand alone, (a) = :b.
    Node parse_or(bool operand_allowed) {
        Node node = parse_and(operand_allowed);
        while (is_condition(node)) {
            if (!reader_.accept_keyword("OR")) break;
            ++operators_;
            node = join(Node::Kind::either, std::move(node), parse_and(false));
        }
        return node;
    }

    Node parse_and(bool operand_allowed) {
        Node node = parse_not(operand_allowed);
        while (is_condition(node)) {
            if (!reader_.accept_keyword("AND")) break;
            ++operators_;
            node = join(Node::Kind::both, std::move(node), parse_not(false));
        }
        return node;
    }

    Node parse_not(bool operand_allowed) {
        if (!reader_.accept_keyword("NOT")) return parse_simple(operand_allowed);
        ++operators_;
        Node node;
        node.kind = Node::Kind::negation;
        node.children.push_back(parse_not(false));
        return node;
    }

    static Node join(Node::Kind kind, Node left, Node right) {
        Node node;
        node.kind = kind;
        node.children.push_back(std::move(left));
        node.children.push_back(std::move(right));
        return node;
    }

    // A function may be either; where it is not followed by a comparison it is a condition.
    static bool is_condition(const Node& node) {
        return node.kind != Node::Kind::path && node.kind != Node::Kind::value;
    }

    Node parse_simple(bool operand_allowed) {
        Node node = reader_.next_is("(") ? parse_parentheses() : parse_operand();
        if (!node.is_operand()) return node;
        if (std::optional<Node> condition = parse_comparison(node)) return *std::move(condition);
        if (node.kind == Node::Kind::function) {
            if (node.name == "size") misuse(node.name);
            return node;
        }
        if (!operand_allowed || !reader_.next_is(")")) reader_.syntax_error();
        return node;
    }

    Node parse_parentheses() {
        const std::size_t begin = reader_.position();
        reader_.open_parenthesis();
        Node node = parse_or(true);
        // ((x)): the group closed last fills this one.
        if (last_group_ == std::pair(begin + 1, reader_.position())) {
            problems_.note(Kind::parentheses, "The expression has redundant parentheses;");
        }
        reader_.close_parenthesis();
        last_group_ = {begin, reader_.position()};
        return node;
    }

    // Nothing if no comparison follows the operand.
    std::optional<Node> parse_comparison(Node& left) {
        Node node;
        for (const std::string_view symbol : {"=", "<>", "<", "<=", ">", ">="}) {
            if (!reader_.accept(symbol)) continue;
            ++operators_;
            node.kind = Node::Kind::comparison;
            node.name = symbol;
            node.children.push_back(std::move(left));
            node.children.push_back(parse_plain_operand());
            check_comparison(node);
            return node;
        }
        if (reader_.accept_keyword("BETWEEN")) {
            node.kind = Node::Kind::between;
            parse_between(node, left);
        } else if (reader_.accept_keyword("IN")) {
            node.kind = Node::Kind::in;
            parse_in(node, left);
        } else {
            return std::nullopt;
        }
        return node;
    }

    void parse_between(Node& node, Node& left) {
        ++operators_;
        node.name = "BETWEEN";
        node.children.push_back(std::move(left));
        node.children.push_back(parse_plain_operand());
        if (!reader_.accept_keyword("AND")) reader_.syntax_error();
        node.children.push_back(parse_plain_operand());
        check_comparison(node);
        check_bounds(node.children[1], node.children[2]);
    }

    void parse_in(Node& node, Node& left) {
        ++operators_;
        node.name = "IN";
        node.children.push_back(std::move(left));
        reader_.expect("(");
        do {
            node.children.push_back(parse_plain_operand());
        } while (reader_.accept(","));
        reader_.expect(")");
        if (node.children.size() - 1 > kMaxInOperands) {
            // The text is AWS's as reported by users; no recording.
            problems_.note(
                Kind::operand,
                "The IN operator is provided with too many operands; number of operands: " +
                    std::to_string(node.children.size() - 1));
        }
        check_misuse(node);
        check_distinct(node);
    }

    // An operand of a comparison or function, perhaps in parentheses.
    Node parse_plain_operand() {
        if (!reader_.next_is("(")) return parse_operand();
        reader_.open_parenthesis();
        Node node = parse_plain_operand();
        reader_.close_parenthesis();
        return node;
    }

    Node parse_operand() {
        const Token& token = reader_.peek();
        if (token.kind == Token::Kind::value_ref) return parse_value();
        if (token.kind == Token::Kind::name && reader_.peek(1).kind == Token::Kind::symbol &&
            reader_.peek(1).text == "(" && !is_keyword()) {
            return parse_function();
        }
        if (is_keyword()) reader_.syntax_error();
        Node node;
        node.path = parse_path(reader_, attributes_, problems_);
        return node;
    }

    bool is_keyword() const {
        for (const std::string_view keyword : {"AND", "OR", "NOT", "BETWEEN", "IN"}) {
            if (reader_.next_is_keyword(keyword)) return true;
        }
        return false;
    }

    Node parse_value() {
        Node node;
        node.kind = Node::Kind::value;
        const std::string reference(reader_.take().text);
        if (const boost::json::object* value = attributes_.value(reference)) {
            node.value = *value;
        } else {
            problems_.note(Kind::undefined_value,
                           "An expression attribute value used in expression is not defined; "
                           "attribute value: " +
                               reference);
        }
        return node;
    }

    Node parse_function() {
        Node node;
        node.kind = Node::Kind::function;
        node.name = reader_.take().text;
        reader_.expect("(");
        do {
            node.children.push_back(parse_plain_operand());
        } while (reader_.accept(","));
        reader_.expect(")");
        check_function(node);
        return node;
    }

    void misuse(const std::string& function) {
        if (!find_condition_function(function)) return;
        problems_.note(Kind::misused_function,
                       "The function is not allowed to be used this way in an expression; "
                       "function: " +
                           function);
    }

    // Only size() gives a value that others can take.
    void check_misuse(const Node& node) {
        for (const Node& child : node.children) {
            if (child.kind == Node::Kind::function && child.name != "size") misuse(child.name);
        }
    }

    void check_distinct(const Node& node) {
        for (std::size_t i = 1; i < node.children.size(); ++i) {
            if (!same_operand(node.children[0], node.children[i])) continue;
            problems_.note(Kind::distinct,
                           "The first operand must be distinct from the remaining operands for "
                           "this operator or function; operator: " +
                               node.name + ", first operand: " + text_of_operand(node.children[0]));
        }
    }

    void incorrect_type(const std::string& name, std::string_view type) {
        problems_.note(Kind::operand,
                       "Incorrect operand type for operator or function; operator or function: " +
                           name + ", operand type: " + std::string(type));
    }

    void check_comparison(const Node& node) {
        check_misuse(node);
        if (node.name != "=" && node.name != "<>") {
            for (const Node& child : node.children) {
                const std::string_view type = known_type(child);
                if (!type.empty() && !is_ordered(type)) incorrect_type(node.name, type);
            }
        }
        check_distinct(node);
    }

    void check_bounds(const Node& lower, const Node& upper) {
        if (lower.kind != Node::Kind::value || upper.kind != Node::Kind::value) return;
        if (lower.value.empty() || upper.value.empty()) return;  // undefined: reported as such
        const std::string_view lower_type = type_of(lower.value);
        const std::string_view upper_type = type_of(upper.value);
        if (!is_ordered(lower_type) || !is_ordered(upper_type)) return;
        const auto print = [](const Node& bound) {
            return "AttributeValue: {" + std::string(type_of(bound.value)) + ":" +
                   std::string(dynamodb::text_of(bound.value)) + "}";
        };
        const std::string operands =
            "; lower bound operand: " + print(lower) + ", upper bound operand: " + print(upper);
        if (lower_type != upper_type) {
            problems_.note(
                Kind::operand,
                "The BETWEEN operator requires same data type for lower and upper bounds" +
                    operands);
        } else if (compare(lower.value, upper.value) > 0) {
            problems_.note(Kind::operand,
                           "The BETWEEN operator requires upper bound to be greater than or equal "
                           "to lower bound" +
                               operands);
        }
    }

    void check_function(const Node& node) {
        const ConditionFunction* function = find_condition_function(node.name);
        if (!function) {
            problems_.note(
                Kind::unknown_function,
                (is_update_function(node.name)
                     ? "The function is not allowed in a condition expression; function: "
                     : "Invalid function name; function: ") +
                    node.name);
            return;
        }
        check_misuse(node);
        if (node.children.size() != function->operands) {
            problems_.note(Kind::operand,
                           "Incorrect number of operands for operator or function; operator or "
                           "function: " +
                               node.name +
                               ", number of operands: " + std::to_string(node.children.size()));
            return;
        }
        check_function_types(node);
        check_distinct(node);
    }

    void check_function_types(const Node& node) {
        const Node& first = node.children[0];
        if (node.name == "attribute_exists" || node.name == "attribute_not_exists") {
            if (first.kind != Node::Kind::path) {
                problems_.note(Kind::operand,
                               "Operator or function requires a document path; operator or "
                               "function: " +
                                   node.name);
            }
        } else if (node.name == "attribute_type") {
            // Alternator's test_update_condition_attribute_type_second_arg; dynalite has the text.
            if (node.children[1].kind == Node::Kind::path &&
                !same_operand(first, node.children[1])) {
                incorrect_type(node.name, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
            }
            check_type_name(node.children[1]);
        } else if (node.name == "begins_with") {
            for (const Node& child : node.children) {
                const std::string_view type = known_type(child);
                if (!type.empty() && type != "S" && type != "B") incorrect_type(node.name, type);
            }
        } else if (node.name == "size") {
            const std::string_view type = known_type(first);
            if (type == "N" || type == "BOOL" || type == "NULL") incorrect_type(node.name, type);
        }
    }

    void check_type_name(const Node& operand) {
        const std::string_view type = known_type(operand);
        if (type.empty()) return;
        if (type != "S") return incorrect_type("attribute_type", type);
        const std::string_view name = dynamodb::text_of(operand.value);
        for (const std::string_view valid :
             {"B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"}) {
            if (name == valid) return;
        }
        problems_.note(Kind::operand,
                       "Invalid attribute type name found; type: " + std::string(name) +
                           ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
    }

    TokenReader reader_;
    ExpressionAttributes& attributes_;
    Problems problems_;
    int operators_ = 0;
    std::pair<std::size_t, std::size_t> last_group_{};  // tokens of the group closed last
};

}  // namespace

Node parse_condition(std::string_view expression, std::string_view source,
                     ExpressionAttributes& attributes) {
    return Parser(expression, source, attributes).parse();
}

}  // namespace sbemu::dynamodb
