#include "emulator/scenario/story.h"

#include <boost/json.hpp>
#include <filesystem>

#include "fakes/services.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// Far above the seeds of the story's own events, so that opening again shifts none of them.
constexpr std::uint64_t kRestartSeed = 1ULL << 40;

std::string temporary_file() {
    std::string name = std::filesystem::temp_directory_path() / "sbemu-story-XXXXXX";
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
    return name + "/state.db";
}

}  // namespace

Story::Story(Mode mode)
    : mode_(mode), now_(std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}) {
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
    kernel_ = std::make_unique<Kernel>(*store_, all_services());
}

// What waited is handed out again by the services themselves; a caller who waits for the answer
// of a deferred call would be gone, so the story is not interrupted while one does.
void Story::reopen() {
    if (mode_ != Mode::reopened || deferred_calls_ > 0 || kernel_->event_count() == 0) return;
    kernel_.reset();
    store_.reset();
    open();
    waiting_.clear();
    const std::uint64_t seed = kRestartSeed + static_cast<std::uint64_t>(kernel_->event_count());
    carry_out(kernel_->apply(Event{now_, seed, {}, "sbemu", "Restarted", {}, {}}));
}

Applied Story::apply(Event event) {
    reopen();
    event.at = now_;
    event.seed = ++seed_;
    Applied applied = kernel_->apply(event);
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
            std::erase_if(waiting_, [&](const json::object& invocation) {
                return invocation.at("InvocationId") == effect.payload.at("InvocationId");
            });
        }
    }
}

void Story::settle() {
    while (true) {
        // A function gets its event as soon as there is one: its deadline runs from here.
        bool started = false;
        for (json::object& invocation : waiting_) {
            if (invocation.contains("Started")) continue;
            invocation["Started"] = true;
            const json::value id = invocation.at("InvocationId");
            apply({{}, 0, caller, "lambda", "InvocationStarted", {{"InvocationId", id}}, {}});
            started = true;
            break;  // the list may have changed
        }
        if (started) continue;
        const auto due = kernel_->next_due();
        if (!due || *due > now_) return;
        apply(Kernel::pulse_at(now_, 0));
    }
}

Applied Story::call(const std::string& service, const std::string& operation,
                    const json::object& params, const std::string& body) {
    Applied applied = apply({{}, 0, caller, service, operation, params, body});
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

void Story::end_invocation(const std::string& outcome, const std::string& payload,
                           const json::array& log) {
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
