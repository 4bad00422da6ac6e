// ProjectionExpression: which parts of an item to answer.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/expressions/path.h"

namespace sbemu::dynamodb {

using Projection = std::vector<Path>;

// Throws ValidationException with AWS's text and order of checks.
Projection parse_projection(std::string_view source, ExpressionAttributes& attributes);

// The named parts in the item's own shape; elements of one list move together.
Item project(const Projection& projection, const Item& item);

// The same for many items. The projection must outlive it.
class ProjectedPaths {
  public:
    explicit ProjectedPaths(const Projection& projection);

    Item part_of(const Item& item) const;

  private:
    std::map<std::string_view, std::vector<const Path*>> by_attribute_;
};

}  // namespace sbemu::dynamodb
