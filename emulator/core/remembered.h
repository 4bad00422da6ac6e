// What the kernel remembers of its rows, because it asks at every event: Store::remembered.
#pragma once

#include <cstdint>
#include <optional>

namespace sbemu {

struct NextTimerDue {
    std::optional<std::int64_t> milliseconds;  // the largest number: none is set
};

struct HasFaultRules {
    std::optional<bool> answer;
};

}  // namespace sbemu
