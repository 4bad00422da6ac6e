// The events that functions get from streams, as text: AWS's key order, and times as decimal
// numbers, which Boost.JSON would print as 1.545084650987E9.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fakes/lambda/stream_source.h"

namespace sbemu::lambda {

// One element of "Records". `role` is the function's, `shard` the record's.
std::string event_record(const StreamSource& source, const StreamRecord& record,
                         std::string_view shard, std::string_view role);

// 1545084650987 as "1545084650.987", 1545084650000 as "1545084650.0".
std::string seconds_text(std::int64_t milliseconds);

}  // namespace sbemu::lambda
