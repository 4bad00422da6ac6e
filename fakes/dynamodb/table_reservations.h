// What the provisioned tables of an account may reserve together. Facts: ack-api-quirks (2026-10),
// DDB-TABLE-170, 171.
#pragma once

#include <cstdint>
#include <string>

#include "emulator/core/context.h"

namespace sbemu::dynamodb {

struct ReservedUnits {
    std::int64_t reads = 0;
    std::int64_t writes = 0;
};

// reservation_rows.cpp
// Of all tables and their global indexes in the caller's account and region.
ReservedUnits reserved_units(Context& ctx);
// Of one table and its global indexes; none if there is no such table.
ReservedUnits reserved_units(Context& ctx, const std::string& table);

// After `table` was made or changed, which reserved `before`: throws LimitExceededException if it
// reserves more now, and all together more than an account may have.
void check_account_limits(Context& ctx, const ReservedUnits& before, const std::string& table);

}  // namespace sbemu::dynamodb
