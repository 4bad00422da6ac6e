// Walks over the tokens of one statement.
#pragma once

#include <string>
#include <string_view>

#include "fakes/dynamodb/expressions/token_walk.h"
#include "fakes/dynamodb/partiql/lexer.h"

namespace sbemu::dynamodb::partiql {

class TokenReader : private TokenWalk<Token> {
  public:
    using TokenWalk::accept;
    using TokenWalk::next_is;
    using TokenWalk::peek;
    using TokenWalk::take;

    explicit TokenReader(std::string_view statement) : TokenWalk(tokenize(statement)) {}

    bool at_end() const { return peek().kind == Token::Kind::end; }

    // Throws "Expected <name>".
    void expect(std::string_view symbol, const std::string& name);

    bool next_is_keyword(std::string_view lower_case) const;
    bool accept_keyword(std::string_view lower_case);
    // A keyword, or a name that is one only here.
    bool accept_word(std::string_view lower_case);

    bool next_is_name() const;  // quoted or not
};

}  // namespace sbemu::dynamodb::partiql
