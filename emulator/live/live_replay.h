// A capture's story with today's functions, and what they do otherwise than they did.
#pragma once

#include <vector>

#include "emulator/capture/capture.h"
#include "emulator/live/invocation_difference.h"
#include "emulator/live/live_functions.h"

namespace sbemu {

struct LiveReplay {
    std::size_t invocations = 0;            // that ran now
    std::vector<InvocationChange> changes;  // only of those that did otherwise
    Capture capture;                        // of what happened now
};

// Throws CaptureError.
LiveReplay replay_live(const Capture& capture, LiveOptions options);

}  // namespace sbemu
