// What tables and global indexes can read and write: billing mode, provisioned, on-demand and warm
// throughput. Texts and limits: facts/dynamodb-kinesis.md 1.14 and ack-api-quirks (2026-10),
// DDB-TABLE-128, 134, 152 to 157, 164, 170, 171, 178 to 185.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "emulator/core/context.h"

namespace sbemu::dynamodb {

struct Billing {
    bool is_on_demand = false;
    std::int64_t read_units = 0;
    std::int64_t write_units = 0;
};

// DescribeLimits.
inline constexpr std::int64_t kMaxUnitsOfAccount = 80'000;
inline constexpr std::int64_t kMaxUnitsOfTable = 40'000;

// Of a description: whether its BillingModeSummary says so.
bool is_on_demand(const boost::json::object& description);
// Units that a ProvisionedThroughput asks for. Throws if a number is out of bounds.
Billing parse_units(const boost::json::object& throughput);
// Throws LimitExceededException for more than a table may have, or the index of that name.
void check_limits(const Context& ctx, const Billing& billing, const std::string& index = "");

// As a description has it: nothing increased or decreased yet.
boost::json::object new_throughput(const Billing& billing);
// `current`, changed to what is wanted. Throws if that changes nothing, or decreases too often.
// `index` is empty for the table's own.
boost::json::object changed_throughput(const Context& ctx, const boost::json::object& current,
                                       const boost::json::object& wanted,
                                       const std::string& index = "");

// What it is at `now`, in milliseconds, while it changes to `changed`: as it was, with the times of
// the change.
boost::json::object throughput_meanwhile(const boost::json::object& current,
                                         const boost::json::object& changed, std::int64_t now);
// NumberOfDecreasesToday at `now`, in milliseconds: they are forgotten at midnight, UTC.
std::int64_t decreases_today(const boost::json::object& throughput, std::int64_t now);

// OnDemandThroughput of a request, if it has one. Throws for a provisioned table, for numbers
// below 1 but -1 in an update, which ends a limit, and for more than a table may have.
struct OnDemandCheck {
    bool is_on_demand = false;
    bool is_update = false;
    std::string index = "";  // empty: the table's own
};
void check_on_demand_limits(const Context& ctx, const boost::json::object& request,
                            const OnDemandCheck& check);
// `current` with the members of `wanted`; -1 where a limit ends.
boost::json::object merged_on_demand_limits(const boost::json::object& current,
                                            const boost::json::object& wanted);
boost::json::object without_ended_limits(const boost::json::object& limits);

// What is warm from the start: what is provisioned, or a new table's throughput on demand.
boost::json::object initial_warm_throughput(const Billing& billing);
// What `warm` is in raised_warm_throughput: the least that a request may ask for.
enum class WarmFloor { initial_on_demand, provisioned, current };
// `warm` with the numbers of a WarmThroughput. Throws if one is lower than in `warm`, or more than
// a table may have. `index` is empty for the table's own.
boost::json::object raised_warm_throughput(const Context& ctx, const boost::json::object& warm,
                                           const boost::json::object& wanted, WarmFloor floor,
                                           const std::string& index = "");
// Warm throughput never decreases: the greater numbers of both.
boost::json::object greater_warm_throughput(const boost::json::object& a,
                                            const boost::json::object& b);

}  // namespace sbemu::dynamodb
