#include "emulator/wire/values.h"

#include <boost/json.hpp>
#include <cmath>

#include "emulator/core/encoding.h"
#include "emulator/core/time.h"
#include "emulator/wire/xml.h"

namespace sbemu::wire {
namespace {

namespace json = boost::json;
using model::Location;
using model::Member;
using model::Shape;
using model::TimestampFormat;
using model::Type;

// 1541139209351 is 1541139209.351, 1541139209000 is 1541139209.
std::string seconds_text(std::int64_t milliseconds) {
    const bool negative = milliseconds < 0;
    const std::int64_t size = negative ? -milliseconds : milliseconds;
    std::string text = (negative ? "-" : "") + std::to_string(size / 1000);
    if (const std::int64_t rest = size % 1000; rest != 0) {
        std::string digits = std::to_string(1000 + rest).substr(1);
        digits.erase(digits.find_last_not_of('0') + 1);
        text += "." + digits;
    }
    return text;
}

std::string time_text(TimestampFormat format, std::int64_t milliseconds) {
    switch (format) {
        case TimestampFormat::rfc822:
            return http_time(from_milliseconds(milliseconds));
        case TimestampFormat::iso8601:
            return iso_time(from_milliseconds(milliseconds));
        default:
            return seconds_text(milliseconds);
    }
}

TimestampFormat format_or(const Member& member, TimestampFormat by_protocol) {
    return member.timestamp_format == TimestampFormat::by_protocol ? by_protocol
                                                                   : member.timestamp_format;
}

bool read_time(json::value& value) {
    if (value.is_double() && std::fabs(value.get_double()) < 1e12) {
        value = static_cast<std::int64_t>(std::llround(value.get_double() * 1000));
    } else if (value.is_int64() && value.get_int64() > -1'000'000'000'000 &&
               value.get_int64() < 1'000'000'000'000) {
        value = value.get_int64() * 1000;
    } else if (value.is_string()) {
        const auto time = model::parse_time(value.get_string());
        if (!time) return false;
        value = *time;
    }
    return true;
}

void read_times_of(const Shape& shape, json::value& value) {
    if (shape.type == Type::timestamp) {
        read_time(value);
    } else if (shape.type == Type::structure && value.is_object()) {
        read_times(shape, value.get_object());
    } else if (shape.type == Type::list && value.is_array()) {
        for (json::value& entry : value.get_array()) read_times_of(*shape.element().shape, entry);
    } else if (shape.type == Type::map && value.is_object()) {
        for (auto& entry : value.get_object()) read_times_of(*shape.value().shape, entry.value());
    }
}

std::string scalar_text(const Member& member, const json::value& value, TimestampFormat format) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_bool()) return value.get_bool() ? "true" : "false";
    if (member.shape->type == Type::timestamp && value.is_int64()) {
        return time_text(format_or(member, format), value.get_int64());
    }
    std::string text;
    append_json(text, value);
    return text;
}

void open_element(std::string& out, const Member& member, const json::value& value) {
    out += '<';
    out += member.wire_name;
    if (!member.xml_namespace.empty()) {
        out += member.xml_prefix.empty() ? " xmlns=\"" : " xmlns:" + member.xml_prefix + "=\"";
        out += member.xml_namespace + '"';
    }
    if (member.shape->type == Type::structure && value.is_object()) {
        for (const Member& attribute : member.shape->members) {
            const json::value* found =
                attribute.xml_attribute ? value.get_object().if_contains(attribute.name) : nullptr;
            if (!found || !found->is_string()) continue;
            out += ' ' + attribute.wire_name + "=\"";
            append_escaped(out, found->get_string());
            out += '"';
        }
    }
    out += '>';
}

void close_element(std::string& out, const Member& member) {
    out += "</";
    out += member.wire_name;
    out += '>';
}

void append_xml_list(std::string& out, const Member& member, const json::array& values) {
    Member element = member.shape->element();
    if (member.flattened) {
        element.wire_name = member.wire_name;
        for (const json::value& value : values) append_xml(out, element, value);
        return;
    }
    open_element(out, member, {});
    for (const json::value& value : values) append_xml(out, element, value);
    close_element(out, member);
}

void append_xml_map(std::string& out, const Member& member, const json::object& values) {
    const std::string entry_name = member.flattened ? member.wire_name : "entry";
    if (!member.flattened) open_element(out, member, {});
    for (const auto& [key, value] : values) {
        out += '<' + entry_name + '>';
        append_xml(out, member.shape->key(), json::value(key));
        append_xml(out, member.shape->value(), value);
        out += "</" + entry_name + '>';
    }
    if (!member.flattened) close_element(out, member);
}

json::object structure_from_xml(const Shape& shape, const XmlElement& element) {
    json::object made;
    for (const Member& member : shape.members) {
        if (member.location != Location::body) continue;
        if (member.xml_attribute) {
            for (const auto& [name, text] : element.attributes) {
                if (name == member.wire_name) made[member.name] = text;
            }
            continue;
        }
        if (member.flattened && !member.shape->is_scalar()) {
            json::array values;
            for (const XmlElement& child : element.children) {
                if (child.name == member.wire_name) {
                    values.push_back(value_from_xml(member.shape->element(), child));
                }
            }
            if (!values.empty()) made[member.name] = std::move(values);
        } else if (const XmlElement* child = element.find(member.wire_name)) {
            made[member.name] = value_from_xml(member, *child);
        }
    }
    return made;
}

}  // namespace

void append_json(std::string& out, const Member& member, const json::value& value) {
    const Shape& shape = *member.shape;
    if (!shape.has_times) return append_json(out, value);
    if (shape.type == Type::timestamp && value.is_int64()) {
        const TimestampFormat format = format_or(member, TimestampFormat::unix_seconds);
        const std::string text = time_text(format, value.get_int64());
        out += format == TimestampFormat::unix_seconds ? text : '"' + text + '"';
    } else if (shape.type == Type::structure && value.is_object()) {
        append_json_object(out, shape, value.get_object());
    } else if (shape.type == Type::list && value.is_array()) {
        char separator = '[';
        for (const json::value& entry : value.get_array()) {
            out += separator;
            separator = ',';
            append_json(out, shape.element(), entry);
        }
        out += separator == '[' ? "[]" : "]";
    } else if (shape.type == Type::map && value.is_object()) {
        char separator = '{';
        for (const auto& [key, entry] : value.get_object()) {
            out += separator;
            separator = ',';
            append_json_string(out, key);
            out += ':';
            append_json(out, shape.value(), entry);
        }
        out += separator == '{' ? "{}" : "}";
    } else {
        append_json(out, value);
    }
}

void append_json_object(std::string& out, const Shape& shape, const json::object& value) {
    const bool is_plain = !shape.has_times && !shape.has_bindings;
    char separator = '{';
    for (const auto& [key, entry] : value) {
        const Member* known = is_plain ? nullptr : shape.find(key);
        if (known && known->location != Location::body) continue;
        out += separator;
        separator = ',';
        append_json_string(out, known ? std::string_view(known->wire_name) : std::string_view(key));
        out += ':';
        known ? append_json(out, *known, entry) : append_json(out, entry);
    }
    out += separator == '{' ? "{}" : "}";
}

void read_times(const Shape& shape, json::object& request) {
    if (!shape.has_times) return;
    for (const Member& member : shape.members) {
        if (!member.shape->has_times) continue;
        if (json::value* value = request.if_contains(member.name)) {
            read_times_of(*member.shape, *value);
        }
    }
}

void append_xml(std::string& out, const Member& member, const json::value& value) {
    const Shape& shape = *member.shape;
    if (value.is_null()) return;
    if (shape.type == Type::list && value.is_array()) {
        return append_xml_list(out, member, value.get_array());
    }
    if (shape.type == Type::map && value.is_object()) {
        return append_xml_map(out, member, value.get_object());
    }
    open_element(out, member, value);
    if (shape.type == Type::structure && value.is_object()) {
        append_xml_members(out, shape, value.get_object());
    } else {
        append_escaped(out, scalar_text(member, value, TimestampFormat::iso8601));
    }
    close_element(out, member);
}

void append_xml_members(std::string& out, const Shape& shape, const json::object& value) {
    for (const Member& member : shape.members) {
        if (member.location != Location::body || member.xml_attribute) continue;
        if (const json::value* found = value.if_contains(member.name)) {
            append_xml(out, member, *found);
        }
    }
}

json::value value_from_xml(const Member& member, const XmlElement& element) {
    const Shape& shape = *member.shape;
    if (shape.type == Type::structure) return structure_from_xml(shape, element);
    if (shape.type == Type::list) {
        json::array values;
        for (const XmlElement& child : element.children) {
            if (child.name == shape.element().wire_name) {
                values.push_back(value_from_xml(shape.element(), child));
            }
        }
        return values;
    }
    if (shape.type == Type::map) {
        json::object values;
        for (const XmlElement& entry : element.children) {
            const XmlElement* key = entry.find(shape.key().wire_name);
            const XmlElement* value = entry.find(shape.value().wire_name);
            if (key && value) values[key->text] = value_from_xml(shape.value(), *value);
        }
        return values;
    }
    return model::scalar_from_text(member, element.text);
}

std::string header_text(const Member& member, const json::value& value) {
    if (member.shape->type == Type::list && value.is_array()) {
        std::string text;
        for (const json::value& entry : value.get_array()) {
            if (!text.empty()) text += ", ";
            text += header_text(member.shape->element(), entry);
        }
        return text;
    }
    return scalar_text(member, value, TimestampFormat::rfc822);
}

}  // namespace sbemu::wire
