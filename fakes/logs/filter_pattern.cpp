#include "fakes/logs/filter_pattern.h"

#include <algorithm>

#include "fakes/logs/errors.h"

namespace sbemu::logs {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_term_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

void refuse_other_languages(std::string_view text) {
    if (text.starts_with('{')) {
        throw not_implemented("filter patterns for JSON ({ $.member = value })");
    }
    if (text.starts_with('[')) {
        throw not_implemented("filter patterns for space-delimited events ([a, b])");
    }
    if (text.starts_with('%')) {
        throw not_implemented("filter patterns with regular expressions (%...%)");
    }
}

// Takes a quoted phrase off the front of the text; a backslash keeps the next character.
std::string take_phrase(std::string_view& text) {
    std::string phrase;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return phrase;
        }
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        phrase += text[i];
    }
    throw invalid_parameter("Invalid filter pattern");  // no closing quote; text assumed
}

std::string take_term(std::string_view& text) {
    const std::size_t size =
        static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_space) - text.begin());
    const std::string term(text.substr(0, size));
    if (!std::all_of(term.begin(), term.end(), is_term_character)) {
        throw invalid_parameter("Invalid character(s) in term '" + term + "'");
    }
    text.remove_prefix(size);
    return term;
}

}  // namespace

FilterPattern FilterPattern::parse(std::string_view text) {
    FilterPattern pattern;
    while (!text.empty()) {
        if (is_space(text.front())) {
            text.remove_prefix(1);
            continue;
        }
        refuse_other_languages(text);
        std::vector<std::string>* terms = &pattern.all_;
        if (text.front() == '?') terms = &pattern.any_;
        if (text.front() == '-') terms = &pattern.none_;
        if (terms != &pattern.all_) text.remove_prefix(1);
        const bool is_phrase = text.starts_with('"');
        terms->push_back(is_phrase ? take_phrase(text) : take_term(text));
    }
    return pattern;
}

bool FilterPattern::matches(std::string_view message) const {
    const auto is_in = [&](const std::string& term) {
        return message.find(term) != std::string_view::npos;
    };
    if (std::any_of(none_.begin(), none_.end(), is_in)) return false;
    if (all_.empty() && !any_.empty()) return std::any_of(any_.begin(), any_.end(), is_in);
    return std::all_of(all_.begin(), all_.end(), is_in);
}

}  // namespace sbemu::logs
