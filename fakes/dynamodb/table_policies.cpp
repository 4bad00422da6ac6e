// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy. Texts: ack-api-quirks (2026-10),
// DDB-TABLE-205 to 214, 346 to 348, 354, 442; revisions: moto's tests against AWS.
#include "fakes/dynamodb/table_policies.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/latency.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/policy_document.h"
#include "fakes/dynamodb/policy_rules.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// After a change others have to wait (DDB-TABLE-206, 347).
constexpr Duration kPending{2'000};
constexpr Duration kBetweenChanges{15'000};

ApiError policy_not_found(const std::string& what) {
    return {"PolicyNotFoundException",
            "Resource-based policy not found for the provided ResourceArn: " + what};
}

json::object revision(std::int64_t number) { return {{"RevisionId", std::to_string(number)}}; }

PolicyTarget target_of(const std::string& arn) {
    return arn.find("/stream/") == std::string::npos ? PolicyTarget::table : PolicyTarget::stream;
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

// A policy that went is known by the moment it went (DDB-TABLE-205).
void check_revision(Context& ctx, const json::object& request, const std::string& arn,
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
    const auto known = current ? current->revision : last_policy_change(ctx, arn);
    if (!known) {  // the end is assumed
        throw policy_not_found("Requested update for policy with revision id " + *expected +
                               ", but table " + table + " has no associated policy.");
    }
    if (current && *expected == std::to_string(*known)) return;
    throw policy_not_found("Requested update for policy with revision id " + *expected +
                           ", but the policy associated to target table " + table +
                           " has revision id " + std::to_string(*known) + ".");
}

// Whether a change of that moment is still seen as one; none is without waiting.
bool is_within(Context& ctx, std::int64_t changed, Duration usual) {
    const Duration wait = usual_duration(ctx, usual);
    return wait > Duration{0} && ctx.now < from_milliseconds(changed) + wait;
}

// A change has to be seen everywhere before the next; tables that go have theirs to the end.
void check_changeable_policy(Context& ctx, const std::string& arn) {
    const std::string name = table_name_in(arn);
    const auto table = find_table(ctx, name);
    if (table && table->status == "DELETING") check_changeable(*table);
    const auto changed = last_policy_change(ctx, arn);
    if (!changed) return;
    const bool is_stream = target_of(arn) == PolicyTarget::stream;
    const std::string subject = is_stream ? arn.substr(arn.rfind('/') + 1) : name;
    if (is_within(ctx, *changed, kPending)) {
        throw resource_in_use(std::string(is_stream ? "Stream" : "Table") +
                              " is pending previous resource-based policy update: " + subject);
    }
    if (!is_within(ctx, *changed, kBetweenChanges)) return;
    throw ApiError("ThrottlingException",
                   "Resource-based policy for " + std::string(is_stream ? "stream " : "table ") +
                       subject +
                       " modified within the previous 15000 milliseconds. Please try again after " +
                       iso_time(from_milliseconds(*changed) + kBetweenChanges) + ".");
}

}  // namespace

void check_policies_settled(Context& ctx, const Table& table) {
    const auto changed = last_policy_change(ctx, table_arn(ctx.caller, table.name));
    if (!changed || !is_within(ctx, *changed, kPending)) return;
    throw resource_in_use("Table: " + table.name + " has a pending resource-based policy update.");
}

json::object put_resource_policy(Context& ctx, const json::object& request) {
    const std::string policy = canonical_policy(text_member(request, "Policy"),
                                                target_of(text_member(request, "ResourceArn")));
    const std::string arn = existing_resource(ctx, request);
    const auto current = find_policy(ctx, arn);
    check_revision(ctx, request, arn, current);
    if (current && current->text == policy) return revision(current->revision);
    if (locks_out(policy, ctx.caller.account, arn) &&
        !flag_member(request, "ConfirmRemoveSelfResourceAccess")) {
        throw ApiError("AccessDeniedException",
                       "The new resource policy will not allow you to update the resource policy "
                       "in the future.");
    }
    check_changeable_policy(ctx, arn);
    return revision(put_policy(ctx, arn, policy));
}

// A stream that is left of a table had none, whatever it had (DDB-TABLE-214).
json::object get_resource_policy(Context& ctx, const json::object& request) {
    const std::string text = text_member(request, "ResourceArn");
    if (find_stream(ctx, text) && !find_table(ctx, table_name_in(text))) {
        throw policy_not_found(text);
    }
    const std::string arn = existing_resource(ctx, request);
    const auto policy = find_policy(ctx, arn);
    if (!policy) throw policy_not_found(arn);
    return {{"Policy", answered_policy(policy->text)},
            {"RevisionId", std::to_string(policy->revision)}};
}

// Deleting none succeeds, and answers when the last one went.
json::object delete_resource_policy(Context& ctx, const json::object& request) {
    const std::string arn = existing_resource(ctx, request);
    const auto policy = find_policy(ctx, arn);
    check_revision(ctx, request, arn, policy);
    if (!policy) {
        const auto deleted = last_policy_change(ctx, arn);
        return deleted ? revision(*deleted) : json::object();
    }
    check_changeable_policy(ctx, arn);
    erase_policy(ctx, arn);
    return revision(policy->revision);
}

}  // namespace sbemu::dynamodb
