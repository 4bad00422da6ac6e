// What the kernel remembers of its rows, because it asks at every event: Store::remembered.
#pragma once

#include <cstddef>

namespace sbemu {

inline constexpr std::size_t kNextTimerDue = 0;   // milliseconds; the largest number: none is set
inline constexpr std::size_t kHasFaultRules = 1;  // 0 or 1

}  // namespace sbemu
