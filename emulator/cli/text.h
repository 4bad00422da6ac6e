// Times and durations as people write and read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/time.h"

namespace sbemu {

// "90s", "1h30m", "250ms", "2d": numbers with units, largest first. Nothing if it is none.
std::optional<Duration> parse_duration(std::string_view text);

// "250 ms", "1.5 s", "3 min 20 s", "2 h 5 min", "4 d 1 h".
std::string duration_text(Duration duration);

}  // namespace sbemu
