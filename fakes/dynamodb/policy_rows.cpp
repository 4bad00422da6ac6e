// Resource-based policies as rows.
#include "emulator/store/store.h"
#include "fakes/dynamodb/table_policies.h"

namespace sbemu::dynamodb {

std::optional<Policy> find_policy(Context& ctx, const std::string& arn) {
    const auto row = ctx.store.find<std::string, std::int64_t>(
        "SELECT policy, revision FROM dynamodb_policy WHERE arn = ?", arn);
    if (!row) return std::nullopt;
    return Policy{std::get<0>(*row), std::get<1>(*row)};
}

// A revision is the time of its change; two of one moment differ.
std::int64_t put_policy(Context& ctx, const std::string& arn, const std::string& policy) {
    const auto current = find_policy(ctx, arn);
    if (current && current->text == policy) return current->revision;
    const std::int64_t revision =
        std::max(to_milliseconds(ctx.now), current ? current->revision + 1 : 0);
    ctx.store.run("INSERT OR REPLACE INTO dynamodb_policy (arn, policy, revision) VALUES (?, ?, ?)",
                  arn, policy, revision);
    return revision;
}

void erase_policy(Context& ctx, const std::string& arn) {
    ctx.store.run("DELETE FROM dynamodb_policy WHERE arn = ?", arn);
}

void erase_policies(Context& ctx, const std::string& table_arn) {
    ctx.store.run("DELETE FROM dynamodb_policy WHERE arn = ?1 OR substr(arn, 1, length(?2)) = ?2",
                  table_arn, table_arn + "/stream/");
}

}  // namespace sbemu::dynamodb
