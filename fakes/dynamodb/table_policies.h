// Resource-based policies of tables and streams. They are kept and answered; sbemu does not hold
// callers to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

struct Policy {
    std::string text;  // canonical
    std::int64_t revision = 0;
};

// The document as GetResourcePolicy answers it. Throws ValidationException if it is none.
std::string canonical_policy(const std::string& document);

// policy_rows.cpp
std::optional<Policy> find_policy(Context& ctx, const std::string& arn);
// Returns the revision: that of before if the policy is the same.
std::int64_t put_policy(Context& ctx, const std::string& arn, const std::string& policy);
void erase_policy(Context& ctx, const std::string& arn);
// Of a table that is deleted, and of its streams.
void erase_policies(Context& ctx, const std::string& table_arn);

}  // namespace sbemu::dynamodb
