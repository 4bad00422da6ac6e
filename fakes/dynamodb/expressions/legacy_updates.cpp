#include "fakes/dynamodb/expressions/legacy_updates.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/values/entries.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

bool is_set(std::string_view type) { return type == "SS" || type == "NS" || type == "BS"; }

void check_action(const std::string& action, std::string_view type) {
    const bool is_allowed =
        action == "PUT" || is_set(type) || (action == "ADD" && (type == "N" || type == "L"));
    if (is_allowed) return;
    throw invalid_values(action + " action " + (action == "DELETE" ? "with value " : "") +
                         "is not supported for the type " + std::string(type));
}

UpdateAction parse_action(std::string_view attribute, const json::object& given) {
    // assumed: as in items
    if (attribute.empty()) throw validation_error("Empty attribute name");
    UpdateAction action;
    action.path.steps.emplace_back(std::string(attribute));  // dots are literal here
    action.is_legacy = true;
    const std::string name = text_member(given, "Action", "PUT");
    const json::object* value = find_object(given, "Value");
    if (!value) {
        if (name != "DELETE") {
            throw invalid_values(
                "Only DELETE action is allowed when no attribute value is specified");
        }
        action.kind = UpdateAction::Kind::remove;
        return action;
    }
    action.operand.value = normalize_value(*value);
    check_action(name, type_of(action.operand.value));
    action.kind = name == "ADD"      ? UpdateAction::Kind::add
                  : name == "DELETE" ? UpdateAction::Kind::remove_members
                                     : UpdateAction::Kind::set;
    return action;
}

}  // namespace

Update parse_attribute_updates(const json::object& request) {
    Update update;
    const json::object* given = find_object(request, "AttributeUpdates");
    if (!given) return update;
    for (const auto& [attribute, action] : *given) {
        update.push_back(parse_action(attribute, object_entry(action)));
    }
    return update;
}

}  // namespace sbemu::dynamodb
