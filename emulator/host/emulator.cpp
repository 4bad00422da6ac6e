#include "emulator/host/emulator.h"

#include <boost/asio/post.hpp>

#include "emulator/core/check.h"
#include "emulator/host/log/log.h"

namespace sbemu {
namespace {

// More than these in one commit would only make the first wait for the last.
constexpr std::size_t kLargestBatch = 128;
// A fast clock jumps only after nobody has asked for anything this long.
constexpr Duration kBeforeJump{1};
// What runs when no timer is set to end it gets this long before an advance gives up on it.
constexpr Duration kPatience{60'000};
// A pulse that could not be written is tried again after this.
constexpr Duration kPulseAgain{1'000};
// So many reads, and so long, the log may lag behind.
constexpr std::size_t kReadsKeptBack = 128;
constexpr Duration kLongestKept{100};

ApiError write_failure(const std::string& reason) {
    return {"InternalFailure", "sbemu cannot write its state: " + reason, 500};
}

ApiError nothing_runs() {
    return {"InternalFailure", "this sbemu stands still in a replay: functions do not run", 500};
}

bool is_for_wire(const Effect& effect) { return effect.kind == "wire.fault"; }

}  // namespace

Emulator::Emulator(boost::asio::io_context& io, const Registry& registry, EmulatorOptions options)
    : io_(io),
      store_(options.database),
      checkpoints_(store_, options.database),
      kernel_(store_, registry, options.empty_state),
      clock_(options.clock, kernel_.last_event_time(), std::move(options.wall)),
      seed_(options.seed),
      wake_(io),
      log_timer_(io),
      empty_state_(options.empty_state),
      latency_(options.latency),
      paused_(options.paused) {
    kernel_.keep_reads_back(kReadsKeptBack);
    kernel_.answer_with_text();
}

Emulator::~Emulator() {
    try {
        kernel_.write_log();
    } catch (const StoreError& error) {
        log_error(std::string("the last reads are not in the log: ") + error.what());
    }
}

std::string Emulator::state_image() {
    kernel_.write_log();
    return store_.image();
}

void Emulator::on_effect(std::string prefix, EffectHandler handler) {
    effect_handlers_.emplace_back(std::move(prefix), std::move(handler));
}

void Emulator::start() {
    if (paused_) return;
    if (kernel_.event_count() > 0) {
        Event restarted;
        restarted.service = "sbemu";
        restarted.operation = "Restarted";
        submit(std::move(restarted));
    }
    set_latency();
    schedule();
}

void Emulator::set_latency() {
    if (latency_of(store_) == latency_) return;
    Event set;
    set.service = "sbemu";
    set.operation = "SetLatency";
    set.params = {{"Mode", name_of(latency_)}};
    submit(std::move(set));
}

void Emulator::submit(Event event, Callback callback) {
    if (queue_.empty() || queue_.back().instead || queue_.back().events.size() >= kLargestBatch) {
        queue_.push_back(std::exchange(spare_, {}));
    }
    queue_.back().events.push_back(std::move(event));
    queue_.back().callbacks.push_back(std::move(callback));
    schedule();
}

Applied Emulator::replay(const Event& event) {
    SBEMU_CHECK(paused_);
    clock_.jump_to(event.at);
    return kernel_.apply(event);
}

void Emulator::lower_busy() {
    SBEMU_CHECK(busy_ > 0);
    if (--busy_ == 0) schedule();
}

void Emulator::delay(Duration by, std::function<void()> then) {
    if (clock_.mode() != ClockMode::real_time) return then();
    auto timer = std::make_shared<boost::asio::steady_timer>(io_, by);
    timer->async_wait([timer, then = std::move(then)](const boost::system::error_code& cancelled) {
        if (!cancelled) then();
    });
}

void Emulator::advance(Duration by, std::function<void(Advanced)> done) {
    advances_.push_back({by, std::move(done)});
    schedule();
}

void Emulator::advance_to_next(std::function<void(Advanced)> done) {
    advances_.push_back({std::nullopt, std::move(done)});
    schedule();
}

void Emulator::advance_until_idle(Duration at_most, std::function<void(Advanced)> done) {
    Advance advance{at_most, std::move(done)};
    advance.until_idle = true;
    advances_.push_back(std::move(advance));
    schedule();
}

bool Emulator::freeze_clock() {
    if (!advances_.empty()) return false;
    clock_.freeze();
    tell_clock_moved();
    schedule();  // a jump of a fast clock may be on its way
    return true;
}

bool Emulator::resume_clock() {
    if (!advances_.empty()) return false;
    clock_.resume();
    tell_clock_moved();
    schedule();
    return true;
}

std::string Emulator::spare_request_id() {
    // Beside the seeds of events, which count upwards.
    return Random(seed_of(--spare_ids_)).uuid();
}

// Runs after everything that is ready in this turn of the io_context, so that all of it shares
// one commit.
void Emulator::schedule() {
    if (scheduled_) return;
    scheduled_ = true;
    boost::asio::post(io_, [this] { flush(); });
}

void Emulator::flush() {
    scheduled_ = false;
    wake_.cancel();
    if (!queue_.empty() && queue_.front().instead) {
        const auto instead = std::move(queue_.front().instead);
        queue_.pop_front();
        instead();
    }
    Batch batch = take_batch(clock_.now());
    if (!batch.events.empty()) {
        waited_enough_ = false;
        commit(std::move(batch));
    }
    if (!queue_.empty() || due_now()) {
        schedule();
    } else if (!scheduled_) {
        when_quiet();
    }
}

Emulator::Batch Emulator::take_batch(Time now) {
    Batch batch;
    if (!queue_.empty() && !queue_.front().instead) {
        batch = std::move(queue_.front());
        queue_.pop_front();
        for (const Event& event : batch.events) ++calls_[event.service];
    }
    if (due_now()) {
        batch.events.insert(batch.events.begin(), Kernel::pulse_at(now, 0));
        batch.callbacks.insert(batch.callbacks.begin(), Callback());
        if (!advances_.empty()) ++advances_.front().pulses;
    }
    return batch;
}

void Emulator::commit(Batch batch) {
    const Time now = clock_.now();
    std::int64_t number = kernel_.event_count();
    for (Event& event : batch.events) {
        event.at = now;
        event.seed = seed_of(++number);
    }
    std::vector<Applied> applied;
    try {
        applied = kernel_.apply(batch.events);
    } catch (const StoreError& error) {
        // One event may be to blame; the others must not suffer.
        if (batch.events.size() > 1) return commit_one_by_one(std::move(batch));
        if (batch.events.front().operation == "Pulse") pulses_paused_ = true;
        return fail(batch.callbacks.front(), error.what());
    }
    answers_at_once_ = applied.size();
    for (std::size_t i = 0; i < applied.size(); ++i) {
        deliver(batch.callbacks[i], std::move(applied[i]));
    }
    answers_at_once_ = 1;
    batch.events.clear();
    batch.callbacks.clear();
    spare_ = std::move(batch);
    if (kernel_.has_kept_reads()) write_log_soon();
    checkpoints_.after_commit();
}

void Emulator::commit_one_by_one(Batch batch) {
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
        Batch alone;
        alone.events.push_back(std::move(batch.events[i]));
        alone.callbacks.push_back(std::move(batch.callbacks[i]));
        commit(std::move(alone));
    }
}

void Emulator::write_log_soon() {
    if (log_waits_) return;
    log_waits_ = true;
    log_timer_.expires_after(kLongestKept);
    log_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        log_waits_ = false;
        try {
            kernel_.write_log();
        } catch (const StoreError& error) {
            log_error(std::string("cannot write the log: ") + error.what());
            write_log_soon();
        }
    });
}

void Emulator::deliver(Callback& callback, Applied applied) {
    const std::vector<Effect> effects = std::move(applied.effects);
    applied.effects = {};
    std::copy_if(effects.begin(), effects.end(), std::back_inserter(applied.effects), is_for_wire);
    std::vector<Completion> completions = std::move(applied.completions);
    if (applied.deferred && paused_) {
        applied.answer = nothing_runs();
        if (callback) callback(std::move(applied));
        return;
    }
    if (applied.deferred) {
        deferred_[applied.event] = {applied.request_id, std::move(callback),
                                    std::move(applied.effects)};
    } else if (callback) {
        callback(std::move(applied));
    }
    for (Completion& completion : completions) {
        // The caller of a call deferred before a restart is gone.
        auto waiting = deferred_.extract(completion.event);
        if (waiting.empty() || !waiting.mapped().callback) continue;
        Applied late;
        late.event = completion.event;
        late.request_id = std::move(waiting.mapped().request_id);
        late.answer = std::move(completion.answer);
        late.effects = std::move(waiting.mapped().wire_faults);
        waiting.mapped().callback(std::move(late));
    }
    if (paused_) return;
    for (const Effect& effect : effects) {
        if (!is_for_wire(effect)) carry_out(effect);
    }
}

void Emulator::carry_out(const Effect& effect) {
    for (const auto& [prefix, handler] : effect_handlers_) {
        if (effect.kind.compare(0, prefix.size(), prefix) == 0) return handler(effect);
    }
    log_error("sbemu does not know how to carry out the effect '" + effect.kind +
              "': nothing was done");
}

void Emulator::fail(const Callback& callback, const std::string& reason) {
    log_error("cannot write the state: " + reason);
    if (!callback) return;
    Applied applied;
    applied.request_id = spare_request_id();
    applied.answer = write_failure(reason);
    callback(std::move(applied));
}

bool Emulator::due_now() {
    if (paused_ || pulses_paused_) return false;
    const auto due = kernel_.next_due();
    return due && *due <= clock_.now();
}

// No event is waiting and no timer is due: time may pass.
void Emulator::when_quiet() {
    if (paused_) return;
    if (pulses_paused_) {
        return wake_after(kPulseAgain, [this] {
            pulses_paused_ = false;
            schedule();
        });
    }
    if (!advances_.empty()) return go_on_advancing();
    if (clock_.mode() != ClockMode::virtual_time) wait_for_due();
}

void Emulator::wait_for_due() {
    const auto due = kernel_.next_due();
    if (!due) return;
    if (clock_.mode() == ClockMode::fast_time && busy_ == 0) {
        return wake_after(kBeforeJump, [this, due] { step_to(*due); });
    }
    wake_after(*due - clock_.now(), [this] { schedule(); });
}

void Emulator::go_on_advancing() {
    Advance& advance = advances_.front();
    const Time now = clock_.now();
    const auto due = kernel_.next_due();
    if (!advance.target) advance.target = advance.by ? now + *advance.by : due.value_or(now);
    if (busy_ > 0 && !waited_enough_) {
        return wake_after(due ? *due - now : kPatience, [this] {
            waited_enough_ = true;
            schedule();
        });
    }
    if (due && *due <= *advance.target) return step_to(*due);
    finish_advance();
}

void Emulator::step_to(Time time) {
    waited_enough_ = false;
    clock_.jump_to(time);
    tell_clock_moved();
    schedule();
}

void Emulator::tell_clock_moved() {
    if (clock_moved_) clock_moved_();
}

void Emulator::finish_advance() {
    Advance advance = std::move(advances_.front());
    advances_.pop_front();
    const bool idle = !kernel_.next_due();
    if (!advance.until_idle || !idle) {
        clock_.jump_to(*advance.target);
        tell_clock_moved();
    }
    const Advanced report{clock_.now(), advance.pulses, busy_ == 0, idle};
    waited_enough_ = false;
    Event moved;
    moved.service = "sbemu";
    moved.operation = "ClockMoved";
    submit(std::move(moved), [report, done = std::move(advance.done)](const Applied&) {
        if (done) done(report);
    });
}

void Emulator::wake_after(Duration delay, std::function<void()> then) {
    wake_.expires_after(delay);
    wake_.async_wait([this, then = std::move(then)](const boost::system::error_code& cancelled) {
        // A flush that is on its way looks at everything anew.
        if (!cancelled && !scheduled_) then();
    });
}

std::uint64_t Emulator::seed_of(std::int64_t number) const {
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
    return Random(seed_ + static_cast<std::uint64_t>(number) * kGolden).next();
}

}  // namespace sbemu
