// The API models: what operations take and answer, as botocore describes them. They drive the
// wire formats and give the generic type and constraint errors.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

namespace sbemu {

// Throws the service's own error for a request that does not fit the operation's input shape:
// wrong type, missing member, broken constraint.
void check_request(std::string_view service, std::string_view operation,
                   const boost::json::object& request);

// The request with its scalars converted to the types of the operation's input shape:
// CloudFormation gives "10" and "true" where an API wants 10 and true.
boost::json::object conform_request(std::string_view service, std::string_view operation,
                                    const boost::json::object& request);

}  // namespace sbemu
