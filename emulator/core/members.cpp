#include "emulator/core/members.h"

#include <boost/json.hpp>

namespace sbemu {
namespace json = boost::json;

std::optional<std::string> find_text(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    if (!member || !member->is_string()) return std::nullopt;
    return std::string(member->get_string());
}

std::optional<std::int64_t> find_integer(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    if (!member || !member->is_int64()) return std::nullopt;
    return member->get_int64();
}

std::string text_of(const json::object& object, std::string_view name) {
    return find_text(object, name).value_or("");
}

bool flag_of(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    return member && member->is_bool() && member->get_bool();
}

const json::object* find_object(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    return member ? member->if_object() : nullptr;
}

const json::array* find_array(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    return member ? member->if_array() : nullptr;
}

}  // namespace sbemu
