// What running functions asks of the emulator around it. Everything happens in the thread that
// runs the io_context.
#pragma once

#include <string>
#include <string_view>

#include "emulator/core/event.h"

namespace sbemu {

class FunctionHost {
  public:
    virtual ~FunctionHost() = default;

    // Applies the event soon, with a time and seed of its own.
    virtual void submit(Event event) = 0;
    // The emulated time.
    virtual Time now() = 0;
    // How far it is ahead of this machine's wall clock now; negative: behind.
    virtual Duration ahead() = 0;
    // Something runs whose end comes as an event: the clock must not jump over it.
    virtual void raise_busy() = 0;
    virtual void lower_busy() = 0;
    // Bytes that an effect names by hash. Throws what the store throws when there are none.
    virtual std::string blob(std::string_view hash) = 0;
};

}  // namespace sbemu
