// What operations on tables share: descriptions and the state machine of a table.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// As the answers of CreateTable and UpdateTable have it.
boost::json::object describe(const Table& table);

// Throws ResourceNotFoundException naming the table.
Table existing_table(Context& ctx, const boost::json::object& request);
// Throws ResourceInUseException unless the table is ACTIVE.
void check_changeable(const Table& table);

// CREATING, UPDATING and DELETING end with the next pulse.
void settle_soon(Context& ctx, const Table& table);

// BillingMode and ProvisionedThroughput of a request, checked against each other.
struct Billing {
    std::string mode;  // PROVISIONED, PAY_PER_REQUEST
    std::int64_t read_units = 0;
    std::int64_t write_units = 0;
};
void check_bounds(const Billing& billing);

// The SSEDescription that an SSESpecification leads to; nothing if it is not Enabled.
std::optional<boost::json::object> encryption_of(Context& ctx,
                                                 const boost::json::object& specification);
void check_table_class(const boost::json::object& request);

}  // namespace sbemu::dynamodb
