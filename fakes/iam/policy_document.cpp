#include "fakes/iam/policy_document.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "emulator/core/error.h"
#include "emulator/core/members.h"

namespace sbemu::iam {
namespace json = boost::json;
namespace {

ApiError malformed(const std::string& message) { return {"MalformedPolicyDocument", message, 400}; }

// The texts of a member that is one text or a list of them. Throws for anything else.
std::vector<std::string> texts_of(const json::value& value) {
    if (value.is_string()) return {std::string(value.get_string())};
    if (!value.is_array()) throw malformed("Syntax errors in policy.");
    std::vector<std::string> texts;
    for (const json::value& entry : value.get_array()) {
        if (!entry.is_string()) throw malformed("Syntax errors in policy.");
        texts.emplace_back(entry.get_string());
    }
    return texts;
}

void check_members(const json::object& object, const std::set<std::string_view>& known) {
    for (const auto& [name, value] : object) {
        if (!known.contains(std::string_view(name))) throw malformed("Syntax errors in policy.");
    }
}

void check_version(const json::object& policy) {
    const json::value* version = policy.if_contains("Version");
    if (!version) return;
    if (!version->is_string()) throw malformed("Syntax errors in policy.");
    if (*version != "2012-10-17" && *version != "2008-10-17") {
        throw malformed("Policy document must be version 2012-10-17 or greater.");
    }
}

void check_effect(const json::object& statement) {
    const json::value* effect = statement.if_contains("Effect");
    if (!effect) throw malformed("Missing required field Effect");
    if (*effect != "Allow" && *effect != "Deny") {
        throw malformed("Invalid effect: " + (effect->is_string()
                                                  ? std::string(effect->get_string())
                                                  : json::serialize(*effect)));
    }
}

// The statements of a document that is well formed so far.
std::vector<json::object> parse_statements(std::string_view document) {
    boost::system::error_code error;
    const json::value parsed = json::parse(document, error);
    if (error || !parsed.is_object()) throw malformed("This policy contains invalid Json");
    const json::object& policy = parsed.get_object();
    check_members(policy, {"Version", "Id", "Statement"});
    check_version(policy);
    const json::value* member = policy.if_contains("Statement");
    if (!member) throw malformed("Missing required field Statement");

    std::vector<json::object> statements;
    if (member->is_object()) {
        statements.push_back(member->get_object());
    } else if (member->is_array()) {
        for (const json::value& entry : member->get_array()) {
            if (!entry.is_object()) throw malformed("Syntax errors in policy.");
            statements.push_back(entry.get_object());
        }
    }
    if (statements.empty()) throw malformed("Syntax errors in policy.");

    std::set<std::string> ids;
    for (const json::object& statement : statements) {
        check_members(statement, {"Sid", "Effect", "Principal", "NotPrincipal", "Action",
                                  "NotAction", "Resource", "NotResource", "Condition"});
        const auto id = find_text(statement, "Sid");
        if (id && !id->empty() && !ids.insert(*id).second) {
            throw malformed("Statement IDs (SID) in a single policy must be unique.");
        }
        if (const json::value* condition = statement.if_contains("Condition")) {
            if (!condition->is_object()) throw malformed("Syntax errors in policy.");
        }
    }
    return statements;
}

void check_trust_statement(const json::object& statement) {
    for (const char* field : {"Resource", "NotResource"}) {
        if (statement.contains(field)) {
            throw malformed("Has prohibited field " + std::string(field));
        }
    }
    check_effect(statement);
    const json::value* principal = statement.if_contains("Principal");
    if (!principal && !statement.contains("NotPrincipal")) {
        throw malformed("Missing required field Principal");
    }
    if (principal && !principal->is_object() && *principal != "*") {
        throw malformed("Syntax errors in policy.");
    }
    const json::value* action = statement.if_contains("Action");
    if (!action && !statement.contains("NotAction")) {
        throw malformed("Missing required field Action");
    }
    if (!action) return;
    for (const std::string& name : texts_of(*action)) {
        if (!name.starts_with("sts:") && name != "*") {
            throw malformed("AssumeRole policy may only specify STS AssumeRole actions.");
        }
    }
}

void check_permissions_statement(const json::object& statement) {
    if (statement.contains("Principal") || statement.contains("NotPrincipal")) {
        throw malformed("Policy document should not specify a principal.");
    }
    check_effect(statement);
    const json::value* action = statement.if_contains("Action");
    if (!action) action = statement.if_contains("NotAction");
    if (!action || texts_of(*action).empty()) {
        throw malformed("Policy statement must contain actions.");
    }
    for (const std::string& name : texts_of(*action)) {
        if (name != "*" && name.find(':') == std::string::npos) {
            throw malformed(
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        }
    }
    const json::value* resource = statement.if_contains("Resource");
    if (!resource) resource = statement.if_contains("NotResource");
    if (!resource || texts_of(*resource).empty()) {
        throw malformed("Policy statement must contain resources.");
    }
    for (const std::string& name : texts_of(*resource)) {
        if (name != "*" && !name.starts_with("arn:")) {
            throw malformed("Resource " + name + " must be in ARN format or \"*\".");
        }
    }
}

}  // namespace

void check_trust_policy(std::string_view document) {
    for (const json::object& statement : parse_statements(document)) {
        check_trust_statement(statement);
    }
}

void check_permissions_policy(std::string_view document) {
    for (const json::object& statement : parse_statements(document)) {
        check_permissions_statement(statement);
    }
}

std::int64_t policy_size(std::string_view document) {
    return std::count_if(document.begin(), document.end(),
                         [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
}

}  // namespace sbemu::iam
