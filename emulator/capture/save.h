// From the event log of a state to a capture.
#pragma once

#include <string>
#include <vector>

#include "emulator/capture/capture.h"

namespace sbemu {

class Store;

struct SaveOptions {
    std::string version;                // of this sbemu
    bool with_code = false;             // packages are in the capture, not stand-ins
    std::vector<std::string> patterns;  // regular expressions of what is to be hidden
};

struct SavedCapture {
    Capture capture;
    std::vector<std::string> warnings;  // for people
};

// Applies the log's events again, as they are and as they go into the capture, to two empty
// states: the answers in the capture are those of a replay. Throws CaptureError, StoreError.
SavedCapture save_capture(Store& log, const SaveOptions& options);

}  // namespace sbemu
