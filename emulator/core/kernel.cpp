#include "emulator/core/kernel.h"

#include <boost/json.hpp>
#include <iterator>

#include "emulator/core/blobs.h"
#include "emulator/core/check.h"
#include "emulator/core/faults.h"
#include "emulator/core/latency.h"
#include "emulator/core/timers.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// Raise it when a table changes shape: an older state folder is then refused, not misread.
constexpr std::int64_t kStateFormat = 4;

constexpr std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS kernel_timer (
        service TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL,
        account TEXT NOT NULL, region TEXT NOT NULL,
        due INTEGER NOT NULL, sequence INTEGER NOT NULL,
        PRIMARY KEY (service, name, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS kernel_timer_due ON kernel_timer (due, sequence);
    CREATE INDEX IF NOT EXISTS kernel_timer_sequence ON kernel_timer (sequence);
    CREATE TABLE IF NOT EXISTS kernel_blob (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
)sql";

}  // namespace

Kernel::Kernel(Store& store, const Registry& registry, std::string_view empty_state)
    : store_(store), registry_(registry) {
    const auto format = store.value<std::int64_t>("PRAGMA user_version").value_or(0);
    if (format != 0 && format != kStateFormat) {
        throw StoreError("this state was written by another version of sbemu (format " +
                         std::to_string(format) + ", this one reads " +
                         std::to_string(kStateFormat) + ")");
    }
    if (format == 0 && !empty_state.empty()) {
        store.load(empty_state);
    } else if (format == 0) {
        create_tables();
    }
    reload();
}

void Kernel::reload() {
    kept_.clear();
    last_number_ = 0;
    last_time_ = {};
    const auto last = store_.find<std::int64_t, std::int64_t>(
        "SELECT number, at FROM kernel_event ORDER BY number DESC LIMIT 1");
    if (last) {
        last_number_ = std::get<0>(*last);
        last_time_ = from_milliseconds(std::get<1>(*last));
    }
}

void Kernel::create_tables() {
    Transaction transaction(store_);
    store_.script(kSchema);
    store_.script(kEventLogSchema);
    store_.script(kFaultSchema);
    store_.script(kLatencySchema);
    for (const Service* service : registry_.services()) store_.script(service->schema);
    store_.script("PRAGMA user_version = " + std::to_string(kStateFormat));
    transaction.commit();
}

Applied Kernel::apply(const Event& event) {
    std::vector<Applied> applied = apply(std::span(&event, 1));
    return std::move(applied.front());
}

std::vector<Applied> Kernel::apply(std::span<const Event> events) {
    const std::int64_t number_before = last_number_;
    const Time time_before = last_time_;
    const std::int64_t writes_before = store_.writes();
    std::vector<Applied> applied;
    applied.reserve(events.size());
    std::vector<LogRow> log;
    log.reserve(events.size());
    try {
        Transaction transaction(store_);
        for (const Event& event : events) applied.push_back(apply_one(event, log));
        const bool keeps =
            store_.writes() == writes_before && kept_.size() + log.size() <= most_kept_;
        if (!keeps) {
            for (const LogRow& row : kept_) write_log_row(store_, row);
            for (const LogRow& row : log) write_log_row(store_, row);
        }
        transaction.commit();
        if (!keeps) {
            kept_.clear();
            log.clear();
        }
    } catch (...) {
        last_number_ = number_before;
        last_time_ = time_before;
        throw;
    }
    std::move(log.begin(), log.end(), std::back_inserter(kept_));
    return applied;
}

void Kernel::write_log() {
    if (kept_.empty()) return;
    Transaction transaction(store_);
    for (const LogRow& row : kept_) write_log_row(store_, row);
    transaction.commit();
    kept_.clear();
}

Applied Kernel::apply_one(const Event& event, std::vector<LogRow>& log) {
    SBEMU_CHECK(event.at >= last_time_);
    last_time_ = event.at;
    Random random(event.seed);
    Outbox outbox;
    Applied applied;
    applied.event = ++last_number_;
    applied.request_id = random.uuid();
    Context ctx{store_,    random,        event.at,           event.caller,
                registry_, applied.event, applied.request_id, event.body,
                outbox};
    if (!event.body.empty()) ctx.body_blob = put_blob(store_, event.body);
    ctx.function = event.function;
    ctx.takes_text = takes_text_;
    {
        Savepoint savepoint(store_);
        try {
            applied.answer = run(ctx, event);
            deliver_announcements(ctx);
            savepoint.commit();
        } catch (const ApiError& error) {
            applied.answer = error;
            outbox.restore({});
        } catch (const StoreError&) {
            throw;  // the state itself is in trouble: nothing of this batch may be acknowledged
        } catch (const std::exception& error) {
            // A bug in an operation costs its own request, not the emulator.
            applied.answer =
                ApiError("InternalFailure",
                         "sbemu failed in " + event.service + ":" + event.operation + ": " +
                             error.what() + ". This is a bug; please report it.",
                         500);
            outbox.restore({});
        }
    }
    const std::vector<Effect> wire_faults = finish_faults(ctx);
    applied.deferred = outbox.deferred;
    applied.effects = std::move(outbox.effects);
    applied.effects.insert(applied.effects.end(), wire_faults.begin(), wire_faults.end());
    applied.completions = std::move(outbox.completions);
    applied.last_draw = random.next();
    log.push_back(log_row_of(event, ctx.body_blob, applied));
    return applied;
}

Outcome Kernel::run(Context& ctx, const Event& event) {
    throw_if_faulted(ctx, {event.service, event.operation, event.params, Seam::client});
    json::object result = registry_.dispatch(ctx, event.service, event.operation, event.params);
    return {std::move(result), std::move(ctx.reply_body), {}, std::move(ctx.reply_text)};
}

void Kernel::deliver_announcements(Context& ctx) {
    while (!ctx.outbox.announcements.empty()) {
        const std::vector<Announcement> announcements = std::move(ctx.outbox.announcements);
        ctx.outbox.announcements.clear();
        for (const Announcement& announcement : announcements) {
            Context listener = ctx.as(announcement.caller);
            for (const Service* service : registry_.services()) {
                if (service->on_announcement) service->on_announcement(listener, announcement);
            }
        }
    }
}

std::optional<Time> Kernel::next_due() const { return next_timer_due(store_); }

Event Kernel::pulse_at(Time time, std::uint64_t seed) {
    return {time, seed, {}, "sbemu", "Pulse", {}, {}};
}

std::vector<Timer> Kernel::timers(std::int64_t limit) const { return list_timers(store_, limit); }

std::string Kernel::blob(std::string_view hash) const { return get_blob(store_, hash); }

}  // namespace sbemu
