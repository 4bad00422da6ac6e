#include "fakes/dynamodb/expressions/lexer.h"

#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace {

constexpr std::size_t kMaxExpressionSize = 4096;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

template <class Predicate>
std::size_t length_while(std::string_view text, std::size_t from, Predicate predicate) {
    std::size_t end = from;
    while (end < text.size() && predicate(text[end])) ++end;
    return end - from;
}

struct Match {
    Token::Kind kind;
    std::size_t size;
};

Match match(std::string_view source, std::size_t at) {
    const char c = source[at];
    if (is_letter(c)) return {Token::Kind::name, length_while(source, at, is_word)};
    if (is_digit(c)) return {Token::Kind::number, length_while(source, at, is_digit)};
    if (c == '#' || c == ':') {
        const std::size_t size = length_while(source, at + 1, is_word);
        if (size == 0) return {Token::Kind::unknown, 1};
        return {c == '#' ? Token::Kind::name_ref : Token::Kind::value_ref, size + 1};
    }
    const std::string_view two = source.substr(at, 2);
    if (two == "<>" || two == "<=" || two == ">=") return {Token::Kind::symbol, 2};
    if (std::string_view("=<>(),.[]+-").find(c) != std::string_view::npos) {
        return {Token::Kind::symbol, 1};
    }
    return {Token::Kind::unknown, 1};
}

bool equal_ignoring_case(std::string_view text, std::string_view upper_case) {
    if (text.size() != upper_case.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) != upper_case[i]) {
            return false;
        }
    }
    return true;
}

ApiError invalid(std::string_view expression, const std::string& message) {
    return validation_error("Invalid " + std::string(expression) + ": " + message);
}

}  // namespace

std::vector<Token> tokenize(std::string_view source) {
    std::vector<Token> tokens;
    std::size_t at = 0;
    while (true) {
        at += length_while(source, at, is_space);
        if (at >= source.size()) break;
        const auto [kind, size] = match(source, at);
        tokens.push_back({kind, source.substr(at, size), at});
        at += size;
    }
    tokens.push_back({Token::Kind::end, "<EOF>", source.size()});
    return tokens;
}

TokenReader::TokenReader(std::string_view expression, std::string_view source)
    : TokenWalk(checked_tokens(expression, source)), expression_(expression), source_(source) {}

std::vector<Token> TokenReader::checked_tokens(std::string_view expression,
                                               std::string_view source) {
    if (source.size() > kMaxExpressionSize) {
        const std::string text = "Expression size has exceeded the maximum allowed size;";
        // UpdateExpression does not say by how much (facts/dynamodb-kinesis.md 1.7).
        if (expression == "UpdateExpression") throw invalid(expression, text);
        throw invalid(expression, text + " expression size: " + std::to_string(source.size()));
    }
    std::vector<Token> tokens = tokenize(source);
    if (tokens.size() == 1) throw invalid(expression, "The expression can not be empty;");
    return tokens;
}

void TokenReader::expect(std::string_view symbol) {
    if (!accept(symbol)) syntax_error();
}

// 300 operators need no more of them, and each takes some of the stack.
void TokenReader::open_parenthesis() {
    static constexpr int kMaxParentheses = 300;
    expect("(");
    if (++parentheses_ > kMaxParentheses) fail("The expression has redundant parentheses;");
}

void TokenReader::close_parenthesis() {
    expect(")");
    --parentheses_;
}

bool TokenReader::next_is_keyword(std::string_view upper_case) const {
    return peek().kind == Token::Kind::name && equal_ignoring_case(peek().text, upper_case);
}

bool TokenReader::accept_keyword(std::string_view upper_case) {
    if (!next_is_keyword(upper_case)) return false;
    take();
    return true;
}

void TokenReader::expect_end() const {
    if (peek().kind != Token::Kind::end) syntax_error();
}

void TokenReader::syntax_error() const {
    // near: from the token before to the one after, as in the source.
    const Token& first = tokens()[position() > 0 ? position() - 1 : 0];
    const Token& token = peek();
    const Token& after = peek(1);
    const Token& last = after.kind == Token::Kind::end ? token : after;
    const std::size_t end = last.kind == Token::Kind::end ? first.begin + first.text.size()
                                                          : last.begin + last.text.size();
    fail("Syntax error; token: \"" + std::string(token.text) + "\", near: \"" +
         std::string(source_.substr(first.begin, end - first.begin)) + "\"");
}

void TokenReader::fail(const std::string& message) const { throw invalid(expression_, message); }

}  // namespace sbemu::dynamodb
