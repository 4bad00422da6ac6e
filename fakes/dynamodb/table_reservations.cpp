#include "fakes/dynamodb/table_reservations.h"

#include "fakes/dynamodb/table_throughput.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace {

void check(const Context& ctx, const std::string& name, std::int64_t before, std::int64_t after,
           std::int64_t wanted) {
    if (after <= kMaxUnitsOfAccount || after <= before) return;
    throw limit_exceeded(
        "This request would have caused the " + name + " limit to be exceeded for the account in " +
        ctx.caller.region + ". Current " + name + " reserved by the account: " +
        std::to_string(before) + ". Limit: " + std::to_string(kMaxUnitsOfAccount) +
        ". Requested: " + std::to_string(wanted) +
        ". Refer to the Amazon DynamoDB Developer Guide for current limits and how "
        "to request higher limits.");
}

}  // namespace

void check_account_limits(Context& ctx, const ReservedUnits& before, const std::string& table) {
    const ReservedUnits now = reserved_units(ctx, table);
    const std::int64_t reads = now.reads - before.reads;
    const std::int64_t writes = now.writes - before.writes;
    if (reads <= 0 && writes <= 0) return;  // without a look at all the other tables
    const ReservedUnits all = reserved_units(ctx);
    check(ctx, "ReadCapacityUnits", all.reads - reads, all.reads, now.reads);
    check(ctx, "WriteCapacityUnits", all.writes - writes, all.writes, now.writes);
}

}  // namespace sbemu::dynamodb
