// The response modules that CloudFormation puts beside inline code, as bytes in the binary.
#pragma once

#include <string_view>

namespace sbemu::cloudformation {

std::string_view node_response_module();
std::string_view python_response_module();

}  // namespace sbemu::cloudformation
