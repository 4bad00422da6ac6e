// A function's resource policy. It is kept and answered, and asked by nobody yet.
#include <algorithm>
#include <boost/json.hpp>

#include "fakes/lambda/errors.h"
#include "fakes/lambda/functions.h"
#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

json::value principal_of(const std::string& principal) {
    if (principal == "*") return json::value("*");
    if (principal.find(".amazonaws.com") != std::string::npos) {
        return json::object{{"Service", principal}};
    }
    const bool is_account =
        principal.size() == 12 && principal.find_first_not_of("0123456789") == std::string::npos;
    return json::object{{"AWS", is_account ? "arn:aws:iam::" + principal + ":root" : principal}};
}

// facts/lambda.md 3.7.
json::object statement_of(const json::object& request, const std::string& resource) {
    json::object statement{{"Sid", required_text(request, "StatementId")},
                           {"Effect", "Allow"},
                           {"Principal", principal_of(required_text(request, "Principal"))},
                           {"Action", required_text(request, "Action")},
                           {"Resource", resource}};
    json::object equals;
    if (const auto account = find_text(request, "SourceAccount")) {
        equals["AWS:SourceAccount"] = *account;
    }
    json::object condition;
    if (!equals.empty()) condition["StringEquals"] = std::move(equals);
    if (const auto arn = find_text(request, "SourceArn")) {
        condition["ArnLike"] = json::object{{"AWS:SourceArn", *arn}};
    }
    if (!condition.empty()) statement["Condition"] = std::move(condition);
    return statement;
}

void check_revision(const json::object& request, const Function& function) {
    const auto revision = find_text(request, "RevisionId");
    if (revision && *revision != function.policy_revision_id) throw revision_mismatch("GetPolicy");
}

auto find_statement(json::array& policy, const std::string& id) {
    return std::find_if(policy.begin(), policy.end(), [&](const json::value& statement) {
        return statement.as_object().at("Sid").as_string() == id;
    });
}

}  // namespace

json::object add_permission(Context& ctx, const json::object& request) {
    for (const std::string_view member :
         {"EventSourceToken", "PrincipalOrgID", "FunctionUrlAuthType", "InvokedViaFunctionUrl"}) {
        if (asks_for(request, member)) throw not_implemented("lambda " + std::string(member));
    }
    Addressed addressed = addressed_function(ctx, request);
    Function& function = addressed.function;
    if (addressed.reference.qualifier) {
        throw invalid_parameter("We currently do not support adding policies for $LATEST.");
    }
    check_revision(request, function);
    const std::string id = required_text(request, "StatementId");
    if (find_statement(function.policy, id) != function.policy.end()) {
        throw resource_conflict("The statement id (" + id +
                                ") provided already exists. Please provide a new statement id, or "
                                "remove the existing statement.");
    }
    const json::object statement = statement_of(request, function_arn(ctx, function.name));
    function.policy.push_back(statement);
    function.policy_revision_id = ctx.random.uuid();
    update_function(ctx, function);
    return {{"Statement", json::serialize(statement)}};
}

json::object get_policy(Context& ctx, const json::object& request) {
    const FunctionReference reference = parse_function_name(
        ctx, required_text(request, "FunctionName"), find_text(request, "Qualifier"));
    const auto function = find_function(ctx, reference.name);
    if (!function || function->policy.empty() || !reference.is_latest()) {
        throw resource_not_found("The resource you requested does not exist.");
    }
    const json::object policy{
        {"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", function->policy}};
    return {{"Policy", json::serialize(policy)}, {"RevisionId", function->policy_revision_id}};
}

json::object remove_permission(Context& ctx, const json::object& request) {
    const FunctionReference reference = parse_function_name(
        ctx, required_text(request, "FunctionName"), find_text(request, "Qualifier"));
    auto function = find_function(ctx, reference.name);
    if (!function) {
        throw resource_not_found("No policy found for: " +
                                 function_arn(ctx, reference.name, reference.qualifier));
    }
    if (function->policy.empty() || !reference.is_latest()) {
        throw resource_not_found("No policy is associated with the given resource.");
    }
    const std::string id = required_text(request, "StatementId");
    const auto statement = find_statement(function->policy, id);
    if (statement == function->policy.end()) {
        throw resource_not_found("Statement " + id + " is not found in resource policy.");
    }
    check_revision(request, *function);
    function->policy.erase(statement);
    function->policy_revision_id = ctx.random.uuid();
    update_function(ctx, *function);
    return {};
}

}  // namespace sbemu::lambda
