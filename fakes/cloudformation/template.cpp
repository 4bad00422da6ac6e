#include "fakes/cloudformation/template.h"

#include <algorithm>
#include <boost/json.hpp>

#include "fakes/cloudformation/errors.h"
#include "fakes/cloudformation/intrinsics.h"
#include "fakes/cloudformation/yaml.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr std::string_view kSections[] = {"AWSTemplateFormatVersion",
                                          "Description",
                                          "Metadata",
                                          "Parameters",
                                          "Rules",
                                          "Mappings",
                                          "Conditions",
                                          "Transform",
                                          "Resources",
                                          "Outputs",
                                          "Hooks"};

constexpr std::string_view kResourceKeys[] = {
    "Type",           "Properties",          "DependsOn", "Condition",      "Metadata",
    "DeletionPolicy", "UpdateReplacePolicy", "Version",   "CreationPolicy", "UpdatePolicy"};

constexpr std::string_view kDeletionPolicies[] = {"Delete", "Retain", "RetainExceptOnCreate",
                                                  "Snapshot"};

template <std::size_t N>
bool contains(const std::string_view (&list)[N], std::string_view item) {
    return std::find(std::begin(list), std::end(list), item) != std::end(list);
}

constexpr std::string_view kParameterKeys[] = {
    "Type",      "Default",  "Description", "AllowedValues", "AllowedPattern",       "MinLength",
    "MaxLength", "MinValue", "MaxValue",    "NoEcho",        "ConstraintDescription"};

// facts/cloudformation.md 2.11.
constexpr std::size_t kLongestDescription = 1024;
constexpr std::size_t kMostResources = 500;
constexpr std::size_t kMostParameters = 200;
constexpr std::size_t kMostMappings = 200;
constexpr std::size_t kMostOutputs = 200;

bool is_alphanumeric(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

json::value parse_json(const std::string& body) {
    boost::system::error_code error;
    json::stream_parser parser;
    const std::size_t read = parser.write_some(body, error);
    if (!error) parser.finish(error);
    const bool rest_is_blank =
        std::all_of(body.begin() + static_cast<std::ptrdiff_t>(read), body.end(),
                    [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    if (error || !rest_is_blank) {
        const std::string before = body.substr(0, read);
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const auto line_start = before.rfind('\n');
        const auto column = read - (line_start == std::string::npos ? 0 : line_start + 1) + 1;
        throw format_error("JSON not well-formed. (line " + std::to_string(line) + ", column " +
                           std::to_string(column) + ")");
    }
    return parser.release();
}

// "[/Outputs/X/Value] 'null' values are not allowed in templates".
void refuse_nulls(const json::value& value, const std::string& path) {
    if (value.is_null()) {
        throw validation_error("[" + path + "] 'null' values are not allowed in templates");
    }
    if (const json::object* object = value.if_object()) {
        for (const auto& [key, member] : *object)
            refuse_nulls(member, path + "/" + std::string(key));
    }
    if (const json::array* array = value.if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            refuse_nulls((*array)[i], path + "/" + std::to_string(i));
        }
    }
}

void check_sections(const json::object& document) {
    for (const auto& [name, value] : document) {
        if (!contains(kSections, name)) {
            throw format_error("Invalid template property or properties [" + std::string(name) +
                               "]");
        }
        const bool is_text = name == "AWSTemplateFormatVersion" || name == "Description";
        if (is_text && !value.is_string()) {
            throw format_error(std::string(name) + " must be a string.");
        }
        if (name == "Transform" || name == "Rules" || name == "Hooks") {
            throw not_implemented("the template section " + std::string(name));
        }
    }
    if (const json::value* text = document.if_contains("Description");
        text && text->as_string().size() > kLongestDescription) {
        throw format_error("'Description' length is greater than 1024.");
    }
    if (const json::value* version = document.if_contains("AWSTemplateFormatVersion")) {
        if (version->as_string() != "2010-09-09") {
            throw format_error("Unsupported template format version [" +
                               std::string(version->as_string()) + "].");
        }
    }
}

void check_resource(const std::string& logical_id, const json::value& value) {
    if (!is_alphanumeric(logical_id)) {
        throw format_error("Resource name " + logical_id + " is non alphanumeric.");
    }
    const json::object* resource = value.if_object();
    if (!resource) throw format_error("Any Resources member must be an object.");
    const std::string path = "[/Resources/" + logical_id + "]";
    const json::value* type = resource->if_contains("Type");
    if (!type || !type->is_string()) {
        throw format_error(path + " Every Resources object must contain a Type member.");
    }
    for (const auto& [key, member] : *resource) {
        if (!contains(kResourceKeys, key)) {
            throw validation_error("Invalid template resource property '" + std::string(key) + "'");
        }
    }
    if (const json::value* properties = resource->if_contains("Properties");
        properties && !properties->is_object()) {
        throw format_error("[/Resources/" + logical_id +
                           "/Properties] Properties must be an object.");
    }
    for (const char* key : {"DeletionPolicy", "UpdateReplacePolicy"}) {
        const json::value* policy = resource->if_contains(key);
        if (policy && (!policy->is_string() || !contains(kDeletionPolicies, policy->as_string()))) {
            throw format_error("Unrecognized " + std::string(key) + " " + json::serialize(*policy) +
                               " for resource \"" + logical_id + "\"");
        }
    }
    for (const char* key : {"CreationPolicy", "UpdatePolicy"}) {
        if (resource->contains(key)) throw not_implemented(std::string("the attribute ") + key);
    }
}

const json::object& object_section(const json::object& document, std::string_view name) {
    static const json::object kEmpty;
    const json::value* section = document.if_contains(name);
    if (!section) return kEmpty;
    if (!section->is_object()) {
        throw format_error("[/" + std::string(name) + "] " + std::string(name) +
                           " must be an object.");
    }
    return section->as_object();
}

// Assumed: the form of the text.
void check_count(const json::object& section, std::string_view what, std::size_t most) {
    if (section.size() <= most) return;
    throw format_error("Number of " + std::string(what) + ", " + std::to_string(section.size()) +
                       ", is greater than maximum allowed, " + std::to_string(most));
}

bool is_parameter_type(std::string_view type) {
    constexpr std::string_view kStored = "AWS::SSM::Parameter::Value<";
    constexpr std::string_view kList = "List<";
    const auto inside = [&](std::string_view prefix) {
        if (!type.starts_with(prefix) || !type.ends_with('>')) return false;
        type = type.substr(prefix.size(), type.size() - prefix.size() - 1);
        return true;
    };
    if (inside(kStored) && type == "List<String>") return true;
    const bool is_list = inside(kList);
    const bool is_text = type == "String" || type == "CommaDelimitedList";
    return (is_text && !is_list) || type == "Number" ||
           (type.starts_with("AWS::") && type.find('<') == std::string_view::npos);
}

void check_parameters(const json::object& parameters) {
    for (const auto& [name, definition] : parameters) {
        if (!is_alphanumeric(name)) {
            throw format_error("Parameter name " + std::string(name) + " is non alphanumeric.");
        }
        const json::object* object = definition.if_object();
        if (!object || !object->contains("Type")) {
            throw format_error("[/Parameters/" + std::string(name) +
                               "] Every Parameters object must contain a Type member.");
        }
        for (const auto& [key, member] : *object) {
            if (contains(kParameterKeys, key)) continue;
            throw validation_error("Invalid template parameter property '" + std::string(key) +
                                   "'");
        }
        const json::value& type = object->at("Type");
        if (!type.is_string() || !is_parameter_type(type.as_string())) {
            throw format_error("Unrecognized parameter type: " + scalar_text(type));
        }
    }
}

void check_mappings(const json::object& mappings) {
    for (const auto& [name, mapping] : mappings) {
        if (!mapping.is_object()) {
            throw format_error("Every Mappings member " + std::string(name) + " must be a map");
        }
        for (const auto& [top, attributes] : mapping.as_object()) {
            if (!attributes.is_object()) {
                throw format_error("Every Mappings member " + std::string(top) + " must be a map");
            }
            for (const auto& [key, value] : attributes.as_object()) {
                if (value.is_object()) {
                    throw format_error("Every Mappings attribute must be a String or a List.");
                }
            }
        }
    }
}

void check_outputs(const json::object& outputs) {
    for (const auto& [name, output] : outputs) {
        const json::object* object = output.if_object();
        if (!object || !object->contains("Value")) {
            throw format_error("Every Outputs member must contain a Value object");
        }
    }
}

}  // namespace

const json::object& Template::section(std::string_view name) const {
    return object_section(document, name);
}

const json::object& Template::resource(std::string_view logical_id) const {
    return section("Resources").at(logical_id).as_object();
}

Template parse_template(const std::string& body) {
    const auto first = body.find_first_not_of(" \t\r\n");
    const bool is_json = first != std::string::npos && body[first] == '{';
    json::value parsed = is_json ? parse_json(body) : parse_yaml(body);
    if (!parsed.is_object()) throw format_error("unsupported structure.");
    Template result{std::move(parsed.as_object())};
    refuse_nulls(result.document, "");
    check_sections(result.document);
    const json::object& resources = result.section("Resources");
    if (resources.empty()) {
        throw format_error("At least one Resources member must be defined.");
    }
    check_count(resources, "resources", kMostResources);
    check_count(result.section("Parameters"), "parameters", kMostParameters);
    check_count(result.section("Mappings"), "mappings", kMostMappings);
    check_count(result.section("Outputs"), "outputs", kMostOutputs);
    for (const auto& [name, resource] : resources) check_resource(std::string(name), resource);
    check_parameters(result.section("Parameters"));
    check_mappings(result.section("Mappings"));
    check_outputs(result.section("Outputs"));
    return result;
}

std::string required_capability(const Template& parsed) {
    // facts/cloudformation.md 2.10: the types, and the names that make it NAMED.
    static const std::map<std::string_view, std::string_view> kNameProperties = {
        {"AWS::IAM::AccessKey", ""},
        {"AWS::IAM::Group", "GroupName"},
        {"AWS::IAM::InstanceProfile", "InstanceProfileName"},
        {"AWS::IAM::ManagedPolicy", "ManagedPolicyName"},
        {"AWS::IAM::Policy", ""},
        {"AWS::IAM::Role", "RoleName"},
        {"AWS::IAM::User", "UserName"},
        {"AWS::IAM::UserToGroupAddition", ""}};
    std::string capability;
    for (const auto& [name, value] : parsed.section("Resources")) {
        const json::object& resource = value.as_object();
        const auto found = kNameProperties.find(resource.at("Type").as_string());
        if (found == kNameProperties.end()) continue;
        const json::value* properties = resource.if_contains("Properties");
        if (properties && !found->second.empty() &&
            properties->as_object().contains(found->second)) {
            return "CAPABILITY_NAMED_IAM";
        }
        capability = "CAPABILITY_IAM";
    }
    return capability;
}

}  // namespace sbemu::cloudformation
