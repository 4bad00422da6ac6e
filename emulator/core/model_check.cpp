// check_request: the generic errors of the API models, types first, then constraints.
#include <boost/json.hpp>
#include <cmath>

#include "emulator/core/model_type_errors.h"
#include "emulator/core/model_violations.h"

namespace sbemu {
namespace model {
namespace {

namespace json = boost::json;

// Where the walk is; made text only when something is wrong there.
struct Place {
    const Place* outer = nullptr;
    std::string_view name;
    std::size_t index = 0;  // 1-based, of a list's element
    enum class Kind { member, element, entry } kind = Kind::member;

    std::string text() const {
        std::string path = outer && (outer->outer || !outer->name.empty()) ? outer->text() : "";
        switch (kind) {
            case Kind::member:
                if (name.empty()) return path;
                if (!path.empty()) path += '.';
                return path + lower_camel(name);
            case Kind::element:
                return path + "." + std::to_string(index) + ".member";
            case Kind::entry:
                return path + "." + std::string(name) + ".member";
        }
        return path;
    }
};

class Check {
  public:
    explicit Check(const Operation& operation)
        : operation_(operation), family_(family_of(*operation.service)) {}

    void run(const json::object& request) {
        structure(*operation_.input, request, Place{});
        if (family_ == Family::rest_xml) {
            // S3 has errors of its own for values; only a missing member is the XML's fault.
            std::erase_if(violations_, [](const Violation& v) { return !v.is_null; });
        }
        if (violations_.empty()) return;
        throw violation_error(operation_, request, std::move(violations_));
    }

  private:
    void value(const Shape& shape, const json::value& value, const Place& place) {
        switch (shape.type) {
            case Type::structure:
                if (!value.is_object()) fail(shape, value, place);
                return structure(shape, value.get_object(), place);
            case Type::list:
                if (!value.is_array()) fail(shape, value, place);
                return list(shape, value.get_array(), place);
            case Type::map:
                if (!value.is_object()) fail(shape, value, place);
                return map(shape, value.get_object(), place);
            default:
                scalar_type(shape, value, place);
                if (shape.has_constraints) {
                    for (std::string& constraint : broken_constraints(shape, value)) {
                        violate(shape, value, place, std::move(constraint));
                    }
                }
        }
    }

    void structure(const Shape& shape, const json::object& object, const Place& outer) {
        if (!shape.has_constraints) {
            for (const auto& [name, member_value] : object) {
                const Member* member = shape.find(name);
                if (!member || member_value.is_null()) continue;
                value(*member->shape, member_value, Place{&outer, member->name});
            }
            return;
        }
        if (object.size() == 1 && !has_required(shape)) {  // most: an AttributeValue
            const auto& [name, only_value] = *object.begin();
            const Member* member = shape.find(name);
            if (!member || only_value.is_null()) return;
            return value(*member->shape, only_value, Place{&outer, member->name});
        }
        for (const Member& member : shape.members) {
            const json::value* found = object.if_contains(member.name);
            const Place place{&outer, member.name};
            if (found && !found->is_null()) {
                value(*member.shape, *found, place);
            } else if (member.required && !is_in_body(shape, member)) {
                violations_.push_back(
                    {place.text(), {}, true, "Member must not be null", member.shape->name});
            }
        }
    }

    static bool has_required(const Shape& shape) {
        return std::any_of(shape.members.begin(), shape.members.end(),
                           [](const Member& member) { return member.required; });
    }

    // Streaming and payload blobs travel beside the request, not in it.
    static bool is_in_body(const Shape& shape, const Member& member) {
        return member.streaming || (shape.payload == &member && member.shape->type == Type::blob);
    }

    // What is in DynamoDB's values, the service looks at itself.
    static bool takes_null(const Shape& list) {
        return list.name.ends_with("AttributeValue") ||
               list.element().shape->name == "AttributeValue";
    }

    void list(const Shape& shape, const json::array& array, const Place& place) {
        length(shape, array.size(), place, [&] { return java_list(shape, array); });
        const Shape& element = *shape.element().shape;
        std::size_t index = 0;
        bool sound = true;
        for (const json::value& entry : array) {
            ++index;
            if (entry.is_null()) {
                if (family_ != Family::dynamodb || takes_null(shape)) continue;
                throw ApiError("SerializationException", "");  // assumed
            }
            if (!element.is_scalar()) {
                value(element, entry, Place{&place, {}, index, Place::Kind::element});
                continue;
            }
            scalar_type(element, entry, place);
            sound = sound && broken_constraints(element, entry).empty();
        }
        if (sound) return;
        violations_.push_back({place.text(), java_list(shape, array), false,
                               "Member must satisfy constraint: [" + all_constraints(element) +
                                   ", Member must not be null]",
                               shape.name});
    }

    void map(const Shape& shape, const json::object& object, const Place& place) {
        length(shape, object.size(), place, [&] { return java_map(shape, object); });
        const Shape& key = *shape.key().shape;
        const Shape& entry = *shape.value().shape;
        bool keys_sound = true;
        bool values_sound = true;
        for (const auto& [name, entry_value] : object) {
            if (key.has_constraints) {
                keys_sound = keys_sound && is_sound_text(key, name);
            }
            if (entry_value.is_null()) continue;
            if (entry.is_scalar()) {
                scalar_type(entry, entry_value, place);
                values_sound = values_sound && broken_constraints(entry, entry_value).empty();
                continue;
            }
            if (entry.type == Type::list && !length_fits(entry, entry_value)) values_sound = false;
            value(entry, entry_value, Place{&place, name, 0, Place::Kind::entry});
        }
        const auto add = [&](const char* what, const Shape& part, const char* tail) {
            violations_.push_back({place.text(), java_map(shape, object), false,
                                   std::string(what) + " must satisfy constraint: [" +
                                       all_constraints(part) + tail + "]",
                                   shape.name});
        };
        if (!values_sound)
            add("Map value", entry, entry.is_scalar() ? ", Member must not be null" : "");
        if (!keys_sound) add("Map keys", key, "");
    }

    static bool length_fits(const Shape& shape, const json::value& value) {
        if (!value.is_array()) return true;
        const auto size = static_cast<double>(value.get_array().size());
        return !(shape.min && size < *shape.min) && !(shape.max && size > *shape.max);
    }

    template <typename Printed>
    void length(const Shape& shape, std::size_t size, const Place& place, Printed printed) {
        if (!shape.min && !shape.max) return;
        // A map's list values break the map's own constraint (facts 1.3, BatchWriteItem).
        if (place.kind == Place::Kind::entry) return;
        std::string constraint;
        if (shape.min && static_cast<double>(size) < *shape.min) {
            constraint = length_at_least(shape);
        } else if (shape.max && static_cast<double>(size) > *shape.max) {
            constraint = length_at_most(shape);
        } else {
            return;
        }
        violations_.push_back({place.text(), printed(), false, std::move(constraint), shape.name});
    }

    void scalar_type(const Shape& shape, const json::value& value, const Place& place) {
        switch (shape.type) {
            case Type::string:
                if (!value.is_string()) fail(shape, value, place);
                return;
            case Type::blob: {
                if (!value.is_string()) fail(shape, value, place);
                const std::string fault = base64_fault(value.get_string());
                if (!fault.empty()) throw blob_error(family_, value.get_string(), fault);
                return;
            }
            case Type::boolean:
                if (!value.is_bool()) fail(shape, value, place);
                return;
            case Type::integer:
            case Type::long_integer:
            case Type::timestamp:
                if (!value.is_int64()) fail(shape, value, place);
                return;
            default:
                if (!value.is_number()) fail(shape, value, place);
        }
    }

    [[noreturn]] void fail(const Shape& shape, const json::value& value, const Place& place) {
        throw type_error(family_, shape, value, place.text());
    }

    void violate(const Shape& shape, const json::value& value, const Place& place,
                 std::string constraint) {
        violations_.push_back(
            {place.text(), java_text(shape, value), false, std::move(constraint), shape.name});
    }

    const Operation& operation_;
    Family family_;
    std::vector<Violation> violations_;
};

}  // namespace
}  // namespace model

void check_request(std::string_view service, std::string_view operation,
                   const boost::json::object& request) {
    const model::Operation* found = model::find_operation(service, operation);
    if (found && found->input) model::Check(*found).run(request);
}

}  // namespace sbemu
