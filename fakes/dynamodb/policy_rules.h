// What the statements of a resource-based policy may be about.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/error.h"
#include "fakes/dynamodb/policy_document.h"

namespace sbemu::dynamodb {

ApiError invalid_document(const std::string& why);

// In small letters, of ASCII.
std::string lower(std::string_view text);

// A member's value, or the values of its list, as far as they are texts.
std::vector<std::string> texts_of(const boost::json::object& statement, std::string_view member);

// Throws ValidationException if ids are not unique, or actions, resources or principals are not
// what DynamoDB takes for a table or a stream.
void check_statements(const boost::json::array& statements, PolicyTarget target);

}  // namespace sbemu::dynamodb
