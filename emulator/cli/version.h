// What this binary was built from.
#pragma once

#include <string>

namespace sbemu {

// "0.1.0 (abc1234)", or "0.1.0" if it was not built from a git checkout.
std::string version();

}  // namespace sbemu
