// The kernel in the real world: gathers events, commits them together, carries out their effects,
// and sends pulses when timers fall due.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/core/kernel.h"
#include "emulator/core/latency.h"
#include "emulator/core/timers.h"
#include "emulator/host/checkpoints.h"
#include "emulator/host/clock.h"
#include "emulator/store/store.h"

namespace sbemu {

struct EmulatorOptions {
    std::string database = ":memory:";
    // What a new database begins with (Kernel); must outlive the emulator.
    std::string_view empty_state = {};
    ClockMode clock = ClockMode::real_time;
    // Of everything random. The n-th event always gets the same share of it.
    std::uint64_t seed = 0;
    // Whether things take as long as on AWS; a state that was set otherwise is changed.
    Latency latency = Latency::none;
    std::function<Time()> wall = wall_time;  // for tests
    // Time stands still and functions do not run: only calls, and replay(), change anything.
    bool paused = false;
};

// What became of Emulator::advance.
struct Advanced {
    Time now;
    std::int64_t pulses = 0;  // timers that fell due on the way
    // False if something is still running that did not end in the time it was given.
    bool settled = true;
    bool idle = true;  // no timer is set any more
};

// The answer to what was asked of a state that another one has taken the place of.
ApiError state_was_replaced();

// Not thread-safe: all calls come from the thread that runs the io_context.
class Emulator {
  public:
    // Gets the answer of a call, for deferred ones once it is known. If the state cannot be
    // written the answer is an InternalFailure with status 500. The effects in it are those for
    // whoever writes the answer ("wire.fault").
    using Callback = std::function<void(Applied)>;
    using EffectHandler = std::function<void(const Effect&)>;

    // Opens or creates the state. Throws StoreError.
    Emulator(boost::asio::io_context& io, const Registry& registry, EmulatorOptions options);
    ~Emulator();
    Emulator(const Emulator&) = delete;
    Emulator& operator=(const Emulator&) = delete;

    // Effects whose kind begins with `prefix` ("lambda.") go to `handler`, after their event is
    // committed. Register before start().
    void on_effect(std::string prefix, EffectHandler handler);

    // Goes on with what was under way when the state was last open.
    void start();

    // Applies the event soon; its time and seed are set here. What arrives in one turn of the
    // io_context is committed at once.
    void submit(Event event, Callback callback = {});

    // Replaces the whole state by an image (Store::image), after the events that were submitted
    // before. Calls that wait for an answer, and those of functions that are still to be applied,
    // get an InternalFailure, advances end where they are, and what was in flight in the loaded
    // state is handed out again, as after a restart. The clock goes on from the loaded state's last
    // event. `done` gets what is wrong with the image, in which case nothing has changed, or "".
    void load_state(std::string image, std::function<void(const std::string& error)> done);
    // `forget` runs before a state is replaced: what runs outside ends and reports nothing more.
    void on_replaced(std::function<void()> forget) { forget_ = std::move(forget); }

    // `tell` runs when the clock has jumped, or stands still from now on, or goes on.
    void on_clock_moved(std::function<void()> tell) { clock_moved_ = std::move(tell); }

    // Something runs whose end comes as an event: an invocation, a starting process. While it
    // does, a fast clock does not jump and a virtual one is not moved on.
    void raise_busy() { ++busy_; }
    void lower_busy();
    std::int64_t busy() const { return busy_; }

    // Calls `then` after this much real time; at once if the clock is not the real one.
    void delay(Duration by, std::function<void()> then);

    // Moves a fast or virtual clock, stopping at every timer that falls due on the way until
    // nothing runs any more. What is running then has as much real time as the clock would skip:
    // a function that hangs is ended by its timeout. Calls wait for their turn.
    void advance(Duration by, std::function<void(Advanced)> done);
    // The same, to the next timer; not at all if none is set.
    void advance_to_next(std::function<void(Advanced)> done);
    // From timer to timer until none is set, and no further than `at_most`.
    void advance_until_idle(Duration at_most, std::function<void(Advanced)> done);

    // The clock stands still where it is, or goes on from there at the wall clock's pace. False,
    // and nothing changes, while an advance is under way.
    bool freeze_clock();
    bool resume_clock();

    // Applies an event of a capture, with its own time and seed. Only when paused. Throws
    // StoreError.
    Applied replay(const Event& event);
    bool is_paused() const { return paused_; }

    // The state of a new emulator, as an image.
    std::string_view empty_state() const { return empty_state_; }
    // The whole state, as Store::image gives it. Throws StoreError.
    std::string state_image();

    Time now() { return clock_.now(); }
    // Clock::ahead.
    Duration clock_ahead() const { return clock_.ahead(); }
    ClockMode clock_mode() const { return clock_.mode(); }
    const Kernel& kernel() const { return kernel_; }
    // A request id for what never becomes an event.
    std::string spare_request_id();
    // Calls whose answer is still to come.
    std::size_t deferred() const { return deferred_.size(); }
    // While one is answered: the events of its commit, which are answered one after the other.
    std::size_t answers_at_once() const { return answers_at_once_; }
    // Calls since the start, by service.
    const std::map<std::string, std::int64_t>& calls() const { return calls_; }

  private:
    // What is committed together: events, and who waits for each of them.
    struct Batch {
        std::vector<Event> events;
        std::vector<Callback> callbacks;
        std::function<void()> instead;  // of events: something between two commits
    };
    struct Deferred {
        std::string request_id;
        Callback callback;
        std::vector<Effect> wire_faults;
    };
    struct Advance {
        std::optional<Duration> by;  // none: to the next timer
        std::function<void(Advanced)> done;
        std::optional<Time> target = {};  // once it has begun
        std::int64_t pulses = 0;
        bool until_idle = false;  // `by` is only the limit
    };

    std::string replace_state(const std::string& image);
    // An event, unless the state is set as the emulator is.
    void set_latency();
    void forget_what_waits();
    void schedule();
    void flush();
    Batch take_batch(Time now);
    void commit(Batch batch);
    void commit_one_by_one(Batch batch);
    void deliver(Callback& callback, Applied applied);
    void carry_out(const Effect& effect);
    void fail(const Callback& callback, const std::string& reason);
    void write_log_soon();
    bool due_now();
    void when_quiet();
    void wait_for_due();
    void go_on_advancing();
    void step_to(Time time);
    void tell_clock_moved();
    void finish_advance();
    void wake_after(Duration delay, std::function<void()> then);
    std::uint64_t seed_of(std::int64_t number) const;

    boost::asio::io_context& io_;
    Store store_;
    Checkpoints checkpoints_;
    Kernel kernel_;
    Clock clock_;
    std::uint64_t seed_;
    std::vector<std::pair<std::string, EffectHandler>> effect_handlers_;
    std::deque<Batch> queue_;
    Batch spare_;  // an empty one with room, so that events are not moved on and on
    std::map<std::int64_t, Deferred> deferred_;
    std::map<std::string, std::int64_t> calls_;
    std::deque<Advance> advances_;
    boost::asio::steady_timer wake_;
    boost::asio::steady_timer log_timer_;
    std::function<void()> forget_;
    std::function<void()> clock_moved_;
    std::string_view empty_state_;
    Latency latency_;
    std::size_t answers_at_once_ = 1;
    std::int64_t busy_ = 0;
    std::int64_t spare_ids_ = 0;
    bool scheduled_ = false;
    bool log_waits_ = false;      // log_timer_ is set
    bool waited_enough_ = false;  // for what runs, at this step of an advance
    bool paused_ = false;
    bool pulses_paused_ = false;  // the last pulse could not be written
};

}  // namespace sbemu
