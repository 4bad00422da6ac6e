#include "emulator/core/timers.h"

#include <limits>

#include "emulator/core/remembered.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

}  // namespace

void set_timer(Context& ctx, std::string_view service, std::string_view name, std::string_view key,
               Time due) {
    ctx.store.remembered<NextTimerDue>() = {};
    // `sequence` keeps timers due at the same moment in the order they were set.
    ctx.store.run(
        "INSERT OR REPLACE INTO kernel_timer (service, name, key, account, region, due, sequence)"
        " VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(sequence), 0) + 1 FROM kernel_timer))",
        service, name, key, ctx.caller.account, ctx.caller.region, to_milliseconds(due));
}

void cancel_timer(Context& ctx, std::string_view service, std::string_view name,
                  std::string_view key) {
    ctx.store.remembered<NextTimerDue>() = {};
    ctx.store.run("DELETE FROM kernel_timer WHERE service = ? AND name = ? AND key = ?", service,
                  name, key);
}

std::optional<Time> find_timer(Context& ctx, std::string_view service, std::string_view name,
                               std::string_view key) {
    const auto due = ctx.store.value<std::int64_t>(
        "SELECT due FROM kernel_timer WHERE service = ? AND name = ? AND key = ?", service, name,
        key);
    if (!due) return std::nullopt;
    return from_milliseconds(*due);
}

std::optional<Timer> take_due_timer(Store& store, Time now) {
    const auto row =
        store.find<std::string, std::string, std::string, std::string, std::string, std::int64_t>(
            "SELECT service, name, key, account, region, due FROM kernel_timer"
            " WHERE due <= ? ORDER BY due, sequence LIMIT 1",
            to_milliseconds(now));
    if (!row) return std::nullopt;
    const auto& [service, name, key, account, region, due] = *row;
    store.remembered<NextTimerDue>() = {};
    store.run("DELETE FROM kernel_timer WHERE service = ? AND name = ? AND key = ?", service, name,
              key);
    return Timer{service, name, key, {account, region, {}}, from_milliseconds(due)};
}

std::optional<Time> next_timer_due(Store& store) {
    std::optional<std::int64_t>& due = store.remembered<NextTimerDue>().milliseconds;
    if (!due) {
        due =
            store.value<std::int64_t>("SELECT due FROM kernel_timer ORDER BY due, sequence LIMIT 1")
                .value_or(kNever);
    }
    if (*due == kNever) return std::nullopt;
    return from_milliseconds(*due);
}

std::vector<Timer> list_timers(Store& store, std::int64_t limit) {
    std::vector<Timer> timers;
    for (auto& [service, name, key, account, region, due] :
         store.list<std::string, std::string, std::string, std::string, std::string, std::int64_t>(
             "SELECT service, name, key, account, region, due FROM kernel_timer"
             " ORDER BY due, sequence LIMIT ?",
             limit)) {
        timers.push_back({service, name, key, {account, region, {}}, from_milliseconds(due)});
    }
    return timers;
}

}  // namespace sbemu
