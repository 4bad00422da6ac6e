// Event ids as AWS has them: 56 digits that sort as the events do. They are the time of the event
// times 2^144, plus something below (API_FilterLogEvents' examples bear it out); below, ours have
// the order of arrival.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fakes/logs/rows.h"

namespace sbemu::logs {

std::string event_id(Position position);
std::optional<Position> parse_event_id(std::string_view text);

}  // namespace sbemu::logs
