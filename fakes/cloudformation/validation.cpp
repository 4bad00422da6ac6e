#include "fakes/cloudformation/validation.h"

#include <algorithm>
#include <boost/json.hpp>

#include "fakes/cloudformation/engine.h"
#include "fakes/cloudformation/errors.h"
#include "fakes/cloudformation/provider.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

// What follows "Custom::" (facts/cloudformation.md 1.1). That a colon may be in it is assumed.
bool is_custom_name(std::string_view name) {
    constexpr std::size_t kLongest = 60;
    constexpr std::string_view kOthers = "_@-:";
    return !name.empty() && name.size() <= kLongest &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      kOthers.find(c) != std::string_view::npos;
           });
}

bool is_unrecognized(std::string_view type) {
    constexpr std::string_view kCustom = "Custom::";
    if (type.starts_with(kCustom)) return !is_custom_name(type.substr(kCustom.size()));
    return !type.starts_with("AWS::");
}

void check_recognized(const Template& parsed) {
    std::vector<std::string> unknown;
    for (const auto& [name, resource] : parsed.section("Resources")) {
        const std::string type = scalar_text(resource.as_object().at("Type"));
        if (is_unrecognized(type)) unknown.push_back(type);
    }
    if (unknown.empty()) return;
    throw format_error("Unrecognized resource types: [" + joined(unknown) + "]");
}

void refuse_missing_types(const Template& parsed) {
    std::vector<std::string> missing;
    for (const auto& [name, resource] : parsed.section("Resources")) {
        const std::string type = scalar_text(resource.as_object().at("Type"));
        if (!find_provider(type)) missing.push_back(type);
    }
    if (!missing.empty()) throw not_implemented("the resource types [" + joined(missing) + "]");
}

void refuse_exports(const Template& parsed) {
    for (const auto& [name, output] : parsed.section("Outputs")) {
        if (!output.as_object().contains("Export")) continue;
        throw not_implemented("Export of the output " + std::string(name));
    }
}

// {{resolve:ssm:...}} and its like would otherwise be taken for text.
void refuse_dynamic_references(const json::value& value) {
    constexpr std::string_view kStart = "{{resolve:";
    if (value.is_string()) {
        const std::string_view text = value.as_string();
        const auto at = text.find(kStart);
        if (at == std::string_view::npos) return;
        const auto end = text.find("}}", at);
        throw not_implemented(
            "the dynamic reference " +
            std::string(text.substr(at, end == std::string_view::npos ? end : end + 2 - at)));
    }
    if (value.is_array()) {
        for (const json::value& item : value.as_array()) refuse_dynamic_references(item);
    } else if (value.is_object()) {
        for (const auto& [name, member] : value.as_object()) refuse_dynamic_references(member);
    }
}

// Evaluates everything with stand-ins for resources, so that a wrong use of a function is found
// before anything is made.
void check_functions(const Template& parsed, const Values& values, const json::object& section,
                     const char* member) {
    constexpr const char* kStandIn = "what a resource will answer";
    Values stand_in = values;
    stand_in.stand_in = kStandIn;
    stand_in.resource = [](std::string_view, std::string_view) {
        return std::optional<json::value>(json::value(kStandIn));
    };
    Evaluator evaluator(parsed, stand_in);
    for (const auto& [name, value] : section) {
        refuse_dynamic_references(value);
        const json::object& definition = value.as_object();
        if (!evaluator.exists(definition)) continue;
        const json::value* content = definition.if_contains(member);
        if (content) evaluator.evaluate(*content);
    }
}

// A Fn::GetAtt of something that the resource's type does not have.
struct UnsupportedAttribute {
    std::string path;  // below the value that was searched: "/Fn::Join/1/Fn::GetAtt"
    std::string logical_id;
    std::string type;
    std::string attribute;
};

std::optional<UnsupportedAttribute> judge_get_att(const Template& parsed,
                                                  const json::value& argument) {
    std::string id;
    std::string attribute;
    if (argument.is_string()) {
        const std::string text(argument.as_string());
        id = text.substr(0, text.find('.'));
        attribute = text.substr(std::min(text.size(), text.find('.') + 1));
    } else {
        id = scalar_text(argument.as_array()[0]);
        const json::value& second = argument.as_array()[1];
        if (!second.is_string()) return std::nullopt;
        attribute = scalar_text(second);
    }
    const json::value* resource = parsed.section("Resources").if_contains(id);
    if (!resource) return std::nullopt;
    const std::string type = scalar_text(resource->as_object().at("Type"));
    const auto& known = find_provider(type)->attributes;
    if (known.empty() || std::find(known.begin(), known.end(), attribute) != known.end()) {
        return std::nullopt;
    }
    return UnsupportedAttribute{"/Fn::GetAtt", id, type, attribute};
}

std::optional<UnsupportedAttribute> find_unsupported_attribute(const Template& parsed,
                                                               const json::value& value) {
    const auto function = function_call(value);
    if (function && function->name == "Fn::GetAtt") {
        return judge_get_att(parsed, *function->argument);
    }
    const auto below = [&](const std::string& step, const json::value& inner) {
        auto found = find_unsupported_attribute(parsed, inner);
        if (found) found->path.insert(0, "/" + step);
        return found;
    };
    if (const json::object* object = value.if_object()) {
        for (const auto& [key, member] : *object) {
            if (auto found = below(std::string(key), member)) return found;
        }
    }
    if (const json::array* array = value.if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (auto found = below(std::to_string(i), (*array)[i])) return found;
        }
    }
    return std::nullopt;
}

using Graph = std::map<std::string, std::vector<std::string>>;

Graph dependency_graph(const Template& parsed, Evaluator& evaluator) {
    Graph graph;
    std::set<std::string> missing;
    for (const auto& [name, value] : parsed.section("Resources")) {
        const json::object& definition = value.as_object();
        if (!evaluator.exists(definition)) continue;
        std::vector<std::string>& needs = graph[std::string(name)];
        for (const json::value& item : dependencies_of(evaluator, definition)) {
            needs.push_back(scalar_text(item));
        }
    }
    for (const auto& [name, needs] : graph) {
        for (const std::string& need : needs) {
            if (!graph.contains(need)) missing.insert(need);
        }
    }
    if (!missing.empty()) {
        throw format_error("Unresolved resource dependencies [" +
                           joined({missing.begin(), missing.end()}) +
                           "] in the Resources block of the template");
    }
    return graph;
}

void check_cycles(Graph graph) {
    // Takes away what needs nothing that is left; what stays is in a cycle, or behind one.
    bool removed = true;
    while (removed) {
        removed = false;
        for (auto it = graph.begin(); it != graph.end();) {
            const bool free =
                std::none_of(it->second.begin(), it->second.end(),
                             [&](const std::string& need) { return graph.contains(need); });
            it = free ? graph.erase(it) : std::next(it);
            removed = removed || free;
        }
    }
    if (graph.empty()) return;
    std::vector<std::string> names;
    for (const auto& [name, needs] : graph) names.push_back(name);
    throw validation_error("Circular dependency between resources: [" + joined(names) + "]");
}

void check_output_references(const Template& parsed, Evaluator& evaluator, const Graph& graph) {
    for (const auto& [name, value] : parsed.section("Outputs")) {
        const json::object& output = value.as_object();
        if (!evaluator.exists(output)) continue;
        for (const std::string& id : evaluator.references(output.at("Value"))) {
            if (graph.contains(id)) continue;
            // No prefix when the cause is a false condition.
            const std::string text = "Unresolved resource dependencies [" + id +
                                     "] in the Outputs block of the template";
            if (parsed.section("Resources").contains(id)) throw validation_error(text);
            throw format_error(text);
        }
    }
}

}  // namespace

void check_template(const Template& parsed, const Values& values) {
    check_recognized(parsed);
    refuse_missing_types(parsed);
    refuse_exports(parsed);
    Evaluator evaluator(parsed, values);
    for (const auto& [name, definition] : parsed.section("Conditions")) evaluator.condition(name);
    for (const auto& [name, value] : parsed.section("Resources")) {
        const json::value* condition = value.as_object().if_contains("Condition");
        if (condition && condition->is_string() &&
            !parsed.section("Conditions").contains(condition->as_string())) {
            throw format_error("Unresolved condition dependency " + scalar_text(*condition) +
                               " in the Resources block of the template");
        }
    }
    const Graph graph = dependency_graph(parsed, evaluator);
    check_cycles(graph);
    check_output_references(parsed, evaluator, graph);
    check_functions(parsed, values, parsed.section("Resources"), "Properties");
    check_functions(parsed, values, parsed.section("Outputs"), "Value");
    for (const auto& [name, value] : parsed.section("Resources")) {
        if (!graph.contains(std::string(name))) continue;
        const json::value* properties = value.as_object().if_contains("Properties");
        if (!properties) continue;
        if (const auto wrong = find_unsupported_attribute(parsed, *properties)) {
            throw template_error("resource " + wrong->logical_id +
                                 " does not support attribute type " + wrong->attribute +
                                 " in Fn::GetAtt");
        }
    }
}

void check_references(const Template& parsed) {
    check_recognized(parsed);
    Values values;
    values.every_branch = true;
    for (const auto& [name, definition] : parsed.section("Parameters"))
        values.parameters[name] = "";
    Evaluator evaluator(parsed, values);
    const Graph graph = dependency_graph(parsed, evaluator);
    check_cycles(graph);
    check_output_references(parsed, evaluator, graph);
}

std::string wrong_output_attribute(const Template& parsed) {
    for (const auto& [name, value] : parsed.section("Outputs")) {
        const auto wrong = find_unsupported_attribute(parsed, value.as_object().at("Value"));
        if (!wrong) continue;
        return "[Error] /Outputs/" + std::string(name) + "/Value" + wrong->path +
               ": Resource type " + wrong->type + " does not support attribute {" +
               wrong->attribute + "}";
    }
    return "";
}

void check_capabilities(const Template& parsed, const json::object& request) {
    const std::string required = required_capability(parsed);
    if (required.empty()) return;
    if (const json::value* given = request.if_contains("Capabilities")) {
        for (const json::value& item : given->as_array()) {
            const std::string capability = scalar_text(item);
            if (capability == required || capability == "CAPABILITY_NAMED_IAM") return;
        }
    }
    throw ApiError("InsufficientCapabilitiesException",
                   "Requires capabilities : [" + required + "]");
}

}  // namespace sbemu::cloudformation
