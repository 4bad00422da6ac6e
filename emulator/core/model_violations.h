// Constraints of the API models: which of them a value breaks, and the error that says so.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/error.h"
#include "emulator/core/model.h"

namespace sbemu::model {

struct Violation {
    std::string path;        // "keySchema.1.member.attributeName"
    std::string value;       // as Java prints it
    bool is_null = false;    // then there is no value
    std::string constraint;  // "Member must have length less than or equal to 255"
    std::string shape;       // of the member at `path`
};

std::string lower_camel(std::string_view name);

// Values as Java's toString has them: [a, b], {k=v}, Shape(member=value, other=null).
std::string java_text(const Shape& shape, const boost::json::value& value);
std::string java_list(const Shape& shape, const boost::json::array& value);
std::string java_map(const Shape& shape, const boost::json::object& value);

std::string length_at_least(const Shape& shape);
std::string length_at_most(const Shape& shape);

// Of a scalar of the right type. Empty if all is well.
std::vector<std::string> broken_constraints(const Shape& shape, const boost::json::value& value);
// The same of a string: whether it breaks none.
bool is_sound_text(const Shape& shape, std::string_view text);
// As printed between the brackets of "Member must satisfy constraint: [...]".
std::string all_constraints(const Shape& shape);

// The service's error for what is wrong; `violations` is not empty.
ApiError violation_error(const Operation& operation, const boost::json::object& request,
                         std::vector<Violation> violations);

}  // namespace sbemu::model
