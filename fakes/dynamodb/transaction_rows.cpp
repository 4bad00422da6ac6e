// Transactions of the last ten minutes that had a ClientRequestToken, as rows.
#include <boost/json.hpp>

#include "emulator/store/store.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kTokenLifetime = 10 * 60'000;  // milliseconds

}  // namespace

std::optional<StoredTransaction> find_transaction(Context& ctx, std::string_view token) {
    const auto row = ctx.store.find<std::string, std::string>(
        "SELECT digest, reads FROM dynamodb_transaction"
        " WHERE account = ? AND region = ? AND token = ? AND created > ?",
        ctx.caller.account, ctx.caller.region, token, to_milliseconds(ctx.now) - kTokenLifetime);
    if (!row) return std::nullopt;
    StoredTransaction transaction;
    transaction.digest = std::get<0>(*row);
    const json::object reads = json::parse(std::get<1>(*row)).as_object();
    for (const auto& [table, half_units] : reads) {
        transaction.reads[table] = half_units.as_int64();
    }
    return transaction;
}

void insert_transaction(Context& ctx, std::string_view token,
                        const StoredTransaction& transaction) {
    ctx.store.run("DELETE FROM dynamodb_transaction WHERE created <= ?",
                  to_milliseconds(ctx.now) - kTokenLifetime);
    json::object reads;
    for (const auto& [table, half_units] : transaction.reads) reads[table] = half_units;
    ctx.store.run(
        "INSERT INTO dynamodb_transaction (account, region, token, created, digest, reads)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        ctx.caller.account, ctx.caller.region, token, to_milliseconds(ctx.now), transaction.digest,
        json::serialize(reads));
}

}  // namespace sbemu::dynamodb
