// One invocation from its row to its end: handed to the host, under a deadline, judged, logged,
// answered or retried.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "fakes/lambda/rows.h"

namespace sbemu::lambda {

// Writes the row and hands the invocation to the host, or queues it until the function is ready.
void start_invocation(Context& ctx, const Function& function, Invocation invocation);

// The function is ready: hands out what was queued for it.
void start_queued_invocations(Context& ctx, const Function& function);

// The function is gone: events that wait for it are dropped, callers get ResourceNotFound.
void drop_queued_invocations(Context& ctx, std::string_view function_name);

// A fault (core/faults.h) of this kind for the function's next invocation; it counts as fired.
std::optional<boost::json::object> take_invoke_fault(Context& ctx, const std::string& function_name,
                                                     std::string_view kind);

// Signals of the host (lambda.h).
boost::json::object invocation_started(Context& ctx, const boost::json::object& report);
boost::json::object invocation_ended(Context& ctx, const boost::json::object& report);

// Timers; `key` is the invocation's id.
void deadline_reached(Context& ctx, std::string_view id);
void kill_by_fault(Context& ctx, std::string_view id);
void retry_invocation(Context& ctx, std::string_view id);

// After a restart: asynchronous events are handed out again, synchronous callers are gone.
void resume_invocations(Context& ctx);

}  // namespace sbemu::lambda
