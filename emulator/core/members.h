// Reads members of a request. Their types were checked against the API model before the handler
// ran, so a member of another type is treated as absent.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sbemu {

std::optional<std::string> find_text(const boost::json::object& object, std::string_view name);
std::optional<std::int64_t> find_integer(const boost::json::object& object, std::string_view name);

// The member, or what an absent one means.
std::string text_of(const boost::json::object& object, std::string_view name);  // empty
bool flag_of(const boost::json::object& object, std::string_view name);         // false

// Null unless the member is there and an object or an array.
const boost::json::object* find_object(const boost::json::object& object, std::string_view name);
const boost::json::array* find_array(const boost::json::object& object, std::string_view name);

}  // namespace sbemu
