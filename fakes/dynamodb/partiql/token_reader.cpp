#include "fakes/dynamodb/partiql/token_reader.h"

#include "fakes/dynamodb/partiql/problems.h"

namespace sbemu::dynamodb::partiql {

void TokenReader::expect(std::string_view symbol, const std::string& name) {
    if (!accept(symbol)) throw not_well_formed("Expected " + name);
}

bool TokenReader::next_is_keyword(std::string_view lower_case) const {
    return peek().kind == Token::Kind::keyword && peek().text == lower_case;
}

bool TokenReader::accept_keyword(std::string_view lower_case) {
    if (!next_is_keyword(lower_case)) return false;
    take();
    return true;
}

bool TokenReader::accept_word(std::string_view lower_case) {
    const bool is_name = peek().kind == Token::Kind::name || peek().kind == Token::Kind::keyword;
    if (!is_name || !is_word(peek().text, lower_case)) return false;
    take();
    return true;
}

bool TokenReader::next_is_name() const {
    return peek().kind == Token::Kind::name || peek().kind == Token::Kind::quoted_name;
}

}  // namespace sbemu::dynamodb::partiql
