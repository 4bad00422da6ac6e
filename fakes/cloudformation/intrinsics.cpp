#include "fakes/cloudformation/intrinsics.h"

#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "fakes/cloudformation/errors.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr std::string_view kJoinUsage =
    "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
    "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be "
    "joined.";
constexpr std::string_view kSplitUsage =
    "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be "
    "split or a function that returns a string to be split.";
constexpr std::string_view kSelectUsage =
    "Fn::Select requires a list argument with two elements: an integer index and a list";
constexpr std::string_view kGetAttUsage =
    "every Fn::GetAtt object requires two non-empty parameters, the resource name and the "
    "resource attribute";
constexpr std::string_view kSubUsage =
    "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string "
    "as first argument, and an optional second argument to specify a mapping of values to "
    "replace in the string";
constexpr std::string_view kSubNames =
    "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, "
    "periods, and colons";

ApiError usage(std::string_view text) { return template_error(std::string(text)); }

const json::array& list_of(const json::value& value, std::size_t size, std::string_view text) {
    const json::array* list = value.if_array();
    if (!list || list->size() != size) throw usage(text);
    return *list;
}

// One piece of an Fn::Sub text: literal, or the name of a variable.
struct SubPiece {
    std::string text;
    bool is_variable;
};

std::vector<SubPiece> parse_sub(std::string_view text) {
    std::vector<SubPiece> pieces;
    std::string literal;
    while (!text.empty()) {
        const auto start = text.find("${");
        literal += text.substr(0, start);
        if (start == std::string_view::npos) break;
        const auto end = text.find('}', start);
        if (end == std::string_view::npos) {
            literal += text.substr(start);
            break;
        }
        std::string_view name = text.substr(start + 2, end - start - 2);
        text.remove_prefix(end + 1);
        if (name.starts_with('!')) {  // ${!Literal} is ${Literal}
            literal += "${" + std::string(name.substr(1)) + "}";
            continue;
        }
        while (name.starts_with(' ')) name.remove_prefix(1);
        while (name.ends_with(' ')) name.remove_suffix(1);
        for (const char c : name) {
            const bool valid = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '_' || c == '.' || c == ':';
            if (!valid) throw usage(kSubNames);
        }
        pieces.push_back({literal, false});
        pieces.push_back({std::string(name), true});
        literal.clear();
    }
    pieces.push_back({literal, false});
    return pieces;
}

// The text and the variables of Fn::Sub, whose argument is "text" or ["text", {variables}].
std::pair<std::string_view, const json::object*> sub_arguments(const json::value& argument) {
    if (argument.is_string()) return {argument.as_string(), nullptr};
    const json::array* list = argument.if_array();
    if (!list || list->empty() || list->size() > 2 || !(*list)[0].is_string()) {
        throw usage(kSubUsage);
    }
    if (list->size() == 1) return {(*list)[0].as_string(), nullptr};
    if (!(*list)[1].is_object()) throw usage(kSubUsage);
    return {(*list)[0].as_string(), &(*list)[1].as_object()};
}

// [logical id, attribute] of Fn::GetAtt, whose argument is a list or "Id.Attribute".
std::pair<std::string, json::value> get_att_arguments(const json::value& argument) {
    if (argument.is_string()) {
        const std::string_view text = argument.as_string();
        const auto dot = text.find('.');
        if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) {
            throw usage(kGetAttUsage);
        }
        return {std::string(text.substr(0, dot)), json::value(text.substr(dot + 1))};
    }
    const json::array& list = list_of(argument, 2, kGetAttUsage);
    if (!list[0].is_string() || list[0].as_string().empty()) throw usage(kGetAttUsage);
    return {std::string(list[0].as_string()), list[1]};
}

}  // namespace

std::string scalar_text(const json::value& value) {
    if (const json::string* text = value.if_string()) return std::string(*text);
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    if (value.is_double()) {
        // 1.5, not Boost's 1.5E0.
        std::string text(32, '\0');
        const int size = std::snprintf(text.data(), text.size(), "%.15g", value.as_double());
        text.resize(static_cast<std::size_t>(size));
        return text;
    }
    return json::serialize(value);
}

std::optional<FunctionCall> function_call(const json::value& value) {
    const json::object* object = value.if_object();
    if (!object || object->size() != 1) return std::nullopt;
    const auto& [name, argument] = *object->begin();
    if (name == "Ref" || std::string_view(name).starts_with("Fn::")) {
        return FunctionCall{name, &argument};
    }
    if (name == "Condition" && argument.is_string()) return FunctionCall{name, &argument};
    return std::nullopt;
}

json::value Evaluator::evaluate(const json::value& value) {
    return evaluate_or_remove(value).value_or(json::value(nullptr));
}

json::object Evaluator::evaluate_object(const json::object& object) {
    json::object result;
    for (const auto& [key, member] : object) {
        if (auto evaluated = evaluate_or_remove(member)) result[key] = std::move(*evaluated);
    }
    return result;
}

std::optional<json::value> Evaluator::evaluate_or_remove(const json::value& value) {
    if (const auto function = function_call(value)) {
        if (function->name == "Ref" && *function->argument == "AWS::NoValue") return std::nullopt;
        if (function->name == "Fn::If")
            return evaluate_or_remove(chosen_branch(*function->argument));
        // {"Condition": "text"} is a function among conditions only; in a policy it is a member.
        if (function->name != "Condition") return call(function->name, *function->argument);
    }
    if (const json::object* object = value.if_object()) return evaluate_object(*object);
    if (const json::array* array = value.if_array()) {
        json::array result;
        for (const json::value& item : *array) {
            if (auto evaluated = evaluate_or_remove(item)) result.push_back(std::move(*evaluated));
        }
        return result;
    }
    return value;
}

json::value Evaluator::call(std::string_view function, const json::value& argument) {
    if (function == "Ref") {
        if (!argument.is_string())
            throw format_error("Every Ref object must have a single String value.");
        return ref(argument.as_string());
    }
    if (function == "Fn::GetAtt") return get_att(argument);
    if (function == "Fn::Join") return join(argument);
    if (function == "Fn::Sub") return sub(argument);
    if (function == "Fn::Select") return select(argument);
    if (function == "Fn::Split") return split(argument);
    if (function == "Fn::FindInMap") return find_in_map(argument);
    if (function == "Fn::Base64") {
        return json::value(base64_encode(scalar_text(evaluate(argument))));
    }
    if (function == "Fn::GetAZs") {
        std::string region = scalar_text(evaluate(argument));
        if (region.empty()) region = values_.region;
        return json::array{region + "a", region + "b", region + "c"};
    }
    if (function == "Fn::Equals" || function == "Fn::And" || function == "Fn::Or" ||
        function == "Fn::Not") {
        return logic(function, argument);
    }
    throw not_implemented("the intrinsic function " + std::string(function));
}

json::value Evaluator::ref(std::string_view name) {
    if (name == "AWS::AccountId") return json::value(values_.account);
    if (name == "AWS::Region") return json::value(values_.region);
    if (name == "AWS::StackId") return json::value(values_.stack_id);
    if (name == "AWS::StackName") return json::value(values_.stack_name);
    if (name == "AWS::Partition") return json::value("aws");
    if (name == "AWS::URLSuffix") return json::value("amazonaws.com");
    if (name == "AWS::NotificationARNs") return values_.notification_arns;
    if (name == "AWS::NoValue") return nullptr;
    if (const json::value* parameter = values_.parameters.if_contains(name)) return *parameter;
    if (auto value = values_.resource(name, "")) return std::move(*value);
    throw UnresolvedReference{std::string(name), ""};
}

json::value Evaluator::get_att(const json::value& argument) {
    const auto [logical_id, attribute] = get_att_arguments(argument);
    const std::string name = scalar_text(evaluate(attribute));
    if (auto value = values_.resource(logical_id, name)) return std::move(*value);
    throw UnresolvedReference{logical_id, name};
}

json::value Evaluator::join(const json::value& argument) {
    const json::array& list = list_of(argument, 2, kJoinUsage);
    const json::value parts = evaluate(list[1]);
    if (!list[0].is_string() || !parts.is_array()) throw usage(kJoinUsage);
    std::string result;
    bool first = true;
    for (const json::value& part : parts.as_array()) {
        if (part.is_object() || part.is_array()) throw usage(kJoinUsage);
        if (!first) result += list[0].as_string();
        first = false;
        result += scalar_text(part);
    }
    return json::value(result);
}

json::value Evaluator::sub(const json::value& argument) {
    const auto [text, variables] = sub_arguments(argument);
    std::string result;
    for (const SubPiece& piece : parse_sub(text)) {
        if (!piece.is_variable) {
            result += piece.text;
        } else if (const json::value* given =
                       variables ? variables->if_contains(piece.text) : nullptr) {
            result += scalar_text(evaluate(*given));
        } else if (piece.text.find('.') != std::string::npos) {
            result += scalar_text(get_att(json::value(piece.text)));
        } else {
            result += scalar_text(ref(piece.text));
        }
    }
    return json::value(result);
}

json::value Evaluator::select(const json::value& argument) {
    const json::array& list = list_of(argument, 2, kSelectUsage);
    const std::string index = scalar_text(evaluate(list[0]));
    const json::value items = evaluate(list[1]);
    const bool is_number = !index.empty() && index.size() < 9 &&
                           index.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number || !items.is_array()) throw usage(kSelectUsage);
    const auto at = static_cast<std::size_t>(std::stoul(index));
    if (at >= items.as_array().size()) {
        const bool is_known = values_.stand_in.empty() || items.as_array().empty() ||
                              items.as_array().back() != json::value(values_.stand_in);
        if (is_known) throw usage(kSelectUsage);
        return items.as_array().back();
    }
    return items.as_array()[at];
}

json::value Evaluator::split(const json::value& argument) {
    const json::array& list = list_of(argument, 2, kSplitUsage);
    const json::value source = evaluate(list[1]);
    if (!list[0].is_string() || list[0].as_string().empty() || !source.is_string()) {
        throw usage(kSplitUsage);
    }
    const std::string_view delimiter = list[0].as_string();
    std::string_view rest = source.as_string();
    if (!values_.stand_in.empty() && rest.find(values_.stand_in) != std::string_view::npos) {
        return json::array{json::value(values_.stand_in)};
    }
    json::array parts;
    for (auto at = rest.find(delimiter); at != std::string_view::npos; at = rest.find(delimiter)) {
        parts.emplace_back(rest.substr(0, at));
        rest.remove_prefix(at + delimiter.size());
    }
    parts.emplace_back(rest);
    return parts;
}

json::value Evaluator::find_in_map(const json::value& argument) {
    const json::array* list = argument.if_array();
    if (!list || list->size() != 3) {
        throw template_error(
            "every Fn::FindInMap object requires three parameters, the map name, "
            "map key and the attribute for return value");
    }
    const std::string map = scalar_text(evaluate((*list)[0]));
    const std::string top = scalar_text(evaluate((*list)[1]));
    const std::string second = scalar_text(evaluate((*list)[2]));
    const json::value* found = template_.section("Mappings").if_contains(map);
    if (found) found = found->as_object().if_contains(top);
    if (found) found = found->as_object().if_contains(second);
    if (!found) {
        throw template_error("Unable to get mapping for " + map + "::" + top + "::" + second);
    }
    return *found;
}

const json::value& Evaluator::chosen_branch(const json::value& argument) {
    const json::array* list = argument.if_array();
    if (!list || list->size() != 3 || !(*list)[0].is_string()) {
        throw template_error("Fn::If requires a list argument with three elements");
    }
    const std::string_view name = (*list)[0].as_string();
    if (!template_.section("Conditions").contains(name)) {
        throw template_error("unresolved condition dependency " + std::string(name) + " in Fn::If");
    }
    return (*list)[condition(name) ? 1 : 2];
}

bool Evaluator::condition(std::string_view name) {
    if (const auto known = conditions_.find(name); known != conditions_.end()) return known->second;
    const json::value* definition = template_.section("Conditions").if_contains(name);
    if (!definition) {
        throw format_error("Unresolved dependencies [" + std::string(name) +
                           "]. Cannot reference resources in the Conditions block of the template");
    }
    if (!evaluating_.insert(std::string(name)).second) {
        throw format_error("Found circular condition dependency with " + std::string(name) + ".");
    }
    const auto function = function_call(*definition);
    if (!function) {
        throw format_error(
            "Conditions can only be boolean operations on parameters and other "
            "conditions");
    }
    const bool holds = logic(function->name, *function->argument);
    evaluating_.erase(std::string(name));
    conditions_.emplace(std::string(name), holds);
    return holds;
}

bool Evaluator::logic(std::string_view function, const json::value& argument) {
    if (function == "Condition") return condition(argument.as_string());
    if (function == "Fn::Equals") {
        const json::array* list = argument.if_array();
        if (!list || list->size() != 2) {
            throw template_error("every Fn::Equals object requires a list of 2 string parameters.");
        }
        const json::value left = evaluate((*list)[0]);
        const json::value right = evaluate((*list)[1]);
        return left == right || scalar_text(left) == scalar_text(right);
    }
    if (function != "Fn::Not" && function != "Fn::And" && function != "Fn::Or") {
        throw format_error(
            "Conditions can only be boolean operations on parameters and other conditions; " +
            std::string(function) + " is none");
    }
    const std::size_t minimum = function == "Fn::Not" ? 1 : 2;
    const std::size_t maximum = function == "Fn::Not" ? 1 : 10;
    const json::array* list = argument.if_array();
    if (!list || list->size() < minimum || list->size() > maximum) {
        throw template_error("every " + std::string(function) + " object requires a list of " +
                             std::to_string(minimum) + " to " + std::to_string(maximum) +
                             " boolean parameters.");
    }
    bool any = false;
    bool all = true;
    for (const json::value& item : *list) {
        const auto inner = function_call(item);
        if (!inner)
            throw template_error("every " + std::string(function) +
                                 " object requires boolean parameters.");
        const bool holds = logic(inner->name, *inner->argument);
        any = any || holds;
        all = all && holds;
    }
    if (function == "Fn::Not") return !all;
    return function == "Fn::And" ? all : any;
}

bool Evaluator::exists(const json::object& definition) {
    const json::value* name = definition.if_contains("Condition");
    return values_.every_branch || !name || !name->is_string() || condition(name->as_string());
}

std::set<std::string> Evaluator::references(const json::value& value) {
    std::set<std::string> found;
    collect(value, found);
    return found;
}

void Evaluator::collect(const json::value& value, std::set<std::string>& found) {
    if (const auto function = function_call(value)) {
        if (function->name == "Ref" && function->argument->is_string()) {
            const json::string& name = function->argument->as_string();
            if (!values_.parameters.contains(name) && !name.starts_with("AWS::")) {
                found.insert(std::string(name));
            }
            return;
        }
        if (function->name == "Fn::GetAtt") {
            const auto [logical_id, attribute] = get_att_arguments(*function->argument);
            found.insert(logical_id);
            collect(attribute, found);
            return;
        }
        if (function->name == "Fn::Sub") return collect_sub(*function->argument, found);
        if (function->name == "Fn::If" && !values_.every_branch) {
            return collect(chosen_branch(*function->argument), found);
        }
    }
    if (const json::object* object = value.if_object()) {
        for (const auto& [key, member] : *object) collect(member, found);
    }
    if (const json::array* array = value.if_array()) {
        for (const json::value& item : *array) collect(item, found);
    }
}

void Evaluator::collect_sub(const json::value& argument, std::set<std::string>& found) {
    const auto [text, variables] = sub_arguments(argument);
    for (const SubPiece& piece : parse_sub(text)) {
        if (!piece.is_variable) continue;
        if (variables && variables->contains(piece.text)) continue;
        if (piece.text.starts_with("AWS::") || values_.parameters.contains(piece.text)) continue;
        found.insert(piece.text.substr(0, piece.text.find('.')));
    }
    if (variables) {
        for (const auto& [key, member] : *variables) collect(member, found);
    }
}

}  // namespace sbemu::cloudformation
