// Roles, their inline and attached policies as rows. The only SQL of the IAM fake. IAM is global:
// rows are keyed by account alone. Names are unique whatever their case (API_CreateRole).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu::iam {

extern const std::string_view kSchema;

struct Role {
    std::string name;
    std::string path;
    std::string id;            // "AROA..."
    std::int64_t created = 0;  // milliseconds
    std::string trust_policy;  // JSON text as it was given
    std::optional<std::string> description;
    std::int64_t max_session_duration = 3600;  // seconds
    std::optional<std::string> permissions_boundary;
    boost::json::array tags;  // [{Key, Value}]
};

struct AttachedPolicy {
    std::string arn;
    std::string name;
    std::string path;
};

std::optional<Role> find_role(Context& ctx, std::string_view name);
std::vector<Role> list_roles(Context& ctx);  // sorted by name
void insert_role(Context& ctx, const Role& role);
void update_role(Context& ctx, const Role& role);  // everything but name, path and id
void erase_role(Context& ctx, std::string_view name);

std::optional<std::string> find_policy(Context& ctx, std::string_view role, std::string_view name);
std::vector<std::string> list_policy_names(Context& ctx, std::string_view role);  // sorted
// Characters of all inline policies of the role but the one named, without white space.
std::int64_t policies_size(Context& ctx, std::string_view role, std::string_view but);
void put_policy(Context& ctx, std::string_view role, std::string_view name,
                std::string_view document, std::int64_t size);
bool erase_policy(Context& ctx, std::string_view role, std::string_view name);  // false: none

std::vector<AttachedPolicy> list_attached(Context& ctx, std::string_view role);  // by name
void attach_policy(Context& ctx, std::string_view role, const AttachedPolicy& policy);
bool detach_policy(Context& ctx, std::string_view role, std::string_view arn);  // false: none

}  // namespace sbemu::iam
