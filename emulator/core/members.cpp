#include "emulator/core/members.h"

#include <boost/json.hpp>

namespace sbemu {
namespace json = boost::json;

const json::value* find_member(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
}

std::optional<std::string> find_text(const json::object& object, std::string_view name) {
    const json::value* value = find_member(object, name);
    if (!value || !value->is_string()) return std::nullopt;
    return std::string(std::string_view(value->get_string()));
}

std::optional<std::int64_t> find_number(const json::object& object, std::string_view name) {
    const json::value* value = find_member(object, name);
    if (!value || !value->is_int64()) return std::nullopt;
    return value->get_int64();
}

const json::object* find_object(const json::object& object, std::string_view name) {
    const json::value* value = find_member(object, name);
    return value ? value->if_object() : nullptr;
}

const json::array* find_array(const json::object& object, std::string_view name) {
    const json::value* value = find_member(object, name);
    return value ? value->if_array() : nullptr;
}

std::string text_member(const json::object& object, std::string_view name,
                        std::string_view fallback) {
    const json::value* value = find_member(object, name);
    return std::string(value && value->is_string() ? std::string_view(value->get_string())
                                                   : fallback);
}

std::int64_t number_member(const json::object& object, std::string_view name,
                           std::int64_t fallback) {
    return find_number(object, name).value_or(fallback);
}

bool flag_member(const json::object& object, std::string_view name, bool fallback) {
    const json::value* value = find_member(object, name);
    return value && value->is_bool() ? value->get_bool() : fallback;
}

}  // namespace sbemu
