// Which Lambda runtimes there are, and which of them sbemu runs.
#pragma once

#include <string>

namespace sbemu::lambda {

// Accepts nodejs*, python3.* and provided*, retired ones included. Throws NotImplemented for
// AWS's other runtimes and InvalidParameterValueException for what never was one.
void check_runtime(const std::string& runtime);

}  // namespace sbemu::lambda
