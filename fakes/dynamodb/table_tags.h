// Tags of tables, and resource ARNs as operations on tags and policies take them.
#pragma once

#include <boost/json/array.hpp>
#include <string>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// Throws if a tag is not allowed, or with those that the table has there are too many.
void check_tags(const boost::json::array& tags,
                const std::vector<std::pair<std::string, std::string>>& present);
// Throws ResourceInUseException while a change of tags is under way.
void check_tags_settled(const Context& ctx, const Table& table);
void put_tags(Context& ctx, const Table& table, const boost::json::array& tags);

}  // namespace sbemu::dynamodb
