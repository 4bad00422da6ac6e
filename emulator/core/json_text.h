// Values to JSON text, and JSON text to values, nested as deeply as AWS takes it: Boost's own limit
// is 32 levels, a DynamoDB item of 32 levels has 66, and one of 100 is still refused for what it is
// (paritysuite deepRequests).
#pragma once

#include <boost/json/fwd.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace sbemu {

inline constexpr std::size_t kDeepestJson = 256;

// Throws boost::system::system_error for what is not JSON or is nested more than `deepest`.
boost::json::value parse_json(std::string_view text, std::size_t deepest = kDeepestJson);
// The same, but says so in `error` (boost::json::error::too_deep, ...) and returns null.
boost::json::value parse_json(std::string_view text, boost::system::error_code& error,
                              std::size_t deepest = kDeepestJson);

// Appends it as a JSON string. Bytes that are not UTF-8 stay as they are.
void append_json_string(std::string& out, std::string_view text);
// Appends the value without spaces, doubles as briefly as they can be told.
void append_json(std::string& out, const boost::json::value& value);
void append_json_object(std::string& out, const boost::json::object& object);

}  // namespace sbemu
