// A request target taken apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sbemu::wire {

struct QueryPart {
    std::string name;   // decoded
    std::string value;  // decoded; empty without '='
};

struct Url {
    std::string path;       // still percent-encoded, begins with '/'
    std::string raw_query;  // still percent-encoded, without '?'
    std::vector<QueryPart> query;

    // The first part of that name, or null.
    const QueryPart* find(std::string_view name) const;
    const QueryPart* find_ignoring_case(std::string_view name) const;
};

// Takes "/path?query" and "http://host/path?query".
Url parse_url(std::string_view target);

// name=value&name=value; '+' is a space.
std::vector<QueryPart> parse_form(std::string_view text);

bool starts_ignoring_case(std::string_view text, std::string_view prefix);
inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && starts_ignoring_case(a, b);
}
std::string lower(std::string_view text);
std::string_view trimmed(std::string_view text);

}  // namespace sbemu::wire
