// What the operations on backups share.
#pragma once

#include <boost/json/object.hpp>

#include "fakes/dynamodb/backups.h"
#include "fakes/dynamodb/table_keys.h"

namespace sbemu::dynamodb {

// Throws BackupNotFoundException, AccessDeniedException or ValidationException.
Backup existing_backup(Context& ctx, const boost::json::object& request);
// Whether a table is CREATING from it: one restore at a time.
bool is_being_restored(Context& ctx, const Backup& backup);
// Units only.
boost::json::object plain_throughput(const boost::json::object& throughput);

}  // namespace sbemu::dynamodb
