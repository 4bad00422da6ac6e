#include "fakes/cloudformation/properties.h"

#include <algorithm>
#include <boost/json.hpp>

#include "fakes/cloudformation/intrinsics.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

bool is_integer(const json::value& value) {
    if (value.is_int64() || value.is_uint64()) return true;
    const std::string text = scalar_text(value);
    const std::size_t start = text.starts_with('-') ? 1 : 0;
    return text.size() > start && text.find_first_not_of("0123456789", start) == std::string::npos;
}

bool is_scalar(const json::value& value) { return !value.is_object() && !value.is_array(); }

bool fits(Kind kind, const json::value& value) {
    switch (kind) {
        case Kind::text:
            return is_scalar(value);
        case Kind::integer:
            return is_scalar(value) && is_integer(value);
        case Kind::boolean:
            return value.is_bool() || value == json::value("true") || value == json::value("false");
        case Kind::object:
        case Kind::text_map:
            return value.is_object();
        case Kind::list:
            return value.is_array();
        case Kind::document:
            return value.is_object() || value.is_string();
    }
    return false;
}

// The names of types in AWS's texts are those of its Java library for JSON.
std::string_view expected_name(Kind kind) {
    switch (kind) {
        case Kind::text:
            return "String";
        case Kind::integer:
            return "Integer";
        case Kind::boolean:
            return "Boolean";
        case Kind::list:
            return "JSONArray";
        default:
            return "JSONObject";
    }
}

std::string_view found_name(const json::value& value) {
    if (value.is_object()) return "JSONObject";
    if (value.is_array()) return "JSONArray";
    if (value.is_bool()) return "Boolean";
    if (value.is_double()) return "BigDecimal";
    return value.is_number() ? "Integer" : "String";
}

class Check {
  public:
    std::vector<std::string> faults;

    void object(std::span<const Property> known, const json::object& object,
                const std::string& path) {
        for (const Property& property : known) {
            const std::string name(property.name);
            if (const json::value* value = object.if_contains(property.name)) {
                member(property, *value, path + "/" + name);
            } else if (property.required) {
                faults.push_back(path + ": required key [" + name + "] not found");
            }
        }
    }

  private:
    bool type(Kind kind, const json::value& value, const std::string& path) {
        if (fits(kind, value)) return true;
        faults.push_back(path + ": expected type: " + std::string(expected_name(kind)) +
                         ", found: " + std::string(found_name(value)));
        return false;
    }

    void member(const Property& property, const json::value& value, const std::string& path) {
        if (!type(property.kind, value, path)) return;
        if (property.kind == Kind::object) object(property.members, value.as_object(), path);
        if (property.kind == Kind::text_map) {
            for (const auto& [key, text] : value.as_object()) {
                type(Kind::text, text, path + "/" + std::string(key));
            }
        }
        if (property.kind != Kind::list) return;
        std::size_t index = 0;
        for (const json::value& item : value.as_array()) {
            const std::string item_path = path + "/" + std::to_string(index++);
            const bool of_objects = !property.members.empty();
            if (type(of_objects ? Kind::object : Kind::text, item, item_path) && of_objects) {
                object(property.members, item.as_object(), item_path);
            }
        }
    }
};

std::string unknown_in(const Property& property, const json::value& value) {
    std::string found;
    if (property.kind == Kind::object && value.is_object()) {
        found = unknown_property(property.members, value.as_object());
    } else if (property.kind == Kind::list && !property.members.empty() && value.is_array()) {
        for (const json::value& item : value.as_array()) {
            if (found.empty() && item.is_object()) {
                found = unknown_property(property.members, item.as_object());
            }
        }
    }
    return found.empty() ? found : std::string(property.name) + "/" + found;
}

}  // namespace

std::vector<std::string> property_faults(std::span<const Property> known,
                                         const json::object& properties) {
    Check check;
    check.object(known, properties, "#");
    return std::move(check.faults);
}

std::string unknown_property(std::span<const Property> known, const json::object& properties) {
    for (const auto& [name, value] : properties) {
        const std::string_view key = name;
        const auto property = std::find_if(known.begin(), known.end(),
                                           [&](const Property& each) { return each.name == key; });
        if (property == known.end()) return std::string(key);
        const std::string below = unknown_in(*property, value);
        if (!below.empty()) return below;
    }
    return "";
}

}  // namespace sbemu::cloudformation
