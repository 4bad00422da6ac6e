// Inline function code (Code.ZipFile of a template) as a package: the source as index.js or
// index.py with CloudFormation's response module beside it.
#pragma once

#include <string>
#include <string_view>

namespace sbemu::cloudformation {

// A zip. `runtime` decides the names: "nodejs20.x", "python3.12". Throws ApiError for a runtime
// that takes no inline code.
std::string package_inline_code(std::string_view runtime, std::string_view source);

}  // namespace sbemu::cloudformation
