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

// Whether the value has more than so many objects and arrays in one another; itself is one.
bool is_nested_deeper(const boost::json::value& value, std::size_t levels);

// DynamoDB checks a request for one item in an older way, with older texts, if a value in it is
// nested more than about 62 levels (paritysuite deepRequests, 2026-10-09: 40 maps are checked in
// the new way, 63 are not). Each level has two of JSON's; where exactly is assumed.
inline constexpr std::size_t kDeepestCurrentJson = 128;

// Appends it as a JSON string. Bytes that are not UTF-8 stay as they are.
void append_json_string(std::string& out, std::string_view text);
// Appends the value without spaces, doubles as briefly as they can be told.
void append_json(std::string& out, const boost::json::value& value);
void append_json_object(std::string& out, const boost::json::object& object);

}  // namespace sbemu
