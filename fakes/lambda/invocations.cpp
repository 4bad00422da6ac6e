#include "fakes/lambda/invocations.h"

#include <boost/json.hpp>

#include "emulator/core/faults.h"
#include "emulator/core/timers.h"
#include "fakes/lambda/configuration.h"
#include "fakes/lambda/errors.h"
#include "fakes/lambda/invocation_log.h"
#include "fakes/lambda/names.h"
#include "fakes/lambda/outcome.h"
#include "fakes/lambda/poller.h"
#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

constexpr std::int64_t kAsyncAttempts = 3;  // facts/lambda.md 3.6

// After the first failure one minute, after the second two.
Duration retry_delay(std::int64_t failed_attempts) { return std::chrono::minutes(failed_attempts); }

void hand_out(Context& ctx, const Function& function, const Invocation& invocation) {
    json::object payload{{"Function", host_function_of(ctx, function)},
                         {"InvocationId", invocation.id},
                         {"RequestId", invocation.request_id},
                         {"InvokedFunctionArn", invocation.invoked_arn},
                         {"Payload", invocation.payload}};
    if (invocation.client_context) payload["ClientContext"] = *invocation.client_context;
    if (take_invoke_fault(ctx, function.name, "cold")) {
        ctx.effect("lambda.stop", {{"Environment", function.environment}});
    }
    ctx.effect("lambda.invoke", std::move(payload));
}

void take_limits(const Function& function, Invocation& invocation) {
    invocation.memory_size = memory_size_of(function);
    invocation.timeout_seconds = timeout_of(function);
    invocation.log_group = log_group_of(function);
}

void answer_caller(Context& ctx, const Invocation& invocation, const Verdict& verdict,
                   const std::string& log_tail) {
    Outcome outcome;
    outcome.result = {{"StatusCode", 200}, {"ExecutedVersion", kLatest}};
    if (verdict.failed) outcome.result["FunctionError"] = "Unhandled";
    if (invocation.wants_log) outcome.result["LogResult"] = log_tail;
    outcome.body = verdict.payload;
    ctx.complete(invocation.deferred_event, std::move(outcome));
}

// The next attempt has an id of its own, so that a late report about this one finds nothing.
void retry_later(Context& ctx, Invocation invocation) {
    const Duration delay = retry_delay(invocation.attempt);
    invocation.id = ctx.random.uuid();
    invocation.state = InvocationState::retrying;
    invocation.attempt += 1;
    invocation.started_at.reset();
    insert_invocation(ctx, invocation);
    set_timer(ctx, "lambda", "retry", invocation.id, ctx.now + delay);
}

// What follows for whoever asked for the invocation.
void conclude(Context& ctx, const Invocation& invocation, const Verdict& verdict,
              const std::string& log_tail) {
    switch (invocation.kind) {
        case InvocationKind::sync:
            answer_caller(ctx, invocation, verdict, log_tail);
            break;
        case InvocationKind::async:
            if (verdict.failed && invocation.attempt < kAsyncAttempts) {
                retry_later(ctx, invocation);
            }
            break;
        case InvocationKind::mapping:
            batch_ended(ctx, invocation, verdict);
            break;
    }
}

}  // namespace

std::optional<json::object> take_invoke_fault(Context& ctx, const std::string& function_name,
                                              std::string_view kind) {
    const json::object call{{"FunctionName", function_name}};
    return take_fault(ctx, {"lambda", "Invoke", call}, kind);
}

void start_invocation(Context& ctx, const Function& function, Invocation invocation) {
    invocation.caller = ctx.caller;
    invocation.function_name = function.name;
    if (!function.is_ready()) {
        invocation.state = InvocationState::queued;
        insert_invocation(ctx, invocation);
        return;
    }
    invocation.state = InvocationState::handed_out;
    take_limits(function, invocation);
    hand_out(ctx, function, invocation);
    // A batch is read again from its shard, and a caller is gone after a restart: only
    // asynchronous events are needed once more.
    if (invocation.kind != InvocationKind::async) invocation.payload.clear();
    insert_invocation(ctx, invocation);
}

void start_queued_invocations(Context& ctx, const Function& function) {
    for (Invocation& invocation : list_queued_invocations(ctx, function.name)) {
        invocation.state = InvocationState::handed_out;
        take_limits(function, invocation);
        update_invocation(ctx, invocation);
        hand_out(ctx, function, invocation);
    }
}

void drop_queued_invocations(Context& ctx, std::string_view function_name) {
    for (const Invocation& invocation : list_queued_invocations(ctx, function_name)) {
        erase_invocation(ctx, invocation.id);
        if (invocation.kind != InvocationKind::sync) continue;
        ctx.complete(invocation.deferred_event, function_not_found(invocation.invoked_arn));
    }
}

json::object invocation_started(Context& ctx, const json::object& report) {
    auto invocation = find_invocation(ctx.store, required_text(report, "InvocationId"));
    if (!invocation || invocation->state != InvocationState::handed_out) return {};
    invocation->state = InvocationState::running;
    invocation->started_at = to_milliseconds(ctx.now);
    update_invocation(ctx, *invocation);
    Context owner = ctx.as(invocation->caller);
    set_timer(owner, "lambda", "deadline", invocation->id,
              ctx.now + std::chrono::seconds(invocation->timeout_seconds));
    if (const auto fault = take_invoke_fault(owner, invocation->function_name, "kill")) {
        set_timer(owner, "lambda", "fault-kill", invocation->id,
                  ctx.now + Duration{fault->at("Delay").as_int64()});
    }
    return {};
}

json::object invocation_ended(Context& ctx, const json::object& report) {
    const auto invocation = find_invocation(ctx.store, required_text(report, "InvocationId"));
    if (!invocation || invocation->state == InvocationState::retrying) return {};
    Context owner = ctx.as(invocation->caller);
    erase_invocation(owner, invocation->id);
    if (invocation->state == InvocationState::timed_out) {
        const Time deadline = from_milliseconds(*invocation->started_at) +
                              std::chrono::seconds(invocation->timeout_seconds);
        write_log(owner, *invocation, timed_out(*invocation, deadline), report);
        return {};
    }
    cancel_timer(owner, "lambda", "deadline", invocation->id);
    cancel_timer(owner, "lambda", "fault-kill", invocation->id);
    const Verdict verdict = judge(*invocation, report, ctx.body);
    const std::string log_tail = write_log(owner, *invocation, verdict, report);
    conclude(owner, *invocation, verdict, log_tail);
    return {};
}

// The outcome is settled now; the row stays until the host reports the killed process's log.
void deadline_reached(Context& ctx, std::string_view id) {
    auto invocation = find_invocation(ctx.store, id);
    if (!invocation || invocation->state != InvocationState::running) return;
    ctx.effect("lambda.kill", {{"InvocationId", invocation->id}});
    const Verdict verdict = timed_out(*invocation, ctx.now);
    invocation->state = InvocationState::timed_out;
    update_invocation(ctx, *invocation);
    const std::string log_tail = log_tail_of(ctx, *invocation, verdict);
    conclude(ctx, *invocation, verdict, log_tail);
}

// Nothing is settled here: the process's end is reported as that of any process that crashed.
void kill_by_fault(Context& ctx, std::string_view id) {
    const auto invocation = find_invocation(ctx.store, id);
    if (!invocation || invocation->state != InvocationState::running) return;
    ctx.effect("lambda.kill", {{"InvocationId", invocation->id}, {"Fault", true}});
}

void retry_invocation(Context& ctx, std::string_view id) {
    const auto invocation = find_invocation(ctx.store, id);
    if (!invocation || invocation->state != InvocationState::retrying) return;
    erase_invocation(ctx, invocation->id);
    const auto function = find_function(ctx, invocation->function_name);
    if (function) start_invocation(ctx, *function, *invocation);
}

void resume_invocations(Context& ctx) {
    for (Invocation& invocation : list_all_invocations(ctx.store)) {
        if (invocation.state == InvocationState::retrying) continue;
        Context owner = ctx.as(invocation.caller);
        cancel_timer(owner, "lambda", "deadline", invocation.id);
        cancel_timer(owner, "lambda", "fault-kill", invocation.id);
        erase_invocation(owner, invocation.id);
        const bool is_wanted = invocation.kind == InvocationKind::async &&
                               invocation.state != InvocationState::timed_out;
        const auto function = find_function(owner, invocation.function_name);
        if (!is_wanted || !function) continue;
        invocation.started_at.reset();
        start_invocation(owner, *function, std::move(invocation));
    }
}

}  // namespace sbemu::lambda
