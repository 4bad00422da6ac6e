// What Lambda needs of requests beyond emulator/core/members.h.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/members.h"

namespace sbemu::lambda {

// Nothing if the member is absent or of another type.
std::optional<bool> find_flag(const boost::json::object& request, std::string_view member);

// Throws ValidationException for a missing member, as the API model's check does.
std::string required_text(const boost::json::object& request, std::string_view member);

// Whether the member asks for something: present and not null, false, 0, "", [] or {}.
bool asks_for(const boost::json::object& request, std::string_view member);

}  // namespace sbemu::lambda
