// Emulator::load_state: one whole state in place of another, between two events.
#include "emulator/host/emulator.h"

namespace sbemu {
namespace {

// Throws StoreError if the image is no database, or not one of a format that can be opened.
void check_image(const std::string& image) {
    Store probe(":memory:");
    probe.load(image);
    if (!Kernel::reads_format(probe.value<std::int64_t>("PRAGMA user_version").value_or(0))) {
        throw StoreError("it was written by another version of sbemu");
    }
}

// What a function that was forgotten reports must not meet the same invocation in the new state,
// and what it still calls must not change that state.
bool is_of_function(const Event& event) {
    return !event.function.empty() ||
           (event.service == "lambda" && event.operation.starts_with("Invocation"));
}

}  // namespace

ApiError state_was_replaced() {
    return {"InternalFailure", "the state of sbemu was replaced while this call waited", 500};
}

void Emulator::load_state(std::string image, std::function<void(const std::string&)> done) {
    Batch load;
    load.instead = [this, image = std::move(image), done = std::move(done)] {
        done(replace_state(image));
    };
    queue_.push_back(std::move(load));
    schedule();
}

std::string Emulator::replace_state(const std::string& image) {
    try {
        check_image(image);
        forget_what_waits();
        store_.load(image);
        kernel_.reload();
    } catch (const StoreError& error) {
        return error.what();
    }
    clock_.restart(kernel_.last_event_time());
    pulses_paused_ = false;
    // As after a restart: before anything else is asked of the state.
    std::deque<Batch> later = std::exchange(queue_, {});
    start();
    for (Batch& batch : later) queue_.push_back(std::move(batch));
    return {};
}

void Emulator::forget_what_waits() {
    const auto refuse = [](const Callback& callback, std::int64_t event, std::string request_id) {
        if (!callback) return;
        Applied applied;
        applied.event = event;
        applied.request_id = std::move(request_id);
        applied.answer = state_was_replaced();
        callback(std::move(applied));
    };
    for (auto& [number, waiting] : std::exchange(deferred_, {})) {
        refuse(waiting.callback, number, std::move(waiting.request_id));
    }
    for (Advance& advance : std::exchange(advances_, {})) {
        if (advance.done) advance.done({clock_.now(), advance.pulses, false, false});
    }
    if (forget_) forget_();
    for (Batch& batch : std::exchange(queue_, {})) {
        Batch kept;
        kept.instead = std::move(batch.instead);
        for (std::size_t i = 0; i < batch.events.size(); ++i) {
            if (is_of_function(batch.events[i])) {
                refuse(batch.callbacks[i], 0, spare_request_id());
            } else {
                kept.events.push_back(std::move(batch.events[i]));
                kept.callbacks.push_back(std::move(batch.callbacks[i]));
            }
        }
        if (kept.instead || !kept.events.empty()) queue_.push_back(std::move(kept));
    }
    waited_enough_ = false;
}

}  // namespace sbemu
