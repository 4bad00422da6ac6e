// Faults armed by a scenario or a test: the next matching calls fail with an AWS error.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu {

// Throws the armed error if a fault matches this call.
void throw_if_faulted(Context& ctx, std::string_view service, std::string_view operation);

// At the end of the event, outside of whatever the errors undid.
void count_down_faults(Store& store, const std::vector<std::int64_t>& fired);

}  // namespace sbemu
