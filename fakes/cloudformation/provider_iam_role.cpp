#include <boost/json.hpp>

#include "emulator/core/model.h"
#include "fakes/cloudformation/provider.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr Property kPolicy[] = {
    {.name = "PolicyName", .required = true},
    {.name = "PolicyDocument", .kind = Kind::document, .required = true}};
constexpr Property kProperties[] = {
    {.name = "RoleName", .replaces = true},
    {.name = "AssumeRolePolicyDocument", .kind = Kind::document, .required = true},
    {.name = "Path", .replaces = true},
    {.name = "Policies", .kind = Kind::list, .members = kPolicy},
    {.name = "ManagedPolicyArns", .kind = Kind::list},
    {.name = "Tags", .kind = Kind::list, .members = kTagMembers},
    {.name = "MaxSessionDuration", .kind = Kind::integer},
    {.name = "Description"},
    {.name = "PermissionsBoundary"}};

constexpr std::string_view kAttributes[] = {"Arn", "RoleId"};

// Templates give policies as JSON; the API takes their text.
std::string policy_text(const json::value& document) {
    return document.is_string() ? std::string(document.as_string()) : json::serialize(document);
}

json::array list_property(const json::object& properties, std::string_view name) {
    const json::value* list = properties.if_contains(name);
    return list && list->is_array() ? list->as_array() : json::array{};
}

void put_policies(Context& ctx, const std::string& role, const json::object& properties) {
    for (const json::value& item : list_property(properties, "Policies")) {
        const json::object& policy = item.as_object();
        ctx.call("iam", "PutRolePolicy",
                 {{"RoleName", role},
                  {"PolicyName", policy.at("PolicyName")},
                  {"PolicyDocument", policy_text(policy.at("PolicyDocument"))}});
    }
    for (const json::value& arn : list_property(properties, "ManagedPolicyArns")) {
        ctx.call("iam", "AttachRolePolicy", {{"RoleName", role}, {"PolicyArn", arn}});
    }
}

void remove_policies(Context& ctx, const std::string& role) {
    const json::object inline_policies =
        ctx.call("iam", "ListRolePolicies", {{"RoleName", role}}).result;
    for (const json::value& name : list_property(inline_policies, "PolicyNames")) {
        ctx.call("iam", "DeleteRolePolicy", {{"RoleName", role}, {"PolicyName", name}});
    }
    const json::object attached =
        ctx.call("iam", "ListAttachedRolePolicies", {{"RoleName", role}}).result;
    for (const json::value& policy : list_property(attached, "AttachedPolicies")) {
        ctx.call("iam", "DetachRolePolicy",
                 {{"RoleName", role}, {"PolicyArn", policy.as_object().at("PolicyArn")}});
    }
}

json::object attributes_of(const json::object& role) {
    return {{"Arn", role.at("Arn")}, {"RoleId", role.at("RoleId")}};
}

Progress create(Context& ctx, const ResourceRequest& resource) {
    json::object request;
    for (const auto& [name, value] : resource.properties) {
        if (name != "Policies" && name != "ManagedPolicyArns") request[name] = value;
    }
    if (!request.contains("RoleName")) request["RoleName"] = generated_name(ctx, resource, 64);
    request["AssumeRolePolicyDocument"] = policy_text(request.at("AssumeRolePolicyDocument"));
    const std::string name = text_property(request, "RoleName");
    const json::object result =
        ctx.call("iam", "CreateRole", conform_request("iam", "CreateRole", request)).result;
    put_policies(ctx, name, resource.properties);
    return Progress::done(name, attributes_of(result.at("Role").as_object()));
}

Progress update(Context& ctx, const ResourceRequest& resource) {
    const std::string& name = resource.physical_id;
    for (const char* property : {"Tags", "PermissionsBoundary"}) {
        const json::value* wanted = resource.properties.if_contains(property);
        const json::value* had = resource.old_properties.if_contains(property);
        if ((wanted != nullptr) != (had != nullptr) || (wanted && *wanted != *had)) {
            throw not_implemented(std::string("changing ") + property + " of AWS::IAM::Role");
        }
    }
    ctx.call("iam", "UpdateAssumeRolePolicy",
             {{"RoleName", name},
              {"PolicyDocument", policy_text(resource.properties.at("AssumeRolePolicyDocument"))}});
    json::object request{{"RoleName", name}};
    for (const char* property : {"Description", "MaxSessionDuration"}) {
        if (const json::value* value = resource.properties.if_contains(property)) {
            request[property] = *value;
        }
    }
    ctx.call("iam", "UpdateRole", conform_request("iam", "UpdateRole", request));
    remove_policies(ctx, name);
    put_policies(ctx, name, resource.properties);
    const json::object role = ctx.call("iam", "GetRole", {{"RoleName", name}}).result;
    return Progress::done(name, attributes_of(role.at("Role").as_object()));
}

Progress remove(Context& ctx, const ResourceRequest& resource) {
    remove_policies(ctx, resource.physical_id);
    ctx.call("iam", "DeleteRole", {{"RoleName", resource.physical_id}});
    return Progress::done(resource.physical_id);
}

}  // namespace

// Ref: the role's name.
const Provider& iam_role_provider() {
    static constexpr Provider kProvider{"AWS::IAM::Role", kProperties, "RoleName", kAttributes,
                                        create,           update,      remove,     nullptr};
    return kProvider;
}

}  // namespace sbemu::cloudformation
