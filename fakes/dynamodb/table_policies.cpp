// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy. Texts: ack-api-quirks (2026-10),
// DDB-TABLE-205 to 214, 351 to 355, 442; revisions: moto's tests against AWS. Not done: changes are
// seen at once, and may follow each other without fifteen seconds between them.
#include "fakes/dynamodb/table_policies.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/json_text.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxPolicyBytes = 20'480;

ApiError invalid_document(const std::string& why) {
    return invalid_values("Invalid policy document: " + why);
}

ApiError policy_not_found(const std::string& what) {
    return {"PolicyNotFoundException",
            "Resource-based policy not found for the provided ResourceArn: " + what};
}

json::value single_or_list(const json::value& value) {
    const json::array* list = value.if_array();
    return list && list->size() == 1 ? list->front() : value;
}

// An account's id stands for its root.
json::value canonical_principal(const json::value& value) {
    if (value.is_array()) {
        json::array principals;
        for (const json::value& each : value.get_array()) {
            json::value principal = canonical_principal(each);
            if (std::find(principals.begin(), principals.end(), principal) == principals.end()) {
                principals.push_back(std::move(principal));
            }
        }
        return single_or_list(principals);
    }
    if (value.is_object()) {
        json::object principal;
        for (const auto& [kind, who] : value.get_object()) {
            principal[kind] = canonical_principal(who);
        }
        return principal;
    }
    const json::string* text = value.if_string();
    const bool is_account =
        text && text->size() == 12 &&
        std::string_view(*text).find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_account) return value;
    return json::value("arn:aws:iam::" + std::string(std::string_view(*text)) + ":root");
}

std::string canonical_effect(const json::value& effect) {
    std::string text = effect.is_string() ? std::string(effect.get_string()) : "";
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    if (text == "allow") return "Allow";
    if (text == "deny") return "Deny";
    throw invalid_document("Invalid effect: " + json::serialize(effect));  // assumed text
}

json::object canonical_statement(const json::value& value) {
    const json::object* statement = value.if_object();
    if (!statement) throw invalid_document("This policy contains invalid Json");
    for (const char* const required : {"Effect", "Principal", "Action", "Resource"}) {
        const bool is_there =
            statement->contains(required) || statement->contains("Not" + std::string(required));
        if (!is_there) throw invalid_document("Missing required field " + std::string(required));
    }
    json::object canonical;
    for (const char* const member : {"Sid", "Effect", "Principal", "NotPrincipal", "Action",
                                     "NotAction", "Resource", "NotResource", "Condition"}) {
        const json::value* given = statement->if_contains(member);
        if (!given) continue;
        const std::string_view name = member;
        canonical[name] = name == "Effect"              ? json::value(canonical_effect(*given))
                          : name.ends_with("Principal") ? canonical_principal(*given)
                                                        : single_or_list(*given);
    }
    return canonical;
}

// The ARN of a table or of one of its streams. Throws unless it exists and is the caller's.
std::string existing_resource(Context& ctx, const json::object& request) {
    static constexpr std::string_view kPrefix = "table/";
    std::string text = text_member(request, "ResourceArn");
    if (!text.starts_with("arn:")) throw invalid_values("ARNs must start with 'arn:': " + text);
    const auto arn = parse_arn(text);
    if (!arn || arn->service != "dynamodb" || !arn->resource.starts_with(kPrefix) ||
        arn->resource.find("/backup/") != std::string::npos) {
        throw invalid_values("Provided Arn is not a DynamoDB resource arn: " + text);
    }
    if (arn->partition != "aws" || arn->region != ctx.caller.region) {
        throw invalid_values("Invalid resource Arn: " + text);
    }
    if (arn->account != ctx.caller.account) {
        throw validation_error(
            "This action is only supported by accounts that match the resource owner’s account.");
    }
    const std::string name = arn->resource.substr(kPrefix.size());
    check_no_index(name, text);
    const auto slash = name.find('/');
    const auto table = find_table(ctx, name.substr(0, slash));
    if (!table || !TableSettings::of(*table).restored_from.empty()) {
        throw table_not_found(name.substr(0, slash));
    }
    if (slash != std::string::npos && !find_stream(ctx, text)) {
        throw ApiError("ResourceNotFoundException",
                       "Requested resource not found: Stream: " + name.substr(name.rfind('/') + 1) +
                           " not found for Table: " + table->name);
    }
    return text;
}

std::string table_name_in(const std::string& arn) {
    const std::string resource = arn.substr(arn.find('/') + 1);
    return resource.substr(0, resource.find('/'));
}

void check_revision(const json::object& request, const std::string& arn,
                    const std::optional<Policy>& current) {
    const auto expected = find_text(request, "ExpectedRevisionId");
    if (!expected) return;
    const std::string table = table_name_in(arn);
    if (*expected == "NO_POLICY") {
        if (!current) return;
        throw policy_not_found("Requested policy update expecting none to be present for table " +
                               table + ", but a policy exists with revision id " +
                               std::to_string(current->revision) + ".");
    }
    if (!current) {  // assumed text
        throw policy_not_found("Requested update for policy with revision id " + *expected +
                               ", but no policy is associated to target table " + table + ".");
    }
    if (*expected == std::to_string(current->revision)) return;
    throw policy_not_found("Requested update for policy with revision id " + *expected +
                           ", but the policy associated to target table " + table +
                           " has revision id " + std::to_string(current->revision) + ".");
}

}  // namespace

std::string canonical_policy(const std::string& document) {
    if (document.size() > kMaxPolicyBytes) {
        throw invalid_values("Maximum policy size of 20480 bytes exceeded");
    }
    boost::system::error_code error;
    const json::value parsed = json::parse(document, error);
    const json::object* policy = error ? nullptr : parsed.if_object();
    if (!policy) throw invalid_document("This policy contains invalid Json");
    const json::value* statements = policy->if_contains("Statement");
    json::array canonical;
    if (statements && statements->is_array()) {
        for (const json::value& each : statements->get_array()) {
            canonical.push_back(canonical_statement(each));
        }
    } else if (statements) {
        canonical.push_back(canonical_statement(*statements));
    }
    if (canonical.empty()) {
        throw invalid_document("Could not parse the policy: Statement is empty!");
    }
    json::object result{{"Version", text_member(*policy, "Version", "2008-10-17")}};
    if (const auto id = find_text(*policy, "Id")) result["Id"] = *id;
    result["Statement"] = std::move(canonical);
    return json::serialize(result);
}

json::object put_resource_policy(Context& ctx, const json::object& request) {
    const std::string policy = canonical_policy(text_member(request, "Policy"));
    const std::string arn = existing_resource(ctx, request);
    check_revision(request, arn, find_policy(ctx, arn));
    return {{"RevisionId", std::to_string(put_policy(ctx, arn, policy))}};
}

json::object get_resource_policy(Context& ctx, const json::object& request) {
    const std::string arn = existing_resource(ctx, request);
    const auto policy = find_policy(ctx, arn);
    if (!policy) throw policy_not_found(arn);
    return {{"Policy", policy->text}, {"RevisionId", std::to_string(policy->revision)}};
}

// Deleting none succeeds and answers nothing.
json::object delete_resource_policy(Context& ctx, const json::object& request) {
    const std::string arn = existing_resource(ctx, request);
    const auto policy = find_policy(ctx, arn);
    check_revision(request, arn, policy);
    if (!policy) return {};
    erase_policy(ctx, arn);
    return {{"RevisionId", std::to_string(policy->revision)}};
}

}  // namespace sbemu::dynamodb
