// Answers the kernel's question, for every connect(2) and sendto(2) of the supervised processes,
// whether it may go on, and changes the address in the caller's memory before (facts/redirect.md
// 3.1, variant A).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "emulator/host/process/file_descriptor.h"

namespace sbemu {

// Owns one thread, started by the first call of start or watch. Thread-safe.
class Supervisor {
  public:
    // `port` is where connections to AWS go, on 127.0.0.1.
    explicit Supervisor(std::uint16_t port);
    // Ends the thread. What is still running with the filter cannot connect(2) any more.
    ~Supervisor();

    // Starts the thread and the name server; returns the name server's UDP port on 127.0.0.1.
    std::uint16_t start();
    // Serves a seccomp listener until the last process that has the filter is gone.
    void watch(FileDescriptor listener);
    // How many listeners are served now.
    std::size_t watched() const;
    // Returns when no listener is left (true) or the time is over.
    bool wait_until_unwatched(int timeout_ms);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sbemu
