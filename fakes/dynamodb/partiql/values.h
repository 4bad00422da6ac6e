// Literals and parameters as attribute values.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "fakes/dynamodb/partiql/syntax.h"

namespace sbemu::dynamodb::partiql {

using Parameters = std::vector<boost::json::object>;

// The member Parameters of a request or of one of its statements, each in its normal form. Throws
// ValidationException: these errors come before any of the statement.
Parameters read_parameters(const boost::json::object& request);

// Whether the expression may stand for a value: a literal, a collection or a parameter.
bool is_value(const Expression& expression);

// Throws ValidationException for what DynamoDB cannot store.
boost::json::object value_of(const Expression& expression, const Parameters& parameters);

// How errors call an expression that should have been a value or a condition.
std::string describe(const Expression& expression);

}  // namespace sbemu::dynamodb::partiql
