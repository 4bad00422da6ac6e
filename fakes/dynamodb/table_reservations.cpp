#include "fakes/dynamodb/table_reservations.h"

#include "emulator/store/store.h"
#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/table_throughput.h"

namespace sbemu::dynamodb {
namespace {

// With what tables and indexes get when they are ACTIVE again.
constexpr std::string_view kUnits = R"sql(
    WITH chosen AS (
        SELECT coalesce(settings -> '$.throughput_soon',
                        description -> '$.ProvisionedThroughput') AS throughput, indexes
        FROM dynamodb_table WHERE account = ?1 AND region = ?2 AND (?3 = '' OR name = ?3)
    ), of_indexes AS (
        SELECT value ->> 'description' AS description
        FROM chosen, json_each(nullif(indexes, '')) WHERE value ->> 'description' <> ''
    ), throughputs AS (
        SELECT throughput FROM chosen UNION ALL
        SELECT coalesce(description -> '$.throughput_soon', description -> '$.throughput')
        FROM of_indexes
    )
    SELECT coalesce(sum(throughput ->> 'ReadCapacityUnits'), 0),
        coalesce(sum(throughput ->> 'WriteCapacityUnits'), 0) FROM throughputs
)sql";

ReservedUnits units_of(Context& ctx, const std::string& table) {
    const auto row = ctx.store.find<std::int64_t, std::int64_t>(kUnits, ctx.caller.account,
                                                                ctx.caller.region, table);
    return {std::get<0>(*row), std::get<1>(*row)};
}

void check(const Context& ctx, const std::string& name, std::int64_t before, std::int64_t after,
           std::int64_t wanted) {
    if (after <= kMaxUnitsOfAccount || after <= before) return;
    throw ApiError("LimitExceededException",
                   "This request would have caused the " + name +
                       " limit to be exceeded for the account in " + ctx.caller.region +
                       ". Current " + name + " reserved by the account: " + std::to_string(before) +
                       ". Limit: " + std::to_string(kMaxUnitsOfAccount) +
                       ". Requested: " + std::to_string(wanted) +
                       ". Refer to the Amazon DynamoDB Developer Guide for current limits and how "
                       "to request higher limits.");
}

}  // namespace

ReservedUnits reserved_units(Context& ctx) { return units_of(ctx, ""); }

void check_account_limits(Context& ctx, const ReservedUnits& before, const std::string& table) {
    const ReservedUnits after = reserved_units(ctx);
    const ReservedUnits wanted = units_of(ctx, table);
    check(ctx, "ReadCapacityUnits", before.reads, after.reads, wanted.reads);
    check(ctx, "WriteCapacityUnits", before.writes, after.writes, wanted.writes);
}

}  // namespace sbemu::dynamodb
