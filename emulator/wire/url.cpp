#include "emulator/wire/url.h"

#include "emulator/core/encoding.h"

namespace sbemu::wire {
namespace {

char lower_character(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
    if (text.size() < prefix.size()) return false;
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        if (text[i] == prefix[i]) continue;
        if (lower_character(text[i]) != lower_character(prefix[i])) return false;
    }
    return true;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = lower_character(c);
    return result;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

const QueryPart* Url::find(std::string_view name) const {
    for (const QueryPart& part : query) {
        if (part.name == name) return &part;
    }
    return nullptr;
}

const QueryPart* Url::find_ignoring_case(std::string_view name) const {
    for (const QueryPart& part : query) {
        if (equal_ignoring_case(part.name, name)) return &part;
    }
    return nullptr;
}

std::vector<QueryPart> parse_form(std::string_view text) {
    std::vector<QueryPart> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        if (part.empty()) continue;
        const std::size_t equals = std::min(part.find('='), part.size());
        parts.push_back({percent_decode(part.substr(0, equals), true),
                         percent_decode(part.substr(std::min(equals + 1, part.size())), true)});
    }
    return parts;
}

Url parse_url(std::string_view target) {
    if (const std::size_t scheme = target.find("://");
        scheme != std::string_view::npos && target.find('/') > scheme) {
        const std::size_t slash = target.find('/', scheme + 3);
        target.remove_prefix(std::min(slash, target.size()));
    }
    target = target.substr(0, target.find('#'));
    Url url;
    const std::size_t question = std::min(target.find('?'), target.size());
    url.path = target.substr(0, question);
    if (url.path.empty() || url.path[0] != '/') url.path.insert(0, "/");
    url.raw_query = target.substr(std::min(question + 1, target.size()));
    url.query = parse_form(url.raw_query);
    return url;
}

}  // namespace sbemu::wire
