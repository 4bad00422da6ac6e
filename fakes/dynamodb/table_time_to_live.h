// When items expire.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// The TimeToLiveDescription.
boost::json::object describe_time_to_live(const Table& table);

// An item expires in this second (since the epoch): sets the timer "expire" if nothing expires
// before.
void expect_expiry(Context& ctx, std::int64_t second);

}  // namespace sbemu::dynamodb
