// Checks of policy documents: their grammar, not what they allow.
#pragma once

#include <cstdint>
#include <string_view>

namespace sbemu::iam {

// Both throw MalformedPolicyDocument. (docs: reference_policies_grammar; texts recorded by
// localstack test_iam_roles.py, the others as reported by users of AWS)
void check_trust_policy(std::string_view document);
void check_permissions_policy(std::string_view document);

// Characters that count towards IAM's limits: all but white space.
std::int64_t policy_size(std::string_view document);

}  // namespace sbemu::iam
