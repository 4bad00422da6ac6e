#include "fakes/cloudformation/yaml.h"

#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <charconv>

#include "fakes/cloudformation/errors.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr int kMaximumDepth = 100;

ApiError not_well_formed(const YAML::Mark& mark) {
    return format_error("YAML not well-formed. (line " + std::to_string(mark.line + 1) +
                        ", column " + std::to_string(mark.column + 1) + ")");
}

// A plain scalar: YAML 1.1 types as far as templates use them. A leading zero means an account
// number or a date, which stays text.
json::value plain_scalar(const std::string& text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
        return nullptr;
    }
    for (const char* word : {"true", "True", "TRUE"}) {
        if (text == word) return true;
    }
    for (const char* word : {"false", "False", "FALSE"}) {
        if (text == word) return false;
    }
    const std::size_t digits_at = text[0] == '-' ? 1 : 0;
    const bool leading_zero =
        text.size() > digits_at + 1 && text[digits_at] == '0' && text[digits_at + 1] != '.';
    if (leading_zero) return json::string(text);
    std::int64_t integer = 0;
    const char* const end = text.data() + text.size();
    if (const auto parsed = std::from_chars(text.data(), end, integer);
        parsed.ec == std::errc() && parsed.ptr == end) {
        return integer;
    }
    // A fraction keeps its digits as they were written: "1.10" must not become 1.1.
    return json::string(text);
}

json::value get_att_arguments(const std::string& text) {
    const auto dot = text.find('.');
    if (dot == std::string::npos) return json::array{text};
    return json::array{text.substr(0, dot), text.substr(dot + 1)};
}

// "!Sub x" -> {"Fn::Sub": x}.
json::value apply_tag(const std::string& tag, json::value value) {
    if (tag.size() < 2 || tag[0] != '!' || tag.starts_with("tag:")) return value;
    const std::string name = tag.substr(1);
    if (name == "Ref" || name == "Condition") return json::object{{name, std::move(value)}};
    if (name == "GetAtt" && value.is_string()) {
        return json::object{{"Fn::GetAtt", get_att_arguments(std::string(value.as_string()))}};
    }
    return json::object{{"Fn::" + name, std::move(value)}};
}

json::value convert(const YAML::Node& node, int depth) {
    if (depth > kMaximumDepth) throw not_well_formed(node.Mark());
    json::value value;
    switch (node.Type()) {
        case YAML::NodeType::Scalar:
            // Only quoted scalars carry the tag "!"; tagged ones are text in every short form.
            value = node.Tag() == "?" || node.Tag().empty() ? plain_scalar(node.Scalar())
                                                            : json::value(node.Scalar());
            break;
        case YAML::NodeType::Sequence: {
            json::array items;
            for (const YAML::Node& item : node) items.push_back(convert(item, depth + 1));
            value = std::move(items);
            break;
        }
        case YAML::NodeType::Map: {
            json::object members;
            for (const auto& entry : node) {
                if (!entry.first.IsScalar()) throw not_well_formed(entry.first.Mark());
                members[entry.first.Scalar()] = convert(entry.second, depth + 1);
            }
            value = std::move(members);
            break;
        }
        default:
            break;
    }
    return apply_tag(node.Tag(), std::move(value));
}

}  // namespace

json::value parse_yaml(const std::string& text) {
    try {
        return convert(YAML::Load(text), 0);
    } catch (const YAML::Exception& error) {
        throw not_well_formed(error.mark);
    }
}

}  // namespace sbemu::cloudformation
