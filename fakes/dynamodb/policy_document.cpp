// What a resource-based policy may say, and how DynamoDB answers it. Texts: ack-api-quirks
// (2026-10), DDB-TABLE-208 to 212, 351 to 356, 457. The order of the checks is assumed where two
// could fail.
#include "fakes/dynamodb/policy_document.h"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>
#include <cmath>
#include <span>

#include "emulator/core/json_text.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/policy_rules.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxPolicyBytes = 20'480;

// Line and column, from one.
ApiError syntax_error(std::string_view document, std::size_t at) {
    const std::string_view before = document.substr(0, at);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const auto line_start = lines ? before.rfind('\n') + 1 : 0;
    return invalid_document("Syntax error at position (" + std::to_string(lines + 1) + "," +
                            std::to_string(at - line_start + 1) + ")");
}

// At the value of a member: the first of this name in the document, and that it is there, is
// assumed.
ApiError syntax_error_of(std::string_view document, std::string_view member) {
    const std::size_t named = document.find("\"" + std::string(member) + "\"");
    const std::size_t colon = named == std::string_view::npos ? named : document.find(':', named);
    if (colon == std::string_view::npos) return syntax_error(document, document.size());
    return syntax_error(
        document, std::min(document.find_first_not_of(" \t\r\n", colon + 1), document.size()));
}

bool is_text_or_texts(const json::value& value) {
    const json::array* list = value.if_array();
    if (!list) return value.is_string();
    return !list->empty() && std::all_of(list->begin(), list->end(),
                                         [](const json::value& each) { return each.is_string(); });
}

bool is_principal(const json::value& value) {
    const json::object* kinds = value.if_object();
    if (!kinds) return value == "*";
    return !kinds->empty() && std::all_of(kinds->begin(), kinds->end(), [](const auto& kind) {
        return is_text_or_texts(kind.value());
    });
}

bool is_scalar(const json::value& value) {
    const double* number = value.if_double();
    return number ? std::isfinite(*number) : value.is_primitive() && !value.is_null();
}

bool is_condition(const json::value& value) {
    const auto is_value = [](const json::value& each) {
        const json::array* list = each.if_array();
        return list ? std::all_of(list->begin(), list->end(), is_scalar) : is_scalar(each);
    };
    const auto is_test = [&](const auto& test) {
        const json::object* keys = test.value().if_object();
        return keys && std::all_of(keys->begin(), keys->end(),
                                   [&](const auto& key) { return is_value(key.value()); });
    };
    const json::object* tests = value.if_object();
    return tests && std::all_of(tests->begin(), tests->end(), is_test);
}

bool is_version(const json::value& value) { return value == "2008-10-17" || value == "2012-10-17"; }
bool is_text(const json::value& value) { return value.is_string(); }
bool is_anything(const json::value&) { return true; }  // checked elsewhere

struct Shape {
    std::string_view member;
    bool (*fits)(const json::value&);
};
constexpr Shape kStatementShapes[] = {
    {"Effect", is_anything},        {"Sid", is_text},
    {"Principal", is_principal},    {"NotPrincipal", is_principal},
    {"Action", is_text_or_texts},   {"NotAction", is_text_or_texts},
    {"Resource", is_text_or_texts}, {"NotResource", is_text_or_texts},
    {"Condition", is_condition}};
constexpr Shape kPolicyShapes[] = {
    {"Version", is_version}, {"Id", is_text}, {"Statement", is_anything}};

// That members of other names are none is assumed.
void check_shapes(const json::object& object, std::span<const Shape> shapes,
                  std::string_view document) {
    for (const auto& [member, value] : object) {
        const std::string_view name = member;
        const auto shape = std::find_if(shapes.begin(), shapes.end(),
                                        [&](const Shape& each) { return each.member == name; });
        if (shape == shapes.end() || !shape->fits(value)) throw syntax_error_of(document, name);
    }
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
    const std::string text =
        effect.is_string() ? boost::to_lower_copy(std::string(effect.get_string())) : "";
    if (text == "allow") return "Allow";
    if (text == "deny") return "Deny";
    throw invalid_document("Invalid effect: " + json::serialize(effect));  // assumed text
}

json::object canonical_statement(const json::value& value, std::string_view document) {
    const json::object* statement = value.if_object();
    if (!statement) throw invalid_document("This policy contains invalid Json");
    for (const char* const required : {"Effect", "Principal", "Action", "Resource"}) {
        const std::string opposite = "Not" + std::string(required);
        const bool is_there = statement->contains(required);
        if (is_there && statement->contains(opposite)) throw syntax_error_of(document, opposite);
        if (is_there || statement->contains(opposite)) continue;
        throw invalid_document("Missing required field " + std::string(required));
    }
    check_shapes(*statement, kStatementShapes, document);
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

json::array statements_of(const json::object& policy, std::string_view document) {
    const json::value& statements = policy.at("Statement");
    json::array canonical;
    if (statements.is_array()) {
        for (const json::value& each : statements.get_array()) {
            canonical.push_back(canonical_statement(each, document));
        }
    } else {
        canonical.push_back(canonical_statement(statements, document));
    }
    if (canonical.empty()) {
        throw invalid_document("Could not parse the policy: Statement is empty!");
    }
    return canonical;
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

    check_shapes(*policy, kPolicyShapes, document);
    json::array statements = statements_of(*policy, document);
    check_statements(statements, target);
    json::object result;
    if (const auto version = find_text(*policy, "Version")) result["Version"] = *version;
    if (const auto id = find_text(*policy, "Id")) result["Id"] = *id;
    result["Statement"] = std::move(statements);
    std::string text;
    append_json_object(text, result);
    return text;
}

std::string answered_policy(const std::string& canonical) {
    static constexpr std::string_view kVersion = R"({"Version":)";
    if (canonical.starts_with(kVersion)) return canonical;
    return R"({"Version":"2008-10-17",)" + canonical.substr(1);
}

}  // namespace sbemu::dynamodb
