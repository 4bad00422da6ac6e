// The state machine: what apply() does is a pure function of the store and the event.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emulator/core/event.h"
#include "emulator/core/event_log.h"
#include "emulator/core/service.h"

namespace sbemu {

class Store;
struct Timer;

class Kernel {
  public:
    // A new store becomes `empty_state`, an image of a database with every service's tables; if
    // that is empty too, the tables are created. Throws StoreError if the state was written by
    // another format.
    Kernel(Store& store, const Registry& registry, std::string_view empty_state);

    // Whether a state of this format (PRAGMA user_version) can be opened. One that is older gets
    // the tables that it lacks.
    static bool reads_format(std::int64_t format);

    // The store's rows were replaced (Store::load): what the kernel remembers of them is read anew.
    void reload();

    // Applies the events in order and commits once. One that fails leaves nothing behind but its
    // row in the log.
    // Throws StoreError if the commit fails: then nothing of the batch happened.
    std::vector<Applied> apply(std::span<const Event> events);
    Applied apply(const Event& event);

    // When the next timer falls due; the host (or a scenario) then applies pulse_at(due).
    std::optional<Time> next_due() const;
    static Event pulse_at(Time time, std::uint64_t seed);
    // The timers that are set, soonest first.
    std::vector<Timer> timers(std::int64_t limit) const;

    // Time of the event applied last: an event must not be earlier.
    Time last_event_time() const { return last_time_; }
    std::int64_t event_count() const { return last_number_; }

    // From now on events that change nothing are written to the log later: with the next that
    // does, when so many wait, or by write_log. What was answered does not depend on them: after
    // a crash the log lacks the last of them, and a replay gives the same all the same.
    void keep_reads_back(std::size_t at_most) { most_kept_ = at_most; }
    bool has_kept_reads() const { return !kept_.empty(); }
    // Throws StoreError; then they are still kept.
    void write_log();

    // From now on what is kept as text may be answered as text: Outcome::result_text.
    void answer_with_text() { takes_text_ = true; }

    // Bytes that an effect names by hash.
    std::string blob(std::string_view hash) const;

  private:
    void create_tables();
    std::vector<Applied> apply_all(std::span<const Event> events, bool with_savepoints);
    Applied apply_one(const Event& event, bool with_savepoint, std::vector<LogEntry>& log);
    Outcome run(Context& ctx, const Event& event);
    void deliver_announcements(Context& ctx);

    Store& store_;
    const Registry& registry_;
    std::int64_t last_number_ = 0;
    Time last_time_{};
    std::vector<LogEntry> kept_;  // oldest first; later ones than those that are written
    std::size_t most_kept_ = 0;
    bool takes_text_ = false;
};

}  // namespace sbemu
