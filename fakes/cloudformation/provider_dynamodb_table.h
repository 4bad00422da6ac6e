// How CloudFormation brings a table to what a template says.
#pragma once

#include <boost/json/object.hpp>

#include "fakes/cloudformation/provider.h"

namespace sbemu::cloudformation {

// The template's words as CreateTable takes them.
boost::json::object create_table_request(const ResourceRequest& resource);

// Throws for changes of indexes that CloudFormation refuses before it begins.
void check_index_changes(const ResourceRequest& resource);

// Makes the first of the changes that are still missing, and says whether there was one. The table
// is ACTIVE; `table` is its description. UpdateTable takes one kind of change at a time.
bool take_next_step(Context& ctx, const ResourceRequest& resource,
                    const boost::json::object& table);

}  // namespace sbemu::cloudformation
