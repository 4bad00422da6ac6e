// The emulator's time: the wall clock's, or one that skips what nobody waits for, or one that only
// moves when told to.
#pragma once

#include <functional>
#include <string_view>

#include "emulator/core/time.h"

namespace sbemu {

enum class ClockMode {
    real_time,     // as fast as the wall clock
    fast_time,     // as real, but jumps to what is due next whenever nothing is running
    virtual_time,  // stands still; moves by `sbemu clock advance`
};

// "real", "fast", "virtual".
std::string_view clock_name(ClockMode mode);

Time wall_time();

class Clock {
  public:
    // Goes on from `last_event` if that is later than the wall clock: a state that was ahead of
    // it stays ahead. `wall` is for tests.
    Clock(ClockMode mode, Time last_event, std::function<Time()> wall = wall_time);

    // As if it had just been made, for a state whose last event was then.
    void restart(Time last_event);

    ClockMode mode() const { return mode_; }
    // Never before what it returned earlier, even if the wall clock is set back.
    Time now();
    // How far now() is ahead of the wall clock; negative: behind.
    Duration ahead() const;
    // Moves to `time` if that is later than now. Not for a real clock.
    void jump_to(Time time);
    // Becomes virtual: stands still where it is.
    void freeze();
    // Becomes real: goes on from where it is at the wall clock's pace, ahead of it or behind.
    void resume();

  private:
    ClockMode mode_;
    std::function<Time()> wall_;
    Duration offset_{0};  // how far ahead of the wall clock; negative behind it
    Time latest_;
};

}  // namespace sbemu
