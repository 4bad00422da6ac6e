// What a function's process writes, taken apart into log events.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/time.h"

namespace sbemu {

struct LogEvent {
    Time timestamp;
    std::string message;  // UTF-8, ending in a newline
};

// Standard output and standard error arrive on one pipe, so that their order is kept. Between
// lines the bootstraps write frames: 0xa55a0003, length (both uint32), microseconds (uint64), all
// big-endian, message; no UTF-8 text contains such a head. One line is one event; "\r" in it
// stands for a line break (facts/lambda.md 4.4), and what follows the last newline is an event
// when the invocation ends.
class FunctionOutput {
  public:
    void receive(std::string_view bytes, Time now);
    // The process has nothing more to say for now: what was begun is an event.
    void finish_line(Time now);
    // The events since the last call, in order.
    std::vector<LogEvent> take();

  private:
    bool take_frame(std::string_view& bytes, Time now);
    void take_text(std::string_view text, Time now);
    void add(std::string message, Time now);

    std::string frame_;  // a frame that has not arrived whole
    std::string line_;   // a line that has not ended
    std::vector<LogEvent> events_;
    std::size_t held_ = 0;  // bytes in events_
    bool is_full_ = false;
};

// With what is not UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace sbemu
