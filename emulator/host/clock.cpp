#include "emulator/host/clock.h"

#include "emulator/core/check.h"

namespace sbemu {

std::string_view clock_name(ClockMode mode) {
    switch (mode) {
        case ClockMode::real_time:
            return "real";
        case ClockMode::fast_time:
            return "fast";
        case ClockMode::virtual_time:
            return "virtual";
    }
    return "real";
}

Time wall_time() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

Clock::Clock(ClockMode mode, Time last_event, std::function<Time()> wall)
    : mode_(mode), wall_(std::move(wall)), latest_(last_event) {
    restart(last_event);
}

void Clock::restart(Time last_event) {
    latest_ = last_event;
    const Time start = wall_();
    offset_ = std::max(latest_ - start, Duration{0});
    // A virtual clock goes on exactly where it stood; the first time it begins today.
    if (mode_ == ClockMode::virtual_time && last_event == Time{}) latest_ = start;
}

Time Clock::now() {
    if (mode_ != ClockMode::virtual_time) latest_ = std::max(latest_, wall_() + offset_);
    return latest_;
}

Duration Clock::ahead() const {
    return mode_ == ClockMode::virtual_time ? latest_ - wall_() : offset_;
}

void Clock::jump_to(Time time) {
    SBEMU_CHECK(mode_ != ClockMode::real_time);
    const Time from = now();
    if (time <= from) return;
    offset_ += time - from;
    latest_ = time;
}

void Clock::freeze() {
    latest_ = now();
    mode_ = ClockMode::virtual_time;
}

void Clock::resume() {
    latest_ = now();
    offset_ = latest_ - wall_();
    mode_ = ClockMode::real_time;
}

}  // namespace sbemu
