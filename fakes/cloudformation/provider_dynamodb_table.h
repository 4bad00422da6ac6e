// How CloudFormation brings a table to what a template says.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>

#include "fakes/cloudformation/provider.h"

namespace sbemu::cloudformation {

// provider_dynamodb_table_request.cpp
// The template's words as CreateTable takes them.
boost::json::object create_table_request(const ResourceRequest& resource);

// Throws for changes of indexes that CloudFormation refuses before it begins.
void check_index_changes(const ResourceRequest& resource);
// Null if there is none.
const boost::json::object* find_index(const boost::json::array& indexes, std::string_view name);

// provider_dynamodb_table_insights.cpp
// Contributor Insights of the table and its indexes; whether anything is left to do or wait for.
bool take_insights_step(Context& ctx, const ResourceRequest& resource);

// provider_dynamodb_table_destination.cpp
// The Kinesis stream that changes go to; whether anything is left to do or wait for. Throws if the
// stream cannot be used.
bool take_destination_step(Context& ctx, const ResourceRequest& resource);

// Makes the first of the changes that are still missing, and says whether there was one. The table
// is ACTIVE; `table` is its description. UpdateTable takes one kind of change at a time.
bool take_next_step(Context& ctx, const ResourceRequest& resource,
                    const boost::json::object& table);

}  // namespace sbemu::cloudformation
