#include "fakes/cloudformation/parameters.h"

#include <boost/json.hpp>
#include <set>

#include "emulator/core/regular_expression.h"
#include "fakes/cloudformation/errors.h"
#include "fakes/cloudformation/intrinsics.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

bool is_true(const json::object& object, std::string_view member) {
    const json::value* value = object.if_contains(member);
    return value && (value->is_bool() ? value->as_bool() : scalar_text(*value) == "true");
}

bool is_number(const std::string& text) {
    static const RegularExpression kNumber(R"([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)");
    return kNumber.matches(text);
}

std::vector<std::string> split_list(const std::string& text) {
    std::vector<std::string> items;
    std::size_t start = 0;
    while (true) {
        const auto comma = text.find(',', start);
        std::string item = text.substr(start, comma - start);
        item.erase(0, item.find_first_not_of(' '));
        item.erase(item.find_last_not_of(' ') + 1);
        items.push_back(item);
        if (comma == std::string::npos) return items;
        start = comma + 1;
    }
}

bool is_list_type(std::string_view type) {
    return type == "CommaDelimitedList" || type.starts_with("List<");
}

[[noreturn]] void refuse(const std::string& name, const json::object& definition,
                         const std::string& rule) {
    if (const json::value* text = definition.if_contains("ConstraintDescription")) {
        throw validation_error("Parameter " + name +
                               " failed to satisfy constraint: " + scalar_text(*text));
    }
    throw validation_error("Parameter '" + name + "' " + rule);
}

void check_text(const std::string& name, const json::object& definition, const std::string& text) {
    if (const json::value* allowed = definition.if_contains("AllowedValues")) {
        bool found = false;
        for (const json::value& item : allowed->as_array())
            found = found || scalar_text(item) == text;
        if (!found) refuse(name, definition, "must be one of AllowedValues");
    }
    if (const json::value* pattern = definition.if_contains("AllowedPattern")) {
        const std::string source = scalar_text(*pattern);
        bool matches = true;
        try {
            matches = RegularExpression(source).matches(text);
        } catch (const std::invalid_argument&) {
            throw not_implemented("the AllowedPattern " + source + " of parameter " + name);
        }
        if (!matches) refuse(name, definition, "must match pattern " + source);
    }
    const auto limit = [&](const char* key) -> std::optional<double> {
        const json::value* value = definition.if_contains(key);
        if (!value) return std::nullopt;
        return std::stod(scalar_text(*value));
    };
    const auto length = static_cast<double>(text.size());
    if (const auto least = limit("MinLength"); least && length < *least) {
        refuse(name, definition,
               "must contain at least " + scalar_text(definition.at("MinLength")) + " characters");
    }
    if (const auto most = limit("MaxLength"); most && length > *most) {
        refuse(name, definition,
               "must contain at most " + scalar_text(definition.at("MaxLength")) + " characters");
    }
    const json::value& type = definition.at("Type");
    if (type != "Number" && type != "List<Number>") return;
    if (!is_number(text)) throw validation_error("Parameter '" + name + "' must be a number.");
    if (const auto least = limit("MinValue"); least && std::stod(text) < *least) {
        refuse(name, definition,
               "must be a number not less than " + scalar_text(definition.at("MinValue")));
    }
    if (const auto most = limit("MaxValue"); most && std::stod(text) > *most) {
        refuse(name, definition,
               "must be a number not greater than " + scalar_text(definition.at("MaxValue")));
    }
}

void check_value(const std::string& name, const json::object& definition, const std::string& text) {
    const std::string type = scalar_text(definition.at("Type"));
    if (type.starts_with("AWS::SSM::")) throw not_implemented("the parameter type " + type);
    if (text.size() > 4096) {
        throw validation_error("Parameter '" + name + "' must contain at most 4096 characters");
    }
    if (!is_list_type(type)) return check_text(name, definition, text);
    for (const std::string& item : split_list(text)) check_text(name, definition, item);
}

}  // namespace

json::object parameter_values(const Template& parsed, const json::object& request,
                              const json::object& previous) {
    const json::object& definitions = parsed.section("Parameters");
    json::object given;
    std::vector<std::string> unknown;
    std::set<std::string> seen;
    if (const json::value* list = request.if_contains("Parameters")) {
        for (const json::value& item : list->as_array()) {
            const json::object& parameter = item.as_object();
            const std::string key =
                parameter.contains("ParameterKey") ? scalar_text(parameter.at("ParameterKey")) : "";
            if (!seen.insert(key).second) {  // assumed
                throw validation_error("Parameters: [" + key + "] are given more than once");
            }
            if (!definitions.contains(key)) {
                unknown.push_back(key);
            } else if (const json::value* value = parameter.if_contains("ParameterValue")) {
                given[key] = scalar_text(*value);
            } else if (is_true(parameter, "UsePreviousValue") && previous.contains(key)) {
                given[key] = previous.at(key);
            }
        }
    }
    if (!unknown.empty()) {
        throw validation_error("Parameters: [" + joined(unknown) +
                               "] do not exist in the template");
    }
    json::object values;
    std::vector<std::string> missing;
    for (const auto& [name, value] : definitions) {
        const json::object& definition = value.as_object();
        if (const json::value* chosen = given.if_contains(name)) {
            values[name] = *chosen;
        } else if (const json::value* fallback = definition.if_contains("Default")) {
            values[name] = scalar_text(*fallback);
        } else {
            missing.emplace_back(name);
            continue;
        }
        check_value(std::string(name), definition, std::string(values[name].as_string()));
    }
    if (!missing.empty()) {
        throw validation_error("Parameters: [" + joined(missing) + "] must have values");
    }
    return values;
}

json::object typed_parameters(const Template& parsed, const json::object& values) {
    json::object typed;
    for (const auto& [name, value] : values) {
        const json::value* definition = parsed.section("Parameters").if_contains(name);
        if (definition && is_list_type(scalar_text(definition->as_object().at("Type")))) {
            json::array items;
            for (const std::string& item : split_list(std::string(value.as_string()))) {
                items.emplace_back(item);
            }
            typed[name] = std::move(items);
        } else {
            typed[name] = value;
        }
    }
    return typed;
}

json::array describe_parameters(const Template& parsed, const json::object& values) {
    json::array list;
    for (const auto& [name, value] : values) {
        const json::value* definition = parsed.section("Parameters").if_contains(name);
        const bool hidden = definition && is_true(definition->as_object(), "NoEcho");
        list.push_back(json::object{{"ParameterKey", name},
                                    {"ParameterValue", hidden ? json::value("****") : value}});
    }
    return list;
}

}  // namespace sbemu::cloudformation
