#include "emulator/core/regular_expression.h"

#include <regex>
#include <stdexcept>

namespace sbemu {
namespace {

RegularExpression::Match read(const std::cmatch& match) {
    RegularExpression::Match read{static_cast<std::size_t>(match.position()), {}};
    for (const auto& group : match) read.groups.push_back(group.str());
    return read;
}

}  // namespace

struct RegularExpression::Compiled {
    std::regex regex;
};

RegularExpression::RegularExpression(const std::string& expression) {
    try {
        compiled_ = std::make_shared<Compiled>(Compiled{std::regex(expression)});
    } catch (const std::regex_error&) {
        throw std::invalid_argument("'" + expression + "' is no regular expression");
    }
}

bool RegularExpression::matches(std::string_view text) const {
    return std::regex_match(text.begin(), text.end(), compiled_->regex);
}

std::optional<RegularExpression::Match> RegularExpression::first_in(std::string_view text) const {
    std::cmatch match;
    if (!std::regex_search(text.data(), text.data() + text.size(), match, compiled_->regex)) {
        return std::nullopt;
    }
    return read(match);
}

std::vector<RegularExpression::Match> RegularExpression::all_in(std::string_view text) const {
    std::vector<Match> matches;
    for (std::cregex_iterator match(text.data(), text.data() + text.size(), compiled_->regex), end;
         match != end; ++match) {
        matches.push_back(read(*match));
    }
    return matches;
}

}  // namespace sbemu
