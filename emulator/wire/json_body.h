// JSON request bodies.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

namespace sbemu::wire {

// Throws ApiError SerializationException, without a message as AWS has it, if the text is not a
// JSON object.
boost::json::object parse_json_object(std::string_view body);

}  // namespace sbemu::wire
