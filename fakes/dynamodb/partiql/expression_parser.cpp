#include "fakes/dynamodb/partiql/expression_parser.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "fakes/dynamodb/partiql/keywords.h"
#include "fakes/dynamodb/partiql/problems.h"

namespace sbemu::dynamodb::partiql {
namespace {

using Kind = Expression::Kind;

// What binds more tightly has the higher level.
constexpr int kOr = 1;
constexpr int kAnd = 2;
constexpr int kComparison = 3;
constexpr int kSum = 4;
constexpr int kProduct = 5;

constexpr int kMaxDepth = 200;

struct Operator {
    std::string_view symbol;
    int level;
};
constexpr Operator kOperators[] = {{"=", kComparison},  {"<>", kComparison}, {"!=", kComparison},
                                   {"<", kComparison},  {"<=", kComparison}, {">", kComparison},
                                   {">=", kComparison}, {"+", kSum},         {"-", kSum},
                                   {"||", kSum},        {"*", kProduct},     {"/", kProduct},
                                   {"%", kProduct}};

constexpr std::string_view kOperatorKeywords[] = {"and", "between", "except", "in",   "intersect",
                                                  "is",  "like",    "or",     "union"};

// Types behind IS; those of two words are joined by a blank.
constexpr std::string_view kTypes[] = {"any",
                                       "bag",
                                       "blob",
                                       "bool",
                                       "boolean",
                                       "character",
                                       "character varying",
                                       "char",
                                       "clob",
                                       "date",
                                       "decimal",
                                       "dec",
                                       "double precision",
                                       "float",
                                       "int",
                                       "int2",
                                       "int4",
                                       "int8",
                                       "integer",
                                       "integer2",
                                       "integer4",
                                       "integer8",
                                       "list",
                                       "missing",
                                       "null",
                                       "numeric",
                                       "real",
                                       "sexp",
                                       "smallint",
                                       "string",
                                       "struct",
                                       "symbol",
                                       "time",
                                       "timestamp",
                                       "tuple",
                                       "varchar"};

Expression leaf(Kind kind, const Token& token) {
    Expression result;
    result.kind = kind;
    result.text = token.text;
    result.position = token.position;
    return result;
}

Expression join(Kind kind, const Token& token, Expression left, Expression right) {
    Expression result = leaf(kind, token);
    result.children.push_back(std::move(left));
    result.children.push_back(std::move(right));
    return result;
}

Expression negate(Expression operand) {
    Expression result;
    result.kind = Kind::negation;
    result.position = operand.position;
    result.children.push_back(std::move(operand));
    return result;
}

bool is_operator(const Token& token) {
    if (token.kind == Token::Kind::keyword) {
        return std::find(std::begin(kOperatorKeywords), std::end(kOperatorKeywords), token.text) !=
               std::end(kOperatorKeywords);
    }
    return token.kind == Token::Kind::symbol &&
           std::any_of(std::begin(kOperators), std::end(kOperators),
                       [&](const Operator& known) { return known.symbol == token.text; });
}

}  // namespace

Expression ExpressionParser::parse() { return parse_level(kOr); }

Expression ExpressionParser::parse_level(int level) {
    Expression left = parse_prefix();
    while (parse_infix(left, level)) {
    }
    return left;
}

// Whether an operator of this level or a higher one followed `left`, which then is its operand.
bool ExpressionParser::parse_infix(Expression& left, int level) {
    const Token token = reader_.peek();
    const auto joins = [&](std::string_view keyword, Kind kind, int own_level) {
        if (own_level < level || !reader_.accept_keyword(keyword)) return false;
        left = join(kind, token, std::move(left), parse_operand_after_operator(own_level + 1));
        return true;
    };
    if (joins("or", Kind::either, kOr) || joins("and", Kind::both, kAnd)) return true;
    for (const Operator& known : kOperators) {
        if (known.level < level || !reader_.accept(known.symbol)) continue;
        left = join(Kind::operation, token, std::move(left),
                    parse_operand_after_operator(known.level + 1));
        if (left.text == "!=") left.text = "<>";
        return true;
    }
    if (level > kComparison) return false;
    const bool negated = reader_.next_is_keyword("not") &&
                         reader_.peek(1).kind == Token::Kind::keyword &&
                         (reader_.peek(1).text == "in" || reader_.peek(1).text == "between" ||
                          reader_.peek(1).text == "like");
    if (negated) reader_.take();
    const Token word = reader_.peek();
    if (reader_.accept_keyword("is")) {
        left = parse_is(std::move(left));
    } else if (reader_.accept_keyword("in")) {
        left = parse_in(std::move(left));
    } else if (reader_.accept_keyword("between")) {
        left = parse_between(std::move(left));
    } else if (reader_.accept_keyword("like")) {
        left = join(Kind::operation, word, std::move(left), parse_operand_after_operator(kSum));
    } else {
        return false;
    }
    if (negated) left = negate(std::move(left));
    return true;
}

Expression ExpressionParser::parse_operand_after_operator(int level) {
    if (reader_.at_end()) {
        throw not_well_formed("Missing right-hand side expression of infix operator");
    }
    return parse_level(level);
}

Expression ExpressionParser::parse_is(Expression left) {
    const bool negated = reader_.accept_keyword("not");
    const Token token = reader_.take();
    std::string type = lower_case(token.text);
    if (type == "double" && reader_.accept_word("precision")) type += " precision";
    if (type == "character" && reader_.accept_word("varying")) type += " varying";
    const bool is_type = (token.kind == Token::Kind::name || token.kind == Token::Kind::keyword) &&
                         std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
    if (!is_type) throw not_well_formed("Expected type name");
    Expression result = leaf(Kind::is_type, token);
    result.text = std::move(type);
    result.children.push_back(std::move(left));
    return negated ? negate(std::move(result)) : std::move(result);
}

Expression ExpressionParser::parse_in(Expression left) {
    Expression result;
    result.kind = Kind::in;
    result.position = left.position;
    result.children.push_back(std::move(left));
    if (reader_.at_end()) {
        throw not_well_formed("Missing right-hand side expression of infix operator");
    }
    // (a) is a list here and not a group.
    Expression list;
    list.kind = Kind::list;
    list.position = reader_.peek().position;
    if (reader_.accept("(")) {
        parse_members(list, ")", "RIGHT_PAREN");
    } else {
        list = parse_level(kSum);
    }
    result.children.push_back(std::move(list));
    return result;
}

Expression ExpressionParser::parse_between(Expression left) {
    Expression result;
    result.kind = Kind::between;
    result.position = left.position;
    result.children.push_back(std::move(left));
    result.children.push_back(parse_operand_after_operator(kSum));
    if (!reader_.accept_keyword("and")) throw not_well_formed("Expected AND after BETWEEN");
    result.children.push_back(parse_operand_after_operator(kSum));
    return result;
}

Expression ExpressionParser::parse_prefix() {
    // assumed: DynamoDB has a limit, too; values may nest 32 levels deep.
    if (depth_ == kMaxDepth) throw not_well_formed();
    ++depth_;
    Expression result = parse_prefix_here();
    --depth_;
    return result;
}

Expression ExpressionParser::parse_prefix_here() {
    if (reader_.accept_keyword("not")) return negate(parse_level(kComparison));
    if (reader_.next_is("-") || reader_.next_is("+")) return parse_sign();
    return parse_steps(parse_term());
}

// The signs before a number belong to it.
Expression ExpressionParser::parse_sign() {
    const Token sign = reader_.take();
    Expression operand = parse_prefix();
    if (operand.kind == Kind::number) {
        if (sign.text == "+") return operand;
        const bool was_negative = operand.text.starts_with('-');
        operand.text = was_negative ? operand.text.substr(1) : "-" + operand.text;
        return operand;
    }
    Expression result = leaf(Kind::operation, sign);
    result.children.push_back(std::move(operand));
    return result;
}

Expression ExpressionParser::parse_term() {
    const Token token = reader_.peek();
    switch (token.kind) {
        case Token::Kind::string:
            return leaf(Kind::string, reader_.take());
        case Token::Kind::number:
            return leaf(Kind::number, reader_.take());
        case Token::Kind::ion:
            return leaf(Kind::ion, reader_.take());
        case Token::Kind::parameter: {
            Expression result = leaf(Kind::parameter, reader_.take());
            result.index = parameters_++;
            return result;
        }
        case Token::Kind::quoted_name:
            return leaf(Kind::name, reader_.take());
        case Token::Kind::name:
            reader_.take();
            return reader_.next_is("(") ? parse_call(token) : leaf(Kind::name, token);
        case Token::Kind::keyword:
            return parse_keyword_term();
        case Token::Kind::symbol:
        case Token::Kind::end:
            break;
    }
    if (token.text == "(") return parse_parentheses();
    if (token.text == "{") return parse_structure();
    if (token.text == "[" || token.text == "<<") {
        reader_.take();
        Expression list = leaf(token.text == "[" ? Kind::list : Kind::bag, token);
        parse_members(list, token.text == "[" ? "]" : ">>",
                      token.text == "[" ? "RIGHT_BRACKET" : "RIGHT_DOUBLE_ANGLE_BRACKET");
        return list;
    }
    throw not_well_formed(is_operator(token) ? "Unexpected operator" : "Unexpected term");
}

Expression ExpressionParser::parse_keyword_term() {
    const Token token = reader_.peek();
    if (is_operator(token)) throw not_well_formed("Unexpected operator");
    const auto literal = [&](Kind kind) {
        reader_.take();
        return leaf(kind, token);
    };
    if (token.text == "null") return literal(Kind::null);
    if (token.text == "missing") return literal(Kind::missing);
    if (token.text == "true" || token.text == "false") return literal(Kind::boolean);
    const bool opens = reader_.peek(1).kind == Token::Kind::symbol && reader_.peek(1).text == "(";
    if (opens && is_function_keyword(token.text)) {
        reader_.take();
        return parse_call(token);
    }
    if (token.text == "select") {
        Expression result = literal(Kind::statement);
        result.select.push_back(parse_select());
        return result;
    }
    if (token.text == "from") {
        Expression result = literal(Kind::statement);
        parse_from_first();
        return result;
    }
    throw not_well_formed("Unexpected keyword");
}

Expression ExpressionParser::parse_steps(Expression root) {
    Expression path;
    path.kind = Kind::path;
    path.position = root.position;
    path.children.push_back(std::move(root));
    while (true) {
        if (reader_.accept(".")) {
            const Token token = reader_.peek();
            if (reader_.accept("*")) {
                path.children.push_back(leaf(Kind::star, token));
            } else if (reader_.next_is_name()) {
                path.children.push_back(leaf(Kind::string, reader_.take()));
            } else {
                throw not_well_formed("Invalid path dot component");
            }
        } else if (reader_.accept("[")) {
            path.children.push_back(parse_index());
        } else {
            break;
        }
    }
    return path.children.size() == 1 ? std::move(path.children.front()) : std::move(path);
}

Expression ExpressionParser::parse_index() {
    const Token token = reader_.peek();
    Expression index = reader_.accept("*") ? leaf(Kind::star, token) : parse();
    reader_.expect("]", "RIGHT_BRACKET");
    return index;
}

Expression ExpressionParser::parse_call(const Token& name) {
    Expression call = leaf(Kind::call, name);
    reader_.expect("(", "LEFT_PAREN");
    const Token star = reader_.peek();
    if (reader_.accept("*")) {
        call.children.push_back(leaf(Kind::star, star));
        reader_.expect(")", "RIGHT_PAREN");
    } else {
        parse_members(call, ")", "RIGHT_PAREN");
    }
    return call;
}

// (a) is a, (a, b) is a list.
Expression ExpressionParser::parse_parentheses() {
    Expression list = leaf(Kind::list, reader_.take());
    parse_members(list, ")", "RIGHT_PAREN");
    return list.children.size() == 1 ? std::move(list.children.front()) : std::move(list);
}

void ExpressionParser::parse_members(Expression& list, std::string_view close,
                                     const std::string& close_name) {
    if (reader_.accept(close)) return;
    do {
        list.children.push_back(parse());
    } while (reader_.accept(","));
    reader_.expect(close, close_name);
}

Expression ExpressionParser::parse_structure() {
    Expression result = leaf(Kind::structure, reader_.take());
    if (reader_.accept("}")) return result;
    do {
        result.children.push_back(parse());
        reader_.expect(":", "COLON");
        result.children.push_back(parse());
    } while (reader_.accept(","));
    reader_.expect("}", "RIGHT_CURLY");
    return result;
}

}  // namespace sbemu::dynamodb::partiql
