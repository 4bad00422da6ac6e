// Expressions as tokens, with their places in the source for "near" in error texts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/expressions/token_walk.h"

namespace sbemu::dynamodb {

struct Token {
    enum class Kind {
        name,       // attribute, function or keyword: a letter, then letters, digits, underscores
        name_ref,   // #name
        value_ref,  // :value
        number,     // digits of a list index
        symbol,     // = <> < <= > >= ( ) , . [ ] + -
        unknown,    // a character that means nothing here
        end,
    };
    Kind kind = Kind::end;
    std::string_view text;  // into the source
    std::size_t begin = 0;
};

// Ends with a token of kind end.
std::vector<Token> tokenize(std::string_view source);

// Walks over the tokens of one expression; the source must outlive it. Errors are
// ValidationExceptions that begin "Invalid <expression>: ".
class TokenReader : private TokenWalk<Token> {
  public:
    using TokenWalk::accept;
    using TokenWalk::next_is;
    using TokenWalk::peek;
    using TokenWalk::position;
    using TokenWalk::take;

    // `expression` is "ConditionExpression", ... Throws if the source is empty or too long.
    TokenReader(std::string_view expression, std::string_view source);

    void expect(std::string_view symbol);
    // Throws, too, if more are open than an expression can need: nothing nests without end.
    void open_parenthesis();
    void close_parenthesis();
    // Keywords are names in any case of letters.
    bool next_is_keyword(std::string_view upper_case) const;
    bool accept_keyword(std::string_view upper_case);
    void expect_end() const;

    [[noreturn]] void syntax_error() const;  // at the next token
    [[noreturn]] void fail(const std::string& message) const;
    std::string_view expression() const { return expression_; }

  private:
    static std::vector<Token> checked_tokens(std::string_view expression, std::string_view source);

    std::string_view expression_;
    std::string_view source_;
    int parentheses_ = 0;  // that are open
};

}  // namespace sbemu::dynamodb
