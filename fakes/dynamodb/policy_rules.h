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

// A member's value, or the values of its list, as far as they are texts.
std::vector<std::string> texts_of(const boost::json::object& statement, std::string_view member);

// Throws ValidationException if ids are not unique, or actions, resources or principals are not
// what DynamoDB takes for a table or a stream.
void check_statements(const boost::json::array& statements, PolicyTarget target);

// Whether a policy, as canonical_policy gives it, denies the account's root, or everybody,
// PutResourcePolicy for this ARN. What depends on a condition is not looked at.
bool locks_out(const std::string& canonical, const std::string& account, const std::string& arn);

}  // namespace sbemu::dynamodb
