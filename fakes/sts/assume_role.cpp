// AssumeRole answers temporary credentials of a role.
#include <algorithm>
#include <set>

#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/sts/operations.h"
#include "fakes/sts/sessions.h"

namespace sbemu::sts {
namespace json = boost::json;
namespace {

constexpr std::int64_t kDefaultDuration = 3600;  // seconds; also the limit of role chaining

ApiError validation_error(const std::string& message) { return {"ValidationError", message, 400}; }

ApiError invalid_parameter(const std::string& message) {
    return {"InvalidParameterValue", message, 400};
}

struct RoleName {
    std::string account;
    std::string name;  // without its path
};

// Texts recorded: localstack test_sts.snapshot.json, test_sts_invalid_parameters.
RoleName parse_role_arn(const std::string& text) {
    const auto arn = parse_arn(text);
    constexpr std::string_view kKind = "role/";
    const bool valid = arn && !arn->partition.empty() && arn->service == "iam" &&
                       arn->account.size() == 12 && arn->resource.starts_with(kKind) &&
                       arn->resource.size() > kKind.size() && !arn->resource.ends_with('/');
    if (!valid) throw validation_error(text + " is invalid");
    return {arn->account, arn->resource.substr(arn->resource.rfind('/') + 1)};
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

// Session tags are checked as AWS does (recorded: test_assume_role_tag_validation); nothing reads
// them yet.
void check_tags(const json::object& request) {
    std::set<std::string> keys;
    if (const json::array* tags = find_array(request, "Tags")) {
        for (const json::value& tag : *tags) {
            if (!keys.insert(lower(tag.at("Key").as_string())).second) {
                throw invalid_parameter(
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
        }
    }
    if (const json::array* transitive = find_array(request, "TransitiveTagKeys")) {
        for (const json::value& key : *transitive) {
            if (!keys.contains(lower(key.as_string()))) {
                throw invalid_parameter(
                    "The specified transitive tag key must be included in the requested tags.");
            }
        }
    }
}

void check_policy(const std::string& policy) {
    boost::system::error_code error;
    const json::value document = json::parse(policy, error);
    if (error || !document.is_object()) {
        throw ApiError("MalformedPolicyDocument", "This policy contains invalid Json", 400);
    }
}

// The role, or nothing if its account has none of that name and path.
std::optional<json::object> find_role(Context& ctx, const RoleName& name, std::string_view arn) {
    Caller owner = ctx.caller;
    owner.account = name.account;
    Context as_owner = ctx.as(owner);
    const auto answer = as_owner.try_call("iam", "GetRole", {{"RoleName", name.name}});
    const Outcome* outcome = std::get_if<Outcome>(&answer);
    if (!outcome) return std::nullopt;
    const json::object& role = outcome->result.at("Role").as_object();
    if (text_member(role, "Arn") != arn) return std::nullopt;
    return role;
}

Identity session_identity(const RoleName& name, std::string_view role_id,
                          const std::string& session_name) {
    return {name.account,
            "arn:aws:sts::" + name.account + ":assumed-role/" + name.name + "/" + session_name,
            std::string(role_id) + ":" + session_name};
}

std::int64_t session_duration(Context& ctx, const json::object& request, const json::object& role) {
    const auto asked = find_number(request, "DurationSeconds");
    if (!asked) return kDefaultDuration;
    const bool chained = find_session(ctx, ctx.caller.access_key).has_value();
    if (chained && *asked > kDefaultDuration) {
        throw validation_error(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining");
    }
    if (*asked > find_number(role, "MaxSessionDuration").value_or(kDefaultDuration)) {
        throw validation_error(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    return *asked;
}

}  // namespace

json::object assume_role(Context& ctx, const json::object& request) {
    const std::string arn = text_member(request, "RoleArn");
    const std::string session_name = text_member(request, "RoleSessionName");
    const RoleName name = parse_role_arn(arn);
    if (request.contains("SerialNumber") || request.contains("TokenCode")) {
        throw not_implemented("multi-factor authentication (SerialNumber, TokenCode)");
    }
    const std::string policy = text_member(request, "Policy");
    if (!policy.empty()) check_policy(policy);
    check_tags(request);

    const Identity caller = identity_of(ctx, ctx.caller.access_key, ctx.caller.account);
    const auto role = find_role(ctx, name, arn);
    if (!role) {
        throw ApiError("AccessDenied",
                       "User: " + caller.arn +
                           " is not authorized to perform: sts:AssumeRole on resource: " + arn,
                       403);
    }
    const std::int64_t duration = session_duration(ctx, request, *role);
    const Identity identity = session_identity(name, text_member(*role, "RoleId"), session_name);
    const Session session = issue_session(ctx, identity, duration, policy);

    json::object reply{
        {"Credentials", credentials_of(session)},
        {"AssumedRoleUser", {{"AssumedRoleId", identity.user_id}, {"Arn", identity.arn}}},
    };
    if (const auto source = find_text(request, "SourceIdentity")) reply["SourceIdentity"] = *source;
    // Percent of the room for policies and tags; AWS packs first, which we do not (assumed).
    if (!policy.empty()) {
        reply["PackedPolicySize"] = static_cast<std::int64_t>((policy.size() * 100 + 2047) / 2048);
    }
    return reply;
}

json::object credentials_for_role(Context& ctx, const json::object& request) {
    const std::string arn = text_member(request, "RoleArn");
    const RoleName name = parse_role_arn(arn);
    const auto role = find_role(ctx, name, arn);
    const std::string role_id = role ? text_member(*role, "RoleId") : "AROA" + std::string(17, 'A');
    const Identity identity = session_identity(name, role_id, text_member(request, "SessionName"));
    // Lambda's credentials last for hours; twelve are the most a role session can have.
    const std::int64_t duration = find_number(request, "DurationSeconds").value_or(12 * 3600);
    return credentials_of(issue_session(ctx, identity, duration));
}

}  // namespace sbemu::sts
