// The documents of resource-based policies.
#pragma once

#include <string>

namespace sbemu::dynamodb {

enum class PolicyTarget { table, stream };

// The document as it is kept: in DynamoDB's form, without a Version if it names none. Throws
// ValidationException if DynamoDB does not take it for a table or a stream.
std::string canonical_policy(const std::string& document, PolicyTarget target);
// As GetResourcePolicy answers it: with the Version that is meant.
std::string answered_policy(const std::string& canonical);

}  // namespace sbemu::dynamodb
