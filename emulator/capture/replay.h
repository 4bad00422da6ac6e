// A capture applied again, to an empty state.
#pragma once

#include <optional>
#include <string>

#include "emulator/capture/capture.h"

namespace sbemu {

class Kernel;

// Where a reply is not what the capture has.
struct ReplayDifference {
    CapturedEvent captured;
    boost::json::value answered;  // describe_reply

    // A line per member that differs, - as captured and + as answered now.
    std::string explain() const;
};

// Applies one event and compares its reply. Nothing if it is the same, or not known.
std::optional<ReplayDifference> replay_event(Kernel& kernel, const CapturedEvent& captured);

struct Replayed {
    std::size_t events = 0;                      // applied
    std::optional<ReplayDifference> difference;  // the first; nothing was applied after it
    std::string unseed;                          // of the replies of this replay
};

// Applies the events up to number `until` (all if nothing) to a new state in memory.
Replayed replay(const Capture& capture, std::optional<std::int64_t> until = {});

}  // namespace sbemu
