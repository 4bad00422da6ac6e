// The properties that a resource type takes, as its schema on AWS describes them.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sbemu::cloudformation {

enum class Kind {
    text,
    integer,
    boolean,
    object,    // has `members`
    text_map,  // any names, with texts
    list,      // of objects with `members`, or of texts if there are none
    document,  // a policy: an object, or its text
};

struct Property {
    std::string_view name;
    Kind kind = Kind::text;
    bool required = false;
    bool replaces = false;  // changing it needs a new resource
    std::span<const Property> members = {};
};

inline constexpr Property kTagMembers[] = {{.name = "Key", .required = true},
                                           {.name = "Value", .required = true}};

// What is wrong with resolved properties, in AWS's words with the path to each fault:
// "#/Timeout: expected type: Integer, found: String". Scalars are converted both ways, so "3" is
// an integer and 3 a text (facts/cloudformation.md 3.1). Empty if nothing is wrong.
std::vector<std::string> property_faults(std::span<const Property> known,
                                         const boost::json::object& properties);

// The path of the first property that is not `known` ("Code/ImageUri"); empty if there is none.
std::string unknown_property(std::span<const Property> known,
                             const boost::json::object& properties);

}  // namespace sbemu::cloudformation
