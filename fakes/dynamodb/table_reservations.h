// What the provisioned tables of an account may reserve together. Facts: ack-api-quirks (2026-10),
// DDB-TABLE-170, 171.
#pragma once

#include <cstdint>
#include <string>

#include "emulator/core/context.h"

namespace sbemu::dynamodb {

// Of all tables and their global indexes in the caller's account and region.
struct ReservedUnits {
    std::int64_t reads = 0;
    std::int64_t writes = 0;
};
ReservedUnits reserved_units(Context& ctx);

// After a change: throws LimitExceededException if there is more than `before`, and more than an
// account may have. `table` is what was made or changed.
void check_account_limits(Context& ctx, const ReservedUnits& before, const std::string& table);

}  // namespace sbemu::dynamodb
