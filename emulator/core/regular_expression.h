// Regular expressions of ECMAScript, as people write them. std::regex reads them; it costs its
// user's file five seconds to compile, so only regular_expression.cpp includes it. Those of the API
// models are others: core/pattern.h.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sbemu {

class RegularExpression {
  public:
    struct Match {
        std::size_t at;                   // in the text
        std::vector<std::string> groups;  // the first is all that matched
    };

    // Throws std::invalid_argument if it is none.
    explicit RegularExpression(const std::string& expression);

    // Whether it is the whole text.
    bool matches(std::string_view text) const;
    std::optional<Match> first_in(std::string_view text) const;
    std::vector<Match> all_in(std::string_view text) const;

  private:
    struct Compiled;
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace sbemu
