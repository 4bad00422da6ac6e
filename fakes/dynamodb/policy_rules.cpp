// What the statements of a resource-based policy may be about. Texts: ack-api-quirks (2026-10),
// DDB-TABLE-210 to 213, 351, 352, 356.
#include "fakes/dynamodb/policy_rules.h"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>
#include <set>

#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// What the developer guide lists for tables ("API operations supported by resource-based
// policies", rbac-iam-actions, as of 2026-10), and three that its examples use (assumed).
constexpr std::string_view kTableActions[] = {"batchgetitem",
                                              "batchwriteitem",
                                              "conditioncheckitem",
                                              "createbackup",
                                              "deleteitem",
                                              "deleteresourcepolicy",
                                              "deletetable",
                                              "describecontinuousbackups",
                                              "describecontributorinsights",
                                              "describekinesisstreamingdestination",
                                              "describetable",
                                              "describetablereplicaautoscaling",
                                              "describetimetolive",
                                              "disablekinesisstreamingdestination",
                                              "enablekinesisstreamingdestination",
                                              "exporttabletopointintime",
                                              "getitem",
                                              "getresourcepolicy",
                                              "listtagsofresource",
                                              "partiqldelete",
                                              "partiqlinsert",
                                              "partiqlselect",
                                              "partiqlupdate",
                                              "putitem",
                                              "putresourcepolicy",
                                              "query",
                                              "readdataforreplication",
                                              "restoretabletopointintime",
                                              "scan",
                                              "tagresource",
                                              "transactgetitems",
                                              "transactwriteitems",
                                              "untagresource",
                                              "updatecontinuousbackups",
                                              "updatecontributorinsights",
                                              "updateitem",
                                              "updatekinesisstreamingdestination",
                                              "updatetable",
                                              "updatetablereplicaautoscaling",
                                              "updatetimetolive",
                                              "writedataforreplication"};
constexpr std::string_view kStreamActions[] = {"deleteresourcepolicy", "describestream",
                                               "getrecords",           "getresourcepolicy",
                                               "getsharditerator",     "putresourcepolicy"};

// An action or an ARN with "*" and "?". Goes back to the last "*" only, so that many of them cost
// no more.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t at = 0;
    std::size_t in_text = 0;
    std::size_t after_star = std::string_view::npos;
    std::size_t star_ends = 0;
    while (in_text < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            after_star = ++at;
            star_ends = in_text;
        } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[in_text])) {
            ++at;
            ++in_text;
        } else if (after_star != std::string_view::npos) {
            at = after_star;
            in_text = ++star_ends;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

// Names with wildcards are taken as they are (assumed).
bool is_known_action(const std::string& action, PolicyTarget target) {
    if (action == "*") return true;
    const std::string name = boost::to_lower_copy(action);
    static constexpr std::string_view kPrefix = "dynamodb:";
    if (!name.starts_with(kPrefix)) return false;
    if (name.find_first_of("*?") != std::string::npos) return true;
    const auto is_it = [&](std::string_view known) {
        return known == std::string_view(name).substr(kPrefix.size());
    };
    return target == PolicyTarget::table
               ? std::any_of(std::begin(kTableActions), std::end(kTableActions), is_it)
               : std::any_of(std::begin(kStreamActions), std::end(kStreamActions), is_it);
}

std::vector<std::string> unknown_actions(const json::object& statement, PolicyTarget target) {
    std::vector<std::string> unknown;
    for (const char* const member : {"Action", "NotAction"}) {
        for (const std::string& action : texts_of(statement, member)) {
            if (!is_known_action(action, target)) unknown.push_back(action);
        }
    }
    return unknown;
}

void check_unique_ids(const json::array& statements) {
    std::set<std::string> ids;
    for (const json::value& statement : statements) {
        const auto id = find_text(statement.as_object(), "Sid");
        if (!id || ids.insert(*id).second) continue;
        throw invalid_document("The Statement Ids in the policy are not unique");
    }
}

void check_actions(const json::array& statements, PolicyTarget target) {
    std::string unknown;
    for (const json::value& statement : statements) {
        for (const std::string& action : unknown_actions(statement.as_object(), target)) {
            unknown += (unknown.empty() ? "\"" : ", \"") + action + "\"";
        }
    }
    if (unknown.empty()) return;
    throw invalid_document("The following action names are invalid: " + unknown);
}

// Tables and their indexes for a table, a stream for a stream and its actions; "*" for both. What
// follows the ARN's beginning is assumed.
void check_resource(const json::object& statement, const std::string& resource,
                    PolicyTarget target) {
    if (resource == "*") return;
    const auto arn = parse_arn(resource);
    if (!arn && resource.starts_with("arn:") && resource.ends_with('*')) return;
    if (!arn) {  // IAM's text, assumed here
        throw invalid_document("Resource " + resource + " must be in ARN format or \"*\".");
    }
    if (arn->resource.starts_with("*")) return;
    const bool is_stream = arn->resource.find("/stream/") != std::string::npos;
    const bool is_of_target =
        is_stream ? target == PolicyTarget::stream && unknown_actions(statement, target).empty()
                  : target == PolicyTarget::table;
    if (arn->resource.starts_with("table/") &&
        (arn->resource.find('*') != std::string::npos || is_of_target)) {
        return;
    }
    throw invalid_document("The relative-id \"" + arn->resource + "\" is invalid for ARN \"" +
                           resource + "\"");
}

void check_resources(const json::array& statements, PolicyTarget target) {
    for (const json::value& value : statements) {
        const json::object& statement = value.as_object();
        for (const char* const member : {"Resource", "NotResource"}) {
            for (const std::string& resource : texts_of(statement, member)) {
                check_resource(statement, resource, target);
            }
        }
    }
}

bool names_everybody(const json::object& statement, std::string_view member) {
    const json::value* principal = statement.if_contains(member);
    if (!principal) return false;
    if (const json::object* kinds = principal->if_object()) {
        const auto named = texts_of(*kinds, "AWS");
        return std::find(named.begin(), named.end(), "*") != named.end();
    }
    return *principal == "*";
}

bool has_condition(const json::object& statement) {
    const json::object* condition = find_object(statement, "Condition");
    return condition && !condition->empty();
}

// An account, or whom IAM or STS know, by ARN; other kinds are not looked at.
void check_principals(const json::array& statements) {
    for (const json::value& value : statements) {
        for (const char* const member : {"Principal", "NotPrincipal"}) {
            const json::object* kinds = find_object(value.as_object(), member);
            if (!kinds) continue;
            for (const std::string& who : texts_of(*kinds, "AWS")) {
                const auto arn = parse_arn(who);
                if (who == "*" || (arn && (arn->service == "iam" || arn->service == "sts"))) {
                    continue;
                }
                throw invalid_values("Invalid principal in policy document.");  // DDB-TABLE-356
            }
        }
    }
}

// That a condition binds it, and NotPrincipal does not, is assumed.
void check_bounds(const json::array& statements) {
    for (const json::value& value : statements) {
        const json::object& statement = value.as_object();
        const bool is_for_many =
            names_everybody(statement, "Principal") || statement.contains("NotPrincipal");
        if (statement.at("Effect") != "Allow" || !is_for_many || has_condition(statement)) continue;
        throw validation_error(
            "Resource-based policy grants unbounded access in one or more elements. Please revise "
            "the policy to ensure least-privilege form of access");
    }
}

bool is_about_putting(const json::object& statement) {
    const auto names_it = [&](const char* member) {
        const auto actions = texts_of(statement, member);
        return std::any_of(actions.begin(), actions.end(), [](const std::string& action) {
            return matches(boost::to_lower_copy(action), "dynamodb:putresourcepolicy");
        });
    };
    return statement.contains("Action") ? names_it("Action") : !names_it("NotAction");
}

bool is_about_resource(const json::object& statement, const std::string& arn) {
    const auto names_it = [&](const char* member) {
        const auto resources = texts_of(statement, member);
        return std::any_of(resources.begin(), resources.end(),
                           [&](const std::string& resource) { return matches(resource, arn); });
    };
    return statement.contains("Resource") ? names_it("Resource") : !names_it("NotResource");
}

bool names_account(const json::object& statement, std::string_view member,
                   const std::string& account) {
    if (names_everybody(statement, member)) return true;
    const json::object* kinds = find_object(statement, member);
    if (!kinds) return false;
    const auto named = texts_of(*kinds, "AWS");
    return std::find(named.begin(), named.end(), "arn:aws:iam::" + account + ":root") !=
           named.end();
}

bool is_about_account(const json::object& statement, const std::string& account) {
    return statement.contains("Principal") ? names_account(statement, "Principal", account)
                                           : !names_account(statement, "NotPrincipal", account);
}

}  // namespace

ApiError invalid_document(const std::string& why) {
    return invalid_values("Invalid policy document: " + why);
}

std::vector<std::string> texts_of(const json::object& statement, std::string_view member) {
    std::vector<std::string> texts;
    const json::value* value = statement.if_contains(member);
    if (!value) return texts;
    const json::array alone{*value};
    for (const json::value& each : value->is_array() ? value->get_array() : alone) {
        if (each.is_string()) texts.emplace_back(each.get_string());
    }
    return texts;
}

void check_statements(const json::array& statements, PolicyTarget target) {
    check_unique_ids(statements);
    // For a stream the resource comes first (DDB-TABLE-213).
    if (target == PolicyTarget::stream) check_resources(statements, target);
    check_actions(statements, target);
    check_resources(statements, target);
    check_principals(statements);
    check_bounds(statements);
}

bool locks_out(const std::string& canonical, const std::string& account, const std::string& arn) {
    const json::value policy = json::parse(canonical);
    const json::array& statements = policy.at("Statement").as_array();
    return std::any_of(statements.begin(), statements.end(), [&](const json::value& value) {
        const json::object& statement = value.as_object();
        return statement.at("Effect") == "Deny" && !has_condition(statement) &&
               is_about_putting(statement) && is_about_resource(statement, arn) &&
               is_about_account(statement, account);
    });
}

}  // namespace sbemu::dynamodb
