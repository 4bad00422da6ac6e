#include "fakes/dynamodb/partiql/updates.h"

#include <boost/json.hpp>
#include <utility>

#include "fakes/dynamodb/partiql/paths.h"
#include "fakes/dynamodb/partiql/problems.h"

namespace sbemu::dynamodb::partiql {
namespace {

using Kind = Expression::Kind;
using Operand = UpdateOperand::Kind;

void require_type(const UpdateOperand& operand, std::string_view type, const std::string& name) {
    if (operand.kind != Operand::value || type_of(operand.value) == type) return;
    throw validation_error(
        "Incorrect operand type for operator or function; operator or function: " + name +
        ", operand type: " + std::string(type_of(operand.value)));
}

UpdateOperand operand_of(const Expression& expression, const Parameters& parameters);

UpdateOperand with_operands(Operand kind, const Expression& expression, std::string_view type,
                            const std::string& name, const Parameters& parameters) {
    UpdateOperand operand;
    operand.kind = kind;
    for (const Expression& child : expression.children) {
        operand.operands.push_back(operand_of(child, parameters));
        require_type(operand.operands.back(), type, name);
    }
    return operand;
}

UpdateOperand call_of(const Expression& call, const Parameters& parameters) {
    if (!is_word(call.text, "list_append")) {
        throw problem_at("Unrecognized function: " + call.text, call.position);
    }
    if (call.children.size() != 2) {
        throw validation_error(
            "Incorrect number of operands for operator or function; operator or function: "
            "list_append, number of operands: " +
            std::to_string(call.children.size()));
    }
    return with_operands(Operand::list_append, call, "L", "list_append", parameters);
}

UpdateOperand operand_of(const Expression& expression, const Parameters& parameters) {
    UpdateOperand operand;
    if (is_path(expression)) {
        operand.kind = Operand::path;
        operand.path = path_of(expression);
        return operand;
    }
    if (is_value(expression)) {
        operand.value = value_of(expression, parameters);
        return operand;
    }
    if (expression.kind == Kind::call) return call_of(expression, parameters);
    const bool is_sum = expression.kind == Kind::operation && expression.children.size() == 2;
    if (is_sum && expression.text == "+") {
        return with_operands(Operand::plus, expression, "N", "+", parameters);
    }
    if (is_sum && expression.text == "-") {
        return with_operands(Operand::minus, expression, "N", "-", parameters);
    }
    // No recording has one of these texts.
    if (expression.kind == Kind::is_type) {
        throw validation_error("IS operator is not supported in update expressions");
    }
    throw validation_error("Unsupported operator in Update Expression. Operator: " +
                           describe(expression));
}

bool is_set(const boost::json::object& value) {
    const std::string_view type = type_of(value);
    return type == "SS" || type == "NS" || type == "BS";
}

// SET a = set_add(a, <<...>>)
UpdateAction set_change_of(const Expression& call, UpdateAction action,
                           const Parameters& parameters) {
    const bool adds = is_word(call.text, "set_add");
    const std::string name = adds ? "SET_ADD" : "SET_DELETE";
    if (call.children.size() != 2) {
        throw problem_at(name + " must have exactly two arguments", call.position);
    }
    const Expression& first = call.children[0];
    if (!is_path(first) || !(path_of(first) == action.path)) {
        throw problem_at("The first argument to " + name + " must equal the assignment value",
                         call.position);
    }
    const Expression& second = call.children[1];
    if (is_value(second)) action.operand.value = value_of(second, parameters);
    if (!is_value(second) || !is_set(action.operand.value)) {
        throw problem_at("The second argument to " + name + " must be a value with type SET",
                         first.position);
    }
    action.kind = adds ? UpdateAction::Kind::add : UpdateAction::Kind::remove_members;
    return action;
}

UpdateAction action_of(const Assignment& assignment, const Parameters& parameters) {
    UpdateAction action;
    action.path = path_of(assignment.target);
    // assumed: as in items
    if (action.path.attribute().empty()) throw validation_error("Empty attribute name");
    if (!assignment.value) {
        action.kind = UpdateAction::Kind::remove;
        return action;
    }
    const Expression& value = *assignment.value;
    const bool changes_set = value.kind == Kind::call &&
                             (is_word(value.text, "set_add") || is_word(value.text, "set_delete"));
    if (changes_set) return set_change_of(value, std::move(action), parameters);
    action.operand = operand_of(value, parameters);
    return action;
}

}  // namespace

Update update_of(const std::vector<Assignment>& assignments, const Parameters& parameters) {
    Update update;
    for (const Assignment& assignment : assignments) {
        update.push_back(action_of(assignment, parameters));
    }
    Problems problems;
    check_disjoint(changed_paths(update), problems);
    // assumed: as in update expressions
    if (const std::string* problem =
            problems.first({Problems::Kind::overlap, Problems::Kind::conflict})) {
        throw validation_error(*problem);
    }
    return update;
}

}  // namespace sbemu::dynamodb::partiql
