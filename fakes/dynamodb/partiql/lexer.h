// PartiQL statements as tokens, with their places in the statement for error texts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sbemu::dynamodb::partiql {

// Counted in characters, from 1.
struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
    std::size_t length = 0;

    std::string text() const;  // 1:8:5
};

struct Token {
    enum class Kind {
        name,         // as written, whatever its case
        quoted_name,  // "name"
        keyword,      // in lower case
        string,       // 'text', without quotes
        number,       // as written
        parameter,    // ?
        ion,          // `text`
        symbol,       // = <> != < <= > >= << >> ( ) [ ] { } , . : + - * / % ||
        end,
    };
    Kind kind = Kind::end;
    std::string text;
    Position position;
};

// Ends with a token of kind end: a semicolon or the end of the statement. Comments are no tokens.
// Throws ValidationException for what is no token, and for anything behind the semicolon.
std::vector<Token> tokenize(std::string_view statement);

// Whatever the case of `text`.
bool is_word(std::string_view text, std::string_view lower_case);
std::string lower_case(std::string_view text);

}  // namespace sbemu::dynamodb::partiql
