#include "fakes/dynamodb/partiql/lexer.h"

#include "fakes/dynamodb/partiql/keywords.h"
#include "fakes/dynamodb/partiql/problems.h"
#include "fakes/dynamodb/values/number_scale.h"

namespace sbemu::dynamodb::partiql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

class Lexer {
  public:
    explicit Lexer(std::string_view source) : source_(source) {}

    std::vector<Token> tokenize() {
        while (true) {
            skip_blanks();
            if (at_ == source_.size() || source_[at_] == ';') break;
            read_token();
        }
        tokens_.push_back({Token::Kind::end, "", here()});
        check_nothing_follows();
        return std::move(tokens_);
    }

  private:
    // Two statements in one text are refused, a last semicolon is not.
    void check_nothing_follows() {
        if (at_ == source_.size()) return;
        advance(1);
        skip_blanks();
        // assumed: as for any token behind the end
        if (at_ != source_.size()) throw not_well_formed("Unexpected token after expression");
    }

    std::string_view rest() const { return source_.substr(at_); }

    Position here() const { return {line_, column_, 0}; }

    void advance(std::size_t bytes) {
        for (const std::size_t end = at_ + bytes; at_ < end; ++at_) {
            const auto byte = static_cast<unsigned char>(source_[at_]);
            if (byte == '\n') {
                ++line_;
                column_ = 1;
            } else if ((byte & 0xC0) != 0x80) {  // not inside a character of UTF-8
                ++column_;
            }
        }
    }

    void skip_blanks() {
        while (at_ < source_.size()) {
            if (is_space(source_[at_])) {
                advance(1);
            } else if (rest().starts_with("--")) {
                const std::size_t end = rest().find('\n');
                advance(end == std::string_view::npos ? rest().size() : end);
            } else if (rest().starts_with("/*")) {
                const std::size_t end = rest().find("*/", 2);
                if (end == std::string_view::npos) throw not_well_formed();
                advance(end + 2);
            } else {
                return;
            }
        }
    }

    void push(Token::Kind kind, std::string text, std::size_t bytes) {
        Position position = here();
        advance(bytes);
        position.length = column_ > position.column ? column_ - position.column : bytes;
        tokens_.push_back({kind, std::move(text), position});
    }

    void read_token() {
        const char c = source_[at_];
        const bool starts_fraction = c == '.' && rest().size() > 1 && is_digit(rest()[1]);
        if (is_letter(c)) {
            read_word();
        } else if (is_digit(c) || starts_fraction) {
            read_number();
        } else if (c == '\'') {
            read_quoted(Token::Kind::string);
        } else if (c == '"') {
            read_quoted(Token::Kind::quoted_name);
        } else if (c == '`') {
            read_quoted(Token::Kind::ion);
        } else if (c == '?') {
            push(Token::Kind::parameter, "?", 1);
        } else {
            read_symbol();
        }
    }

    void read_word() {
        std::size_t end = 0;
        while (end < rest().size() && (is_letter(rest()[end]) || is_digit(rest()[end]))) ++end;
        std::string text(rest().substr(0, end));
        std::string lower = lower_case(text);
        if (is_keyword(lower)) {
            push(Token::Kind::keyword, std::move(lower), end);
        } else {
            push(Token::Kind::name, std::move(text), end);
        }
    }

    std::size_t digits_from(std::size_t from) const {
        while (from < rest().size() && is_digit(rest()[from])) ++from;
        return from;
    }

    void read_number() {
        std::size_t end = digits_from(0);
        if (end < rest().size() && rest()[end] == '.') end = digits_from(end + 1);
        if (end < rest().size() && (rest()[end] == 'e' || rest()[end] == 'E')) {
            ++end;
            if (end < rest().size() && (rest()[end] == '+' || rest()[end] == '-')) ++end;
            const std::size_t digits = end;
            end = digits_from(end);
            if (end == digits) throw not_well_formed();
        }
        if (end < rest().size() && is_letter(rest()[end])) throw not_well_formed();  // assumed
        if (!scale_of(rest().substr(0, end)).fits) throw not_well_formed();
        push(Token::Kind::number, std::string(rest().substr(0, end)), end);
    }

    // A doubled quote stands for one.
    void read_quoted(Token::Kind kind) {
        const char quote = source_[at_];
        std::string text;
        std::size_t end = 1;
        while (true) {
            if (end >= rest().size()) throw not_well_formed();
            if (rest()[end] == quote) {
                if (end + 1 == rest().size() || rest()[end + 1] != quote) break;
                ++end;
            }
            text += rest()[end++];
        }
        push(kind, std::move(text), end + 1);
    }

    void read_symbol() {
        for (const std::string_view two : {"<>", "!=", "<=", ">=", "<<", ">>", "||"}) {
            if (rest().starts_with(two)) return push(Token::Kind::symbol, std::string(two), 2);
        }
        if (std::string_view("()[]{},.:=<>+-*/%").find(source_[at_]) == std::string_view::npos) {
            throw not_well_formed();
        }
        push(Token::Kind::symbol, std::string(1, source_[at_]), 1);
    }

    std::string_view source_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t column_ = 1;
    std::vector<Token> tokens_;
};

}  // namespace

std::string Position::text() const {
    return std::to_string(line) + ":" + std::to_string(column) + ":" + std::to_string(length);
}

std::vector<Token> tokenize(std::string_view statement) { return Lexer(statement).tokenize(); }

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

bool is_word(std::string_view text, std::string_view lower) { return lower_case(text) == lower; }

}  // namespace sbemu::dynamodb::partiql
