// Managed policies attached to roles. sbemu has no policies of its own, so only those that AWS
// manages can be attached; every name below arn:aws:iam::aws:policy/ is taken as one.
#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/iam/errors.h"
#include "fakes/iam/operations.h"
#include "fakes/iam/paging.h"

namespace sbemu::iam {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxAttached = 10;  // default quota PoliciesPerRole

// "policy/service-role/AWSLambdaBasicExecutionRole": path "/service-role/", then the name.
AttachedPolicy parse_policy_arn(const std::string& text) {
    const auto arn = parse_arn(text);
    constexpr std::string_view kKind = "policy/";
    if (!arn || arn->service != "iam" || !arn->resource.starts_with(kKind) ||
        arn->resource.size() == kKind.size()) {
        throw ApiError("InvalidInput", "ARN " + text + " is not valid.", 400);
    }
    if (arn->account != "aws") {
        throw no_such_entity("Policy " + text + " does not exist or is not attachable.");
    }
    const std::size_t slash = arn->resource.rfind('/');
    return {text, arn->resource.substr(slash + 1),
            arn->resource.substr(kKind.size() - 1, slash + 2 - kKind.size())};
}

}  // namespace

json::object attach_role_policy(Context& ctx, const json::object& request) {
    const Role role = require_role(ctx, request);
    const AttachedPolicy policy = parse_policy_arn(text_member(request, "PolicyArn"));
    attach_policy(ctx, role.name, policy);
    if (list_attached(ctx, role.name).size() > kMaxAttached) {
        throw limit_exceeded("Cannot exceed quota for PoliciesPerRole: 10");
    }
    return {};
}

json::object detach_role_policy(Context& ctx, const json::object& request) {
    const Role role = require_role(ctx, request);
    const std::string arn = text_member(request, "PolicyArn");
    if (!detach_policy(ctx, role.name, arn)) {
        throw no_such_entity("Policy " + arn + " was not found.");
    }
    return {};
}

json::object list_attached_role_policies(Context& ctx, const json::object& request) {
    const Role role = require_role(ctx, request);
    const std::string prefix = find_text(request, "PathPrefix").value_or("/");
    json::array policies;
    for (const AttachedPolicy& policy : list_attached(ctx, role.name)) {
        if (!policy.path.starts_with(prefix)) continue;
        policies.push_back(json::object{{"PolicyName", policy.name}, {"PolicyArn", policy.arn}});
    }
    json::object result;
    put_page(result, "AttachedPolicies", request, policies, [](const json::value& policy) {
        return std::string(policy.at("PolicyArn").as_string());
    });
    return result;
}

}  // namespace sbemu::iam
