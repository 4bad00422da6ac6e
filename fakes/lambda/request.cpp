#include "fakes/lambda/request.h"

#include <boost/json.hpp>

#include "emulator/core/error.h"

namespace sbemu::lambda {
namespace json = boost::json;

std::optional<bool> find_flag(const json::object& request, std::string_view member) {
    const json::value* value = request.if_contains(member);
    if (!value || !value->is_bool()) return std::nullopt;
    return value->get_bool();
}

std::string required_text(const json::object& request, std::string_view member) {
    if (auto text = find_text(request, member)) return *text;
    std::string name(member);
    if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z')
        name[0] = static_cast<char>(name[0] | 32);
    throw ApiError("ValidationException", "1 validation error detected: Value null at '" + name +
                                              "' failed to satisfy constraint: Member must not be "
                                              "null");
}

bool asks_for(const json::object& request, std::string_view member) {
    const json::value* value = request.if_contains(member);
    if (!value) return false;
    switch (value->kind()) {
        case json::kind::null:
            return false;
        case json::kind::bool_:
            return value->get_bool();
        case json::kind::string:
            return !value->get_string().empty();
        case json::kind::array:
            return !value->get_array().empty();
        case json::kind::object:
            return !value->get_object().empty();
        default:
            return find_number(request, member) != 0;
    }
}

}  // namespace sbemu::lambda
