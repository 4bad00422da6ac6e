// Reading members of requests. Types were checked against the API model before; a member of
// another JSON type, null or an absent member all read as "not given".
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sbemu {

// Null if the member is absent or JSON null.
const boost::json::value* find_member(const boost::json::object& object, std::string_view name);

std::optional<std::string> find_text(const boost::json::object& object, std::string_view name);
std::optional<std::int64_t> find_number(const boost::json::object& object, std::string_view name);
const boost::json::object* find_object(const boost::json::object& object, std::string_view name);
const boost::json::array* find_array(const boost::json::object& object, std::string_view name);

// The member, or what it defaults to.
std::string text_member(const boost::json::object& object, std::string_view name,
                        std::string_view fallback = "");
std::int64_t number_member(const boost::json::object& object, std::string_view name,
                           std::int64_t fallback);
bool flag_member(const boost::json::object& object, std::string_view name, bool fallback = false);

}  // namespace sbemu
