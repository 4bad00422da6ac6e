// A capture's story with today's functions, and what they do otherwise than they did.
#pragma once

#include <string>
#include <vector>

#include "emulator/capture/capture.h"
#include "emulator/live/live_functions.h"

namespace sbemu {

// One invocation, as captured and now.
struct InvocationChange {
    std::string function;    // its name
    std::string invocation;  // the InvocationId
    std::int64_t event = 0;  // number of its start in the capture; 0 if it is not in it
    // A line per change, "- " as captured and "+ " as it is now: answers, PUTs to the ResponseURL,
    // calls to services.
    std::vector<std::string> lines;
};

struct LiveReplay {
    std::size_t invocations = 0;            // that ran now
    std::vector<InvocationChange> changes;  // only of those that did otherwise
    Capture capture;                        // of what happened now
};

// Throws CaptureError.
LiveReplay replay_live(const Capture& capture, LiveOptions options);

}  // namespace sbemu
