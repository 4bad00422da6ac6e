// Bytes and times as they stand in captures.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/time.h"

namespace sbemu {

// The text itself if the bytes are UTF-8, else {"base64": ...}.
boost::json::value captured_text(std::string_view bytes);
// Nothing if the value is neither.
std::optional<std::string> bytes_of(const boost::json::value& value);

// A member that may be anything; "" unless it is a text.
std::string text_or_nothing(const boost::json::object& object, std::string_view name);

// "2017-03-01T00:00:00.000Z", as iso_time prints it; nothing for anything else.
std::optional<Time> parse_iso_time(std::string_view text);

}  // namespace sbemu
