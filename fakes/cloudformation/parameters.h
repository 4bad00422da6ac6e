// Template parameters: the values given, defaults, constraints.
#pragma once

#include <boost/json/object.hpp>

#include "fakes/cloudformation/template.h"

namespace sbemu::cloudformation {

// From the request's Parameters list to name -> text. `previous` are the values the stack has:
// UsePreviousValue takes them; on create it is empty and UsePreviousValue is ignored when a value
// is given (facts/streambot.md 5: Streambot's own test does both).
// Throws ApiError (ValidationError) with AWS's texts (facts/cloudformation.md 2.9).
boost::json::object parameter_values(const Template& parsed, const boost::json::object& request,
                                     const boost::json::object& previous);

// The same values as Ref gives them: list types become lists of texts.
boost::json::object typed_parameters(const Template& parsed, const boost::json::object& values);

// The Parameters list as DescribeStacks shows it; NoEcho values are "****".
boost::json::array describe_parameters(const Template& parsed, const boost::json::object& values);

}  // namespace sbemu::cloudformation
