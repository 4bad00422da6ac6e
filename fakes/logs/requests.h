// What the operations of Logs have in common: finding the group and stream a request names, pages.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "fakes/logs/rows.h"

namespace sbemu::logs {

// The group named by "logGroupName" or "logGroupIdentifier" (a name or an ARN).
// Throws ResourceNotFoundException, ValidationException if both are given.
LogGroup require_group(Context& ctx, const boost::json::object& request);
// Throws ResourceNotFoundException.
LogStream require_stream(Context& ctx, const LogGroup& group, std::string_view name);

std::string group_arn(const Caller& caller, const LogGroup& group);

// Cuts a list to the page that "nextToken" and "limit" (default `default_limit`) ask for, under
// result[member], with a nextToken if there is more. Throws InvalidParameterException.
void put_page(boost::json::object& result, std::string_view member,
              const boost::json::object& request, const boost::json::array& entries,
              std::string_view name_member, std::int64_t default_limit);

}  // namespace sbemu::logs
