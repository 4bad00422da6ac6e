// The wall clock that one function's process sees: a small file that the emulator writes and the
// preloaded library reads (emulator/host/redirect/preload_clock.c).
#pragma once

#include <cstdint>
#include <filesystem>

#include "emulator/core/time.h"

namespace sbemu {

// What it sees is always this machine's time and a distance: within an invocation real time passes
// for it, also while the emulator's clock stands still, so that nothing waits for ever.
class FunctionClock {
  public:
    // Makes the file; its folder exists. A machine that refuses gets a warning, and the process
    // sees this machine's time.
    FunctionClock(std::filesystem::path file, Duration ahead);
    ~FunctionClock();  // the file is gone; processes that have it open keep what they see
    FunctionClock(const FunctionClock&) = delete;
    FunctionClock& operator=(const FunctionClock&) = delete;

    // For the process's environment; empty if there is none.
    const std::filesystem::path& file() const { return file_; }

    // `ahead` is how far the emulator's time is ahead of this machine's; negative: behind.
    void set(Duration ahead);
    // The same for a process that is at work, whose time must not go back.
    void move_forward(Duration ahead);

  private:
    std::filesystem::path file_;
    std::int64_t* place_ = nullptr;
    Duration ahead_;
};

// Whether the program, or the interpreter that a script names, loads no libraries: then none can
// be preloaded, and it sees this machine's time. False for what is neither.
bool is_static_program(const std::filesystem::path& program);

}  // namespace sbemu
