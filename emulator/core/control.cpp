#include "emulator/core/control.h"

#include <boost/json.hpp>

#include "emulator/core/faults.h"
#include "emulator/core/latency.h"
#include "emulator/core/timers.h"
#include "emulator/store/store.h"

namespace sbemu::control {
namespace json = boost::json;
namespace {

// Takes the first due timer off the list and runs it. What the handler did is undone if it
// fails, but the timer stays off, or it would fail for ever.
json::object pulse(Context& ctx, const json::object&) {
    const auto timer = take_due_timer(ctx.store, ctx.now);
    if (!timer) return {{"Timer", nullptr}};
    json::object report{
        {"Timer", {{"Service", timer->service}, {"Name", timer->name}, {"Key", timer->key}}}};
    Context inner = ctx.as(timer->caller);
    const Service* service = ctx.registry.find(timer->service);
    const Outbox before = ctx.outbox;
    Savepoint savepoint(ctx.store);
    try {
        for (const TimerHandler& handler : service->timers) {
            if (handler.name == timer->name) handler.run(inner, timer->key);
        }
        savepoint.commit();
    } catch (const ApiError& error) {
        ctx.outbox.restore(before);
        report["Error"] = error.code + ": " + error.what();
    } catch (const StoreError&) {
        throw;
    } catch (const std::exception& error) {  // a bug; thrown on, it would keep the timer due
        ctx.outbox.restore(before);
        report["Error"] = std::string("InternalFailure: ") + error.what();
    }
    return report;
}

json::object restarted(Context& ctx, const json::object&) {
    for (const Service* service : ctx.registry.services()) {
        if (service->on_restart) service->on_restart(ctx);
    }
    return {};
}

// Changes nothing: the event's own time is what is to be remembered.
json::object clock_moved(Context&, const json::object&) { return {}; }

constexpr Operation kSignals[] = {
    {"ArmFault", arm_fault},         {"ClearFaults", clear_faults}, {"ClockMoved", clock_moved},
    {"FaultLog", list_fired_faults}, {"ListFaults", list_faults},   {"Pulse", pulse},
    {"Restarted", restarted},        {"SetLatency", set_latency},
};

}  // namespace

const Service& service() {
    static constexpr Service kService{"sbemu", {}, kSignals, {}, ""};
    return kService;
}

}  // namespace sbemu::control
