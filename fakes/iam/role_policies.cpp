// Inline policies of roles.
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/iam/errors.h"
#include "fakes/iam/operations.h"
#include "fakes/iam/paging.h"
#include "fakes/iam/policy_document.h"

namespace sbemu::iam {
namespace json = boost::json;
namespace {

constexpr std::int64_t kInlinePolicyLimit = 10240;  // all inline policies of a role together

ApiError no_such_policy(const std::string& name) {
    return no_such_entity("The role policy with name " + name + " cannot be found.");
}

}  // namespace

json::object put_role_policy(Context& ctx, const json::object& request) {
    const Role role = require_role(ctx, request);
    const std::string name = text_member(request, "PolicyName");
    const std::string document = text_member(request, "PolicyDocument");
    check_permissions_policy(document);
    const std::int64_t size = policy_size(document);
    if (policies_size(ctx, role.name, name) + size > kInlinePolicyLimit) {
        throw limit_exceeded("Maximum policy size of 10240 bytes exceeded for role " + role.name);
    }
    put_policy(ctx, role.name, name, document, size);
    return {};
}

json::object get_role_policy(Context& ctx, const json::object& request) {
    const Role role = require_role(ctx, request);
    const std::string name = text_member(request, "PolicyName");
    const auto document = find_policy(ctx, role.name, name);
    if (!document) throw no_such_policy(name);
    return {{"RoleName", role.name},
            {"PolicyName", name},
            {"PolicyDocument", percent_encode(*document)}};
}

json::object list_role_policies(Context& ctx, const json::object& request) {
    const Role role = require_role(ctx, request);
    json::array names;
    for (const std::string& name : list_policy_names(ctx, role.name)) names.emplace_back(name);
    json::object result;
    put_page(result, "PolicyNames", request, names,
             [](const json::value& name) { return std::string(name.as_string()); });
    return result;
}

json::object delete_role_policy(Context& ctx, const json::object& request) {
    const Role role = require_role(ctx, request);
    const std::string name = text_member(request, "PolicyName");
    if (!erase_policy(ctx, role.name, name)) throw no_such_policy(name);
    return {};
}

}  // namespace sbemu::iam
