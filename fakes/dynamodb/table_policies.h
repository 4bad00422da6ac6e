// Resource-based policies of tables and streams. They are kept and answered; sbemu does not hold
// callers to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

struct Policy {
    std::string text;  // policy_document.h: canonical
    std::int64_t revision = 0;
};

// Throws ResourceInUseException while a change of the table's policy is not yet seen everywhere.
void check_policies_settled(Context& ctx, const Table& table);

// policy_rows.cpp
std::optional<Policy> find_policy(Context& ctx, const std::string& arn);
// When it was put, changed or deleted last, in milliseconds; nothing: there never was one.
std::optional<std::int64_t> last_policy_change(Context& ctx, const std::string& arn);
// Returns the revision.
std::int64_t put_policy(Context& ctx, const std::string& arn, const std::string& policy);
void erase_policy(Context& ctx, const std::string& arn);
// Of a table that is deleted, and of its streams.
void erase_policies(Context& ctx, const std::string& table_arn);

}  // namespace sbemu::dynamodb
