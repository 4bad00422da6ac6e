#include "emulator/store/store.h"
#include "fakes/lambda/rows.h"

namespace sbemu::lambda {
namespace {

using InvocationRow =
    std::tuple<std::string, std::string, std::string, std::string, std::string, std::string,
               std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string,
               std::optional<std::string>, std::int64_t, std::optional<std::int64_t>, std::int64_t,
               std::int64_t, std::string, std::string, std::string>;

Invocation invocation_of(InvocationRow row) {
    auto& [id, account, region, function_name, request_id, invoked_arn, kind, state, deferred_event,
           wants_log, payload, client_context, attempt, started_at, memory_size, timeout_seconds,
           log_group, mapping, shard] = row;
    return {std::move(id),
            {std::move(account), std::move(region), {}},
            std::move(function_name),
            std::move(request_id),
            std::move(invoked_arn),
            static_cast<InvocationKind>(kind),
            static_cast<InvocationState>(state),
            deferred_event,
            wants_log != 0,
            std::move(payload),
            std::move(client_context),
            attempt,
            started_at,
            memory_size,
            timeout_seconds,
            std::move(log_group),
            std::move(mapping),
            std::move(shard)};
}

}  // namespace

void insert_invocation(Context& ctx, const Invocation& invocation) {
    ctx.store.run(
        "INSERT INTO lambda_invocation (id, account, region, function_name, request_id,"
        " invoked_arn, kind, state, deferred_event, wants_log, payload, client_context, attempt,"
        " started_at, memory_size, timeout_seconds, log_group, mapping, shard)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        invocation.id, invocation.caller.account, invocation.caller.region,
        invocation.function_name, invocation.request_id, invocation.invoked_arn,
        static_cast<std::int64_t>(invocation.kind), static_cast<std::int64_t>(invocation.state),
        invocation.deferred_event, std::int64_t{invocation.wants_log}, Bytes{invocation.payload},
        invocation.client_context, invocation.attempt, invocation.started_at,
        invocation.memory_size, invocation.timeout_seconds, invocation.log_group,
        invocation.mapping, invocation.shard);
}

std::optional<Invocation> find_invocation(Store& store, std::string_view id) {
    auto row =
        store.find<std::string, std::string, std::string, std::string, std::string, std::string,
                   std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string,
                   std::optional<std::string>, std::int64_t, std::optional<std::int64_t>,
                   std::int64_t, std::int64_t, std::string, std::string, std::string>(
            "SELECT id, account, region, function_name, request_id, invoked_arn, kind, state,"
            " deferred_event, wants_log, payload, client_context, attempt, started_at,"
            " memory_size, timeout_seconds, log_group, mapping, shard"
            " FROM lambda_invocation WHERE id = ?",
            id);
    if (!row) return std::nullopt;
    return invocation_of(std::move(*row));
}

bool has_invocation_of_request(Context& ctx, std::string_view request_id) {
    return ctx.store
        .value<std::int64_t>("SELECT 1 FROM lambda_invocation WHERE request_id = ? LIMIT 1",
                             request_id)
        .has_value();
}

void update_invocation(Context& ctx, const Invocation& invocation) {
    ctx.store.run(
        "UPDATE lambda_invocation SET state = ?, started_at = ?, memory_size = ?,"
        " timeout_seconds = ?, log_group = ? WHERE id = ?",
        static_cast<std::int64_t>(invocation.state), invocation.started_at, invocation.memory_size,
        invocation.timeout_seconds, invocation.log_group, invocation.id);
}

void erase_invocation(Context& ctx, std::string_view id) {
    ctx.store.run("DELETE FROM lambda_invocation WHERE id = ?", id);
}

std::vector<Invocation> list_all_invocations(Store& store) {
    std::vector<Invocation> invocations;
    for (auto& row :
         store.list<std::string, std::string, std::string, std::string, std::string, std::string,
                    std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string,
                    std::optional<std::string>, std::int64_t, std::optional<std::int64_t>,
                    std::int64_t, std::int64_t, std::string, std::string, std::string>(
             "SELECT id, account, region, function_name, request_id, invoked_arn, kind, state,"
             " deferred_event, wants_log, payload, client_context, attempt, started_at,"
             " memory_size, timeout_seconds, log_group, mapping, shard"
             " FROM lambda_invocation ORDER BY number")) {
        invocations.push_back(invocation_of(std::move(row)));
    }
    return invocations;
}

std::vector<Invocation> list_queued_invocations(Context& ctx, std::string_view function_name) {
    std::vector<Invocation> queued;
    for (Invocation& invocation : list_all_invocations(ctx.store)) {
        if (invocation.state == InvocationState::queued &&
            invocation.function_name == function_name &&
            invocation.caller.account == ctx.caller.account &&
            invocation.caller.region == ctx.caller.region) {
            queued.push_back(std::move(invocation));
        }
    }
    return queued;
}

}  // namespace sbemu::lambda
