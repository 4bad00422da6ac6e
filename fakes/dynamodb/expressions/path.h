// Document paths, a.b[0].#c: where in an item something is.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "fakes/dynamodb/expressions/attributes.h"
#include "fakes/dynamodb/expressions/lexer.h"
#include "fakes/dynamodb/expressions/problems.h"

namespace sbemu::dynamodb {

// The name of an attribute or map member, or the index of a list element.
using PathStep = std::variant<std::string, std::size_t>;

struct Path {
    std::vector<PathStep> steps;  // the first is always a name

    std::string text() const;  // [a, [0], b], as in error texts
    const std::string& attribute() const { return std::get<std::string>(steps.front()); }
    bool operator==(const Path&) const = default;
};

// Reads a path at the next token. #names are replaced; undefined ones and reserved words are noted.
Path parse_path(TokenReader& reader, ExpressionAttributes& attributes, Problems& problems);

// The value at the path; null if the item has none there.
const boost::json::object* find(const Item& item, const Path& path);

// Notes paths of which one contains another, and paths that use one place as map and list.
void check_disjoint(const std::vector<Path>& paths, Problems& problems);

}  // namespace sbemu::dynamodb
