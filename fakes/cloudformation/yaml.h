// YAML templates as JSON: the short forms (!Ref, !GetAtt, !Sub ...) become their long ones.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace sbemu::cloudformation {

// Throws ApiError (ValidationError) with line and column if the text is not YAML.
boost::json::value parse_yaml(const std::string& text);

}  // namespace sbemu::cloudformation
