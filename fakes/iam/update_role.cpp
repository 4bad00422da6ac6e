// What can be changed of a role: description, session duration, trust policy, boundary.
#include "emulator/core/members.h"
#include "fakes/iam/errors.h"
#include "fakes/iam/operations.h"
#include "fakes/iam/policy_document.h"

namespace sbemu::iam {
namespace json = boost::json;

json::object update_role_operation(Context& ctx, const json::object& request) {
    Role role = require_role(ctx, request);
    // What is absent stays (recorded: localstack test_iam_roles, get-role-after-defaults).
    if (const auto description = find_text(request, "Description")) role.description = description;
    if (const auto duration = find_number(request, "MaxSessionDuration")) {
        role.max_session_duration = *duration;
    }
    update_role(ctx, role);
    return {};
}

json::object update_role_description(Context& ctx, const json::object& request) {
    Role role = require_role(ctx, request);
    role.description = text_member(request, "Description");
    update_role(ctx, role);
    return {{"Role", describe_role(ctx.caller, role, RoleView::created)}};
}

json::object update_assume_role_policy(Context& ctx, const json::object& request) {
    Role role = require_role(ctx, request);
    role.trust_policy = text_member(request, "PolicyDocument");
    check_trust_policy(role.trust_policy);
    if (policy_size(role.trust_policy) > 2048) {
        throw limit_exceeded("Cannot exceed quota for ACLSizePerRole: 2048");
    }
    update_role(ctx, role);
    return {};
}

json::object put_role_permissions_boundary(Context& ctx, const json::object& request) {
    Role role = require_role(ctx, request);
    role.permissions_boundary = text_member(request, "PermissionsBoundary");
    update_role(ctx, role);
    return {};
}

json::object delete_role_permissions_boundary(Context& ctx, const json::object& request) {
    Role role = require_role(ctx, request);
    role.permissions_boundary.reset();
    update_role(ctx, role);
    return {};
}

}  // namespace sbemu::iam
