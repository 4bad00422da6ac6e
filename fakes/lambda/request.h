// Reads members of a request whose JSON types the API model has checked already.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sbemu::lambda {

// Nothing if the member is absent, null or of another type.
std::optional<std::string> find_text(const boost::json::object& request, std::string_view member);
std::optional<std::int64_t> find_number(const boost::json::object& request,
                                        std::string_view member);
std::optional<bool> find_flag(const boost::json::object& request, std::string_view member);
const boost::json::object* find_object(const boost::json::object& request, std::string_view member);
const boost::json::array* find_array(const boost::json::object& request, std::string_view member);

// Throws ValidationException for a missing member, as the API model's check does.
std::string required_text(const boost::json::object& request, std::string_view member);

// Whether the member asks for something: present and not null, false, 0, "", [] or {}.
bool asks_for(const boost::json::object& request, std::string_view member);

}  // namespace sbemu::lambda
