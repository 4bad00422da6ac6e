// Reserved units as rows.
#include "emulator/store/store.h"
#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/table_reservations.h"

namespace sbemu::dynamodb {
namespace {

// Of the tables that `chosen` has, with what tables and indexes get when they are ACTIVE again.
std::string sum_of_units(const std::string& chosen) {
    return R"sql(
    WITH chosen AS (
        SELECT coalesce(settings -> '$.throughput_soon',
                        description -> '$.ProvisionedThroughput') AS throughput, indexes
        FROM dynamodb_table WHERE )sql" +
           chosen + R"sql(
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
}

}  // namespace

ReservedUnits reserved_units(Context& ctx) {
    static const std::string kSql = sum_of_units("account = ? AND region = ?");
    const auto row =
        ctx.store.find<std::int64_t, std::int64_t>(kSql, ctx.caller.account, ctx.caller.region);
    return {std::get<0>(*row), std::get<1>(*row)};
}

ReservedUnits reserved_units(Context& ctx, const std::string& table) {
    static const std::string kSql = sum_of_units("account = ? AND region = ? AND name = ?");
    const auto row = ctx.store.find<std::int64_t, std::int64_t>(kSql, ctx.caller.account,
                                                                ctx.caller.region, table);
    return {std::get<0>(*row), std::get<1>(*row)};
}

}  // namespace sbemu::dynamodb
