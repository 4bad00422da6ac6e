// Walking over tokens that end with one of kind `end`, which is never passed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace sbemu::dynamodb {

// Token: `kind`, of which `symbol` and `end` are values, and `text`.
template <class Token>
class TokenWalk {
  public:
    explicit TokenWalk(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    const Token& peek(std::size_t ahead = 0) const {
        return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
    }
    Token take() {
        Token token = peek();
        if (next_ + 1 < tokens_.size()) ++next_;
        return token;
    }
    bool next_is(std::string_view symbol) const {
        return peek().kind == Token::Kind::symbol && peek().text == symbol;
    }
    bool accept(std::string_view symbol) {
        if (!next_is(symbol)) return false;
        take();
        return true;
    }
    std::size_t position() const { return next_; }  // how many tokens were taken
    const std::vector<Token>& tokens() const { return tokens_; }

  private:
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
};

}  // namespace sbemu::dynamodb
