// Walks over the tokens of one statement.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/partiql/lexer.h"

namespace sbemu::dynamodb::partiql {

class TokenReader {
  public:
    explicit TokenReader(std::string_view statement) : tokens_(tokenize(statement)) {}

    const Token& peek(std::size_t ahead = 0) const;
    Token take();
    bool at_end() const { return peek().kind == Token::Kind::end; }

    bool next_is(std::string_view symbol) const;
    bool accept(std::string_view symbol);
    // Throws "Expected <name>".
    void expect(std::string_view symbol, const std::string& name);

    bool next_is_keyword(std::string_view lower_case) const;
    bool accept_keyword(std::string_view lower_case);
    // A keyword, or a name that is one only here.
    bool accept_word(std::string_view lower_case);

    bool next_is_name() const;  // quoted or not

  private:
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
};

}  // namespace sbemu::dynamodb::partiql
