#include "emulator/scenario/story.h"

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>

#include "emulator/empty_state/empty_state.h"
#include "fakes/services.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// Far above the seeds of the story's own events, so that opening again shifts none of them.
constexpr std::uint64_t kRestartSeed = 1ULL << 40;

constexpr std::int64_t kTimersShown = 10'000;

std::string temporary_file() {
    std::string name = std::filesystem::temp_directory_path() / "sbemu-story-XXXXXX";
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
    return name + "/state.db";
}

}  // namespace

Story::Story(Mode mode)
    : mode_(mode),
      now_(std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}),
      restart_seed_(kRestartSeed) {
    file_ = mode == Mode::reopened ? temporary_file() : ":memory:";
    open();
}

Story::~Story() {
    kernel_.reset();
    store_.reset();
    if (mode_ == Mode::reopened) {
        std::error_code ignored;
        std::filesystem::remove_all(std::filesystem::path(file_).parent_path(), ignored);
    }
}

void Story::open() {
    store_ = std::make_unique<Store>(file_);
    if (mode_ == Mode::reversed_selects) store_->script("PRAGMA reverse_unordered_selects = ON");
    kernel_ = std::make_unique<Kernel>(*store_, all_services(), empty_state());
}

// What waited is handed out again by the services themselves, with deadlines that start anew: so
// the story is not interrupted while time moves on for a function that runs. Nor while a caller
// waits for a deferred call: after a restart it would be gone.
void Story::reopen() {
    if (mode_ != Mode::reopened || held_ || deferred_calls_ > 0) return;
    if (kernel_->event_count() == 0) return;
    kernel_.reset();
    store_.reset();
    open();
    const bool in_flight = !waiting_.empty();
    waiting_.clear();
    restarting_ = true;
    apply({{}, 0, {}, "sbemu", "Restarted", {}, {}});
    // What was due before goes on under the story's own seeds; only what the restart itself asks
    // for, the events in flight, is handed out here.
    if (in_flight) settle();
    restarting_ = false;
}

std::uint64_t Story::next_seed(const Event& event) {
    if (restarting_) return ++restart_seed_;
    if (!seeds_) return ++seed_;
    const bool is_pulse = event.service == "sbemu" && event.operation == "Pulse";
    const std::vector<Timer> due = is_pulse ? kernel_->timers(1) : std::vector<Timer>{};
    return seeds_->seed_for(event, due.empty() ? nullptr : &due.front());
}

Applied Story::apply(Event event) {
    event.at = now_;
    event.seed = next_seed(event);
    Applied applied = kernel_->apply(event);
    if (seeds_ && !restarting_) seeds_->applied(event, applied);
    if (applied.deferred) ++deferred_calls_;
    carry_out(applied);
    return applied;
}

void Story::carry_out(const Applied& applied) {
    for (const Completion& completion : applied.completions) {
        completions_.push_back(completion);
        --deferred_calls_;
    }
    for (const Effect& effect : applied.effects) {
        if (effect.kind == "lambda.invoke") {
            waiting_.push_back(effect.payload);
        } else if (effect.kind == "lambda.kill") {
            const auto found =
                std::find_if(waiting_.begin(), waiting_.end(), [&](const json::object& invocation) {
                    return invocation.at("InvocationId") == effect.payload.at("InvocationId");
                });
            if (found != waiting_.end() && effect.payload.contains("Fault")) {
                killed_.push_back(*found);
            }
            std::erase_if(waiting_, [&](const json::object& invocation) {
                return invocation.at("InvocationId") == effect.payload.at("InvocationId");
            });
        }
    }
}

void Story::settle() {
    while (settle_once()) {
    }
}

bool Story::settle_once() {
    for (json::object& invocation : waiting_) {
        // A function gets its event as soon as there is one: its deadline runs from here.
        if (invocation.contains("Started")) continue;
        invocation["Started"] = true;
        const json::value id = invocation.at("InvocationId");
        apply({{}, 0, caller, "lambda", "InvocationStarted", {{"InvocationId", id}}, {}});
        return true;
    }
    if (!killed_.empty()) {
        end_killed();
        return true;
    }
    const auto due = kernel_->next_due();
    if (!due || *due > now_) return false;
    if (!restarting_ && waiting_.empty()) reopen();
    // Opening again may have done what was due.
    const auto still_due = kernel_->next_due();
    if (still_due && *still_due <= now_) apply(Kernel::pulse_at(now_, 0));
    return true;
}

void Story::end_killed() {
    const json::value id = killed_.front().at("InvocationId");
    killed_.pop_front();
    apply({{},
           0,
           caller,
           "lambda",
           "InvocationEnded",
           {{"InvocationId", id},
            {"Outcome", "killed"},
            {"DurationMicroseconds", 1500},
            {"LogStream", "2017/03/01/[$LATEST]0123456789abcdef0123456789abcdef"},
            {"Log", json::array()}},
           {}});
}

Applied Story::call(const std::string& service, const std::string& operation,
                    const json::object& params, const std::string& body) {
    reopen();
    Event event{{}, 0, caller, service, operation, params, body};
    if (acting_ && !waiting_.empty()) {
        const json::object& invocation = waiting_.front();
        event.function = invocation.at("Function").at("FunctionArn").as_string();
        event.invocation = invocation.at("InvocationId").as_string();
    }
    Applied applied = apply(std::move(event));
    settle();
    return applied;
}

void Story::advance(Duration by) {
    const Time target = now_ + by;
    settle();
    while (true) {
        const auto due = kernel_->next_due();
        if (!due || *due > target) break;
        now_ = std::max(now_, *due);
        settle();
    }
    now_ = target;
}

const json::object* Story::waiting_invocation() const {
    return waiting_.empty() ? nullptr : &waiting_.front();
}

bool Story::is_waiting(const std::string& invocation_id) const {
    return std::any_of(waiting_.begin(), waiting_.end(), [&](const json::object& invocation) {
        return invocation.at("InvocationId").as_string() == invocation_id;
    });
}

void Story::bring_forward(std::size_t index) {
    const json::object chosen = waiting_.at(index);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
    waiting_.push_front(chosen);
}

std::vector<Timer> Story::timers() const { return kernel_->timers(kTimersShown); }

bool Story::is_to_be_killed(const std::string& invocation_id) const {
    const std::vector<Timer> set = timers();
    return std::any_of(set.begin(), set.end(), [&](const Timer& timer) {
        return timer.service == "lambda" && timer.name == "fault-kill" &&
               timer.key == invocation_id;
    });
}

void Story::end_invocation(const std::string& outcome, const std::string& payload,
                           const json::array& log) {
    reopen();
    const json::object invocation = waiting_.front();
    waiting_.pop_front();
    apply({{},
           0,
           caller,
           "lambda",
           "InvocationEnded",
           {{"InvocationId", invocation.at("InvocationId")},
            {"Outcome", outcome},
            {"DurationMicroseconds", 1500},
            {"MaxMemoryMegabytes", 32},
            {"LogStream", "2017/03/01/[$LATEST]0123456789abcdef0123456789abcdef"},
            {"Log", log}},
           payload});
    settle();
}

std::optional<Completion> Story::take_completion() {
    if (completions_.empty()) return std::nullopt;
    Completion completion = std::move(completions_.front());
    completions_.pop_front();
    return completion;
}

}  // namespace sbemu
