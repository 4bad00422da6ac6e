// Server-side encryption of tables. Facts: ack-api-quirks (2026-10), DDB-TABLE-027, 036, 044, 065,
// 079 to 082, 140 to 142, 371.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "fakes/dynamodb/table_update.h"

namespace sbemu::dynamodb {

// The SSEDescription that an SSESpecification leads to; nothing if it does not encrypt. Throws if
// its members contradict each other.
std::optional<boost::json::object> encryption_of(const Context& ctx,
                                                 const boost::json::object& specification);

// Carries out the SSESpecification of an UpdateTable, if it has one: the SSEDescription is
// UPDATING then, the table stays as it is. Throws if nothing changes, another change is under way,
// or there were too many.
void update_encryption(Context& ctx, TableUpdate& update);

}  // namespace sbemu::dynamodb
