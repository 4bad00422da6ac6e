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

// Raise it when a table comes; and the oldest with it when a table changes shape: an older state
// folder is then refused, not misread.
constexpr std::int64_t kStateFormat = 7;
constexpr std::int64_t kOldestFormat = 6;

// Thrown out of events that are applied without savepoints.
struct FailedAfterWriting {};

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

std::int64_t format_of(Store& store) {
    return store.value<std::int64_t>("PRAGMA user_version").value_or(0);
}

}  // namespace

bool Kernel::reads_format(std::int64_t format) {
    return format >= kOldestFormat && format <= kStateFormat;
}

Kernel::Kernel(Store& store, const Registry& registry, std::string_view empty_state)
    : store_(store), registry_(registry) {
    const std::int64_t format = format_of(store);
    if (format != 0 && !reads_format(format)) {
        throw StoreError("this state was written by another version of sbemu (format " +
                         std::to_string(format) + ", this one reads " +
                         std::to_string(kOldestFormat) + " to " + std::to_string(kStateFormat) +
                         ")");
    }
    if (format == 0 && !empty_state.empty()) store.load(empty_state);
    reload();
}

void Kernel::reload() {
    if (format_of(store_) != kStateFormat) create_tables();
    kept_.clear();
    const LastLogged last = last_logged(store_);
    last_number_ = last.number;
    last_time_ = last.at;
}

// Those that there are stay as they are.
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

// A savepoint for each event is a tenth of a BatchWriteItem's instructions, and only one that fails
// after it has written something needs it. Few do: so all are applied without, and if one fails so,
// all are undone and applied again with savepoints. What they come to is the same.
std::vector<Applied> Kernel::apply(std::span<const Event> events) {
    try {
        return apply_all(events, false);
    } catch (const FailedAfterWriting&) {
        return apply_all(events, true);
    }
}

std::vector<Applied> Kernel::apply_all(std::span<const Event> events, bool with_savepoints) {
    const std::int64_t number_before = last_number_;
    const Time time_before = last_time_;
    const std::int64_t writes_before = store_.writes();
    std::vector<Applied> applied;
    applied.reserve(events.size());
    std::vector<LogEntry> log;
    log.reserve(events.size());
    try {
        Transaction transaction(store_);
        for (const Event& event : events) {
            applied.push_back(apply_one(event, with_savepoints, log));
        }
        const bool keeps =
            store_.writes() == writes_before && kept_.size() + log.size() <= most_kept_;
        if (!keeps) {
            write_log_entries(store_, kept_);
            write_log_entries(store_, log);
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
    write_log_entries(store_, kept_);
    transaction.commit();
    kept_.clear();
}

Applied Kernel::apply_one(const Event& event, bool with_savepoint, std::vector<LogEntry>& log) {
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
        std::optional<Savepoint> savepoint;
        if (with_savepoint) savepoint.emplace(store_);
        const std::int64_t writes_before = store_.writes();
        const auto fail = [&](ApiError error) {
            if (!savepoint && store_.writes() != writes_before) throw FailedAfterWriting{};
            applied.answer = std::move(error);
            outbox.restore({});
        };
        try {
            applied.answer = run(ctx, event);
            deliver_announcements(ctx);
            if (savepoint) savepoint->commit();
        } catch (const ApiError& error) {
            fail(error);
        } catch (const StoreError&) {
            throw;  // the state itself is in trouble: nothing of this batch may be acknowledged
        } catch (const std::exception& error) {
            // A bug in an operation costs its own request, not the emulator.
            fail({"InternalFailure",
                  "sbemu failed in " + event.service + ":" + event.operation + ": " + error.what() +
                      ". This is a bug; please report it.",
                  500});
        }
    }
    const std::vector<Effect> wire_faults = finish_faults(ctx);
    applied.deferred = outbox.deferred;
    applied.effects = std::move(outbox.effects);
    applied.effects.insert(applied.effects.end(), wire_faults.begin(), wire_faults.end());
    applied.completions = std::move(outbox.completions);
    applied.last_draw = random.next();
    log.push_back(log_entry_of(event, ctx.body_blob, applied));
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
