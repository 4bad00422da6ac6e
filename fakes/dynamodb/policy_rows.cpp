// Resource-based policies as rows.
#include <algorithm>

#include "emulator/store/store.h"
#include "fakes/dynamodb/table_policies.h"

namespace sbemu::dynamodb {

namespace {

void write(Context& ctx, const std::string& arn, const std::string& policy, std::int64_t revision) {
    ctx.store.run("INSERT OR REPLACE INTO dynamodb_policy (arn, policy, revision) VALUES (?, ?, ?)",
                  arn, policy, revision);
}

// A revision is the time of its change; two of one moment differ.
std::int64_t next_revision(Context& ctx, const std::string& arn) {
    const auto last = last_policy_change(ctx, arn);
    return std::max(to_milliseconds(ctx.now), last ? *last + 1 : 0);
}

}  // namespace

// An empty text is left of one that was deleted.
std::optional<Policy> find_policy(Context& ctx, const std::string& arn) {
    const auto row = ctx.store.find<std::string, std::int64_t>(
        "SELECT policy, revision FROM dynamodb_policy WHERE arn = ? AND policy <> ''", arn);
    if (!row) return std::nullopt;
    return Policy{std::get<0>(*row), std::get<1>(*row)};
}

std::optional<std::int64_t> last_policy_change(Context& ctx, const std::string& arn) {
    return ctx.store.value<std::int64_t>("SELECT revision FROM dynamodb_policy WHERE arn = ?", arn);
}

std::int64_t put_policy(Context& ctx, const std::string& arn, const std::string& policy) {
    const std::int64_t revision = next_revision(ctx, arn);
    write(ctx, arn, policy, revision);
    return revision;
}

void erase_policy(Context& ctx, const std::string& arn) {
    write(ctx, arn, "", next_revision(ctx, arn));
}

void erase_policies(Context& ctx, const std::string& table_arn) {
    ctx.store.run("DELETE FROM dynamodb_policy WHERE arn = ?1 OR substr(arn, 1, length(?2)) = ?2",
                  table_arn, table_arn + "/stream/");
}

}  // namespace sbemu::dynamodb
