// Emulator::load_state: one whole state in place of another, between two events.
#include "emulator/host/emulator.h"

namespace sbemu {
namespace {

// Throws StoreError if the image is no database, or not one of the same format as `store`.
void check_image(const std::string& image, Store& store) {
    constexpr const char* kFormat = "PRAGMA user_version";
    Store probe(":memory:");
    probe.load(image);
    if (probe.value<std::int64_t>(kFormat) != store.value<std::int64_t>(kFormat)) {
        throw StoreError("it was written by another version of sbemu");
    }
}

// What a function that was forgotten reports must not meet the same invocation in the new state.
bool is_report(const Event& event) {
    return event.service == "lambda" && event.operation.starts_with("Invocation");
}

}  // namespace

void Emulator::load_state(std::string image, std::function<void(const std::string&)> done) {
    Queued load;
    load.instead = [this, image = std::move(image), done = std::move(done)] {
        done(replace_state(image));
    };
    queue_.push_back(std::move(load));
    schedule();
}

std::string Emulator::replace_state(const std::string& image) {
    try {
        check_image(image, store_);
        forget_what_waits();
        store_.load(image);
        kernel_.reload();
    } catch (const StoreError& error) {
        return error.what();
    }
    clock_.restart(kernel_.last_event_time());
    pulses_paused_ = false;
    start();
    return {};
}

void Emulator::forget_what_waits() {
    const ApiError replaced("InternalFailure",
                            "the state of sbemu was replaced while this call waited", 500);
    for (auto& [number, waiting] : std::exchange(deferred_, {})) {
        Applied applied;
        applied.event = number;
        applied.request_id = std::move(waiting.request_id);
        applied.answer = replaced;
        if (waiting.callback) waiting.callback(std::move(applied));
    }
    for (Advance& advance : std::exchange(advances_, {})) {
        if (advance.done) advance.done({clock_.now(), advance.pulses, false, false});
    }
    if (forget_) forget_();
    std::erase_if(queue_, [](const Queued& queued) { return is_report(queued.event); });
    waited_enough_ = false;
}

}  // namespace sbemu
