// Roles: create, get, list, delete. Answers as recorded by localstack test_iam_roles.snapshot.json.
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "emulator/core/random.h"
#include "fakes/iam/errors.h"
#include "fakes/iam/operations.h"
#include "fakes/iam/paging.h"
#include "fakes/iam/policy_document.h"

namespace sbemu::iam {
namespace json = boost::json;
namespace {

constexpr std::int64_t kTrustPolicyLimit = 2048;  // default quota ACLSizePerRole

// What follows "AROA": 17 base32 characters.
std::string new_role_id(Context& ctx) {
    return "AROA" + ctx.random.text(17, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}

}  // namespace

Role require_role(Context& ctx, const json::object& request) {
    const std::string name = text_member(request, "RoleName");
    auto role = find_role(ctx, name);
    if (!role) throw no_such_role(name);
    return std::move(*role);
}

std::string role_arn(const Caller& caller, const Role& role) {
    return "arn:aws:iam::" + caller.account + ":role" + role.path + role.name;
}

json::object describe_role(const Caller& caller, const Role& role, RoleView view) {
    json::object result{
        {"Path", role.path},
        {"RoleName", role.name},
        {"RoleId", role.id},
        {"Arn", role_arn(caller, role)},
        {"CreateDate", role.created},
        {"AssumeRolePolicyDocument", percent_encode(role.trust_policy)},
    };
    if (role.description) result["Description"] = *role.description;
    if (view != RoleView::created) result["MaxSessionDuration"] = role.max_session_duration;
    // ListRoles leaves out the boundary and the tags (API_ListRoles).
    if (view == RoleView::listed) return result;
    if (role.permissions_boundary) {
        result["PermissionsBoundary"] = {{"PermissionsBoundaryType", "Policy"},
                                         {"PermissionsBoundaryArn", *role.permissions_boundary}};
    }
    if (!role.tags.empty()) result["Tags"] = role.tags;
    if (view == RoleView::full) result["RoleLastUsed"] = json::object{};
    return result;
}

json::object create_role(Context& ctx, const json::object& request) {
    Role role;
    role.name = text_member(request, "RoleName");
    role.path = find_text(request, "Path").value_or("/");
    role.trust_policy = text_member(request, "AssumeRolePolicyDocument");
    role.description = find_text(request, "Description");
    role.max_session_duration = find_number(request, "MaxSessionDuration").value_or(3600);
    role.permissions_boundary = find_text(request, "PermissionsBoundary");
    if (const json::array* tags = find_array(request, "Tags")) add_tags(role.tags, *tags);
    check_trust_policy(role.trust_policy);
    if (policy_size(role.trust_policy) > kTrustPolicyLimit) {
        throw limit_exceeded("Cannot exceed quota for ACLSizePerRole: 2048");
    }
    if (find_role(ctx, role.name)) {
        throw ApiError("EntityAlreadyExists", "Role with name " + role.name + " already exists.",
                       409);
    }
    role.id = new_role_id(ctx);
    role.created = to_milliseconds(std::chrono::floor<std::chrono::seconds>(ctx.now));
    insert_role(ctx, role);
    return {{"Role", describe_role(ctx.caller, role, RoleView::created)}};
}

json::object get_role(Context& ctx, const json::object& request) {
    return {{"Role", describe_role(ctx.caller, require_role(ctx, request), RoleView::full)}};
}

json::object list_roles_operation(Context& ctx, const json::object& request) {
    const std::string prefix = find_text(request, "PathPrefix").value_or("/");
    json::array roles;
    for (const Role& role : list_roles(ctx)) {
        if (!role.path.starts_with(prefix)) continue;
        roles.push_back(describe_role(ctx.caller, role, RoleView::listed));
    }
    json::object result;
    put_page(result, "Roles", request, roles,
             [](const json::value& role) { return std::string(role.at("RoleName").as_string()); });
    return result;
}

json::object delete_role(Context& ctx, const json::object& request) {
    const Role role = require_role(ctx, request);
    if (!list_attached(ctx, role.name).empty()) {
        throw delete_conflict("Cannot delete entity, must detach all policies first.");
    }
    if (!list_policy_names(ctx, role.name).empty()) {
        throw delete_conflict("Cannot delete entity, must delete policies first.");
    }
    erase_role(ctx, role.name);
    return {};
}

}  // namespace sbemu::iam
