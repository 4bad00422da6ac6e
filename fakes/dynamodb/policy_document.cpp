// What a resource-based policy may say, and how DynamoDB answers it. Texts: ack-api-quirks
// (2026-10), DDB-TABLE-208 to 212, 351 to 356, 457. The order of the checks is assumed where two
// could fail.
#include "fakes/dynamodb/policy_document.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <vector>

#include "emulator/core/arn.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxPolicyBytes = 20'480;

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

ApiError invalid_document(const std::string& why) {
    return invalid_values("Invalid policy document: " + why);
}

// Line and column, from one.
ApiError syntax_error(std::string_view document, std::size_t at) {
    const std::string_view before = document.substr(0, at);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const auto line_start = lines ? before.rfind('\n') + 1 : 0;
    return invalid_document("Syntax error at position (" + std::to_string(lines + 1) + "," +
                            std::to_string(at - line_start + 1) + ")");
}

std::string lower(std::string_view text) {
    std::string changed(text);
    std::transform(changed.begin(), changed.end(), changed.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return changed;
}

// A value, or the values of a list, as texts.
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

json::value single_or_list(const json::value& value) {
    const json::array* list = value.if_array();
    return list && list->size() == 1 ? list->front() : value;
}

bool is_account(std::string_view text) {
    return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
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
    if (!text || !is_account(*text)) return value;
    return json::value("arn:aws:iam::" + std::string(std::string_view(*text)) + ":root");
}

// {"StringEquals": {"aws:PrincipalAccount": ["1"]}}: a list of one is its entry.
json::value canonical_condition(const json::value& value) {
    const json::object* condition = value.if_object();
    if (!condition) return value;
    json::object canonical;
    for (const auto& [name, part] : *condition) {
        canonical[name] = part.is_object() ? canonical_condition(part) : single_or_list(part);
    }
    return canonical;
}

std::string canonical_effect(const json::value& effect) {
    const std::string text = effect.is_string() ? lower(effect.get_string()) : "";
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
                          : name == "Condition"         ? canonical_condition(*given)
                                                        : single_or_list(*given);
    }
    return canonical;
}

json::array statements_of(const json::object& policy) {
    const json::value& statements = policy.at("Statement");
    json::array canonical;
    if (statements.is_array()) {
        for (const json::value& each : statements.get_array()) {
            canonical.push_back(canonical_statement(each));
        }
    } else {
        canonical.push_back(canonical_statement(statements));
    }
    if (canonical.empty()) {
        throw invalid_document("Could not parse the policy: Statement is empty!");
    }
    return canonical;
}

// Whom it is about is "*" or an object; where AWS sees the fault is assumed.
void check_principals(const json::object& statement, std::string_view document) {
    for (const char* const member : {"Principal", "NotPrincipal"}) {
        const json::value* principal = statement.if_contains(member);
        const json::string* text = principal ? principal->if_string() : nullptr;
        if (!text || std::string_view(*text) == "*") continue;
        const std::size_t at = document.find(member);
        throw syntax_error(document, document.find('"', document.find(':', at)));
    }
}

void check_unique_ids(const json::array& statements) {
    std::set<std::string> ids;
    for (const json::value& statement : statements) {
        const auto id = find_text(statement.as_object(), "Sid");
        if (!id || ids.insert(*id).second) continue;
        throw invalid_document("The Statement Ids in the policy are not unique");
    }
}

// Names with wildcards are taken as they are (assumed).
bool is_known_action(const std::string& action, PolicyTarget target) {
    if (action.find_first_of("*?") != std::string::npos) return true;
    const std::string name = lower(action);
    static constexpr std::string_view kPrefix = "dynamodb:";
    if (!name.starts_with(kPrefix)) return false;
    const auto is_it = [&](std::string_view known) {
        return known == std::string_view(name).substr(kPrefix.size());
    };
    return target == PolicyTarget::table
               ? std::any_of(std::begin(kTableActions), std::end(kTableActions), is_it)
               : std::any_of(std::begin(kStreamActions), std::end(kStreamActions), is_it);
}

void check_actions(const json::array& statements, PolicyTarget target) {
    std::string unknown;
    for (const json::value& statement : statements) {
        for (const char* const member : {"Action", "NotAction"}) {
            for (const std::string& action : texts_of(statement.as_object(), member)) {
                if (is_known_action(action, target)) continue;
                unknown += (unknown.empty() ? "\"" : ", \"") + action + "\"";
            }
        }
    }
    if (unknown.empty()) return;
    throw invalid_document("The following action names are invalid: " + unknown);
}

// Tables and their indexes for a table, streams for a stream; "*" for both. What follows the
// ARN's beginning is assumed.
void check_resources(const json::array& statements, PolicyTarget target) {
    for (const json::value& statement : statements) {
        for (const char* const member : {"Resource", "NotResource"}) {
            for (const std::string& resource : texts_of(statement.as_object(), member)) {
                const auto arn = parse_arn(resource);
                if (!arn || arn->resource.starts_with("*")) continue;
                const bool is_stream = arn->resource.find("/stream/") != std::string::npos;
                const bool fits = arn->resource.starts_with("table/") &&
                                  (arn->resource.find('*') != std::string::npos ||
                                   is_stream == (target == PolicyTarget::stream));
                if (fits) continue;
                throw invalid_document("The relative-id \"" + arn->resource +
                                       "\" is invalid for ARN \"" + resource + "\"");
            }
        }
    }
}

bool is_everybody(const json::object& statement) {
    const json::value* principal = statement.if_contains("Principal");
    if (!principal) return false;
    if (const json::object* kinds = principal->if_object()) {
        const auto named = texts_of(*kinds, "AWS");
        return std::find(named.begin(), named.end(), "*") != named.end();
    }
    return *principal == "*";
}

// That a condition binds it is assumed.
void check_bounds(const json::array& statements) {
    for (const json::value& value : statements) {
        const json::object& statement = value.as_object();
        if (statement.at("Effect") != "Allow" || !is_everybody(statement) ||
            statement.contains("Condition")) {
            continue;
        }
        throw validation_error(
            "Resource-based policy grants unbounded access in one or more elements. Please revise "
            "the policy to ensure least-privilege form of access");
    }
}

// "dynamodb:*", "dynamodb:putresource*" and the like. Goes back to the last "*" only, so that many
// of them cost no more.
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

bool is_about_putting(const json::object& statement) {
    const auto names_it = [&](const char* member) {
        const auto actions = texts_of(statement, member);
        return std::any_of(actions.begin(), actions.end(), [](const std::string& action) {
            return matches(lower(action), "dynamodb:putresourcepolicy");
        });
    };
    return statement.contains("Action") ? names_it("Action") : !names_it("NotAction");
}

bool is_about(const json::object& statement, const std::string& account) {
    if (is_everybody(statement)) return true;
    const json::value* principal = statement.if_contains("Principal");
    const json::object* kinds = principal ? principal->if_object() : nullptr;
    if (!kinds) return false;
    const auto named = texts_of(*kinds, "AWS");
    return std::find(named.begin(), named.end(), "arn:aws:iam::" + account + ":root") !=
           named.end();
}

}  // namespace

std::string canonical_policy(const std::string& document, PolicyTarget target) {
    if (document.size() > kMaxPolicyBytes) {
        throw invalid_values("Maximum policy size of 20480 bytes exceeded");
    }
    boost::system::error_code error;
    const json::value parsed = json::parse(document, error);
    if (error || parsed.is_array()) throw invalid_document("This policy contains invalid Json");
    const json::object* policy = parsed.if_object();
    if (!policy) throw invalid_document("This text appears not to be a policy");
    if (!policy->contains("Statement")) throw syntax_error(document, document.size());

    json::array statements = statements_of(*policy);
    for (const json::value& statement : statements) {
        check_principals(statement.as_object(), document);
    }
    check_unique_ids(statements);
    check_actions(statements, target);
    check_resources(statements, target);
    check_bounds(statements);
    json::object result;
    if (const auto version = find_text(*policy, "Version")) result["Version"] = *version;
    if (const auto id = find_text(*policy, "Id")) result["Id"] = *id;
    result["Statement"] = std::move(statements);
    return json::serialize(result);
}

std::string answered_policy(const std::string& canonical) {
    static constexpr std::string_view kVersion = R"({"Version":)";
    if (canonical.starts_with(kVersion)) return canonical;
    return R"({"Version":"2008-10-17",)" + canonical.substr(1);
}

bool locks_out(const std::string& canonical, const std::string& account) {
    const json::value policy = json::parse(canonical);
    const json::array& statements = policy.at("Statement").as_array();
    return std::any_of(statements.begin(), statements.end(), [&](const json::value& value) {
        const json::object& statement = value.as_object();
        return statement.at("Effect") == "Deny" && !statement.contains("Condition") &&
               is_about_putting(statement) && is_about(statement, account);
    });
}

}  // namespace sbemu::dynamodb
