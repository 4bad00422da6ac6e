// Waiting is a row with a due time. When it falls due the kernel applies a pulse, which runs the
// service's timer handler of that name, once per timer, in order of due time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu {

struct Timer {
    std::string service;  // whose handler runs
    std::string name;     // which: Service::timers
    std::string key;      // what it is about; with service and name it identifies the timer
    Caller caller;        // on whose behalf
    Time due;
};

// Sets the timer (service, name, key) on behalf of ctx.caller, replacing an earlier one.
// A timer due now runs as the next event.
void set_timer(Context& ctx, std::string_view service, std::string_view name, std::string_view key,
               Time due);
// Does nothing if there is none.
void cancel_timer(Context& ctx, std::string_view service, std::string_view name,
                  std::string_view key);
// When the timer is due; nothing if it is not set.
std::optional<Time> find_timer(Context& ctx, std::string_view service, std::string_view name,
                               std::string_view key);

// For the kernel: removes and returns the first timer due at `now` or before.
std::optional<Timer> take_due_timer(Store& store, Time now);
std::optional<Time> next_timer_due(Store& store);
// What is waiting, soonest first.
std::vector<Timer> list_timers(Store& store, std::int64_t limit);

}  // namespace sbemu
