// A point in emulated time. Milliseconds since the epoch: AWS never needs finer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sbemu {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

// Times are stored and passed between services as this: milliseconds since the epoch, UTC.
inline std::int64_t to_milliseconds(Time time) { return time.time_since_epoch().count(); }
inline Time from_milliseconds(std::int64_t value) { return Time{Duration{value}}; }

std::string iso_time(Time time);          // 2023-09-24T00:24:15.544Z
std::string iso_time_seconds(Time time);  // 2023-09-24T00:24:15Z
std::string compact_time(Time time);      // 20230924T002415Z, as SigV4 has it
std::string http_time(Time time);         // Sun, 24 Sep 2023 00:24:15 GMT
std::string day_path(Time time);          // 2023/09/24, as log streams are named

}  // namespace sbemu
