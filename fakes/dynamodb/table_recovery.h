// Point-in-time recovery: while it is on, what items were before is kept (version_rows.cpp).
#pragma once

#include <cstdint>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// The moments to which a table with recovery_from can be restored, in milliseconds.
struct RecoveryWindow {
    std::int64_t earliest = 0;
    std::int64_t latest = 0;
};
RecoveryWindow recovery_window(const Context& ctx, const Table& table);

}  // namespace sbemu::dynamodb
