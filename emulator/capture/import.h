// Makes a capture of events that somebody has: the state that they presuppose is made by calls, and
// the services send them again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "emulator/capture/capture.h"
#include "emulator/capture/found_events.h"

namespace sbemu {

struct ImportOptions {
    std::string version;  // of this sbemu
    std::string account = "000000000000";
    std::string region;    // empty: the event's own
    std::string function;  // of events whose function is not told
    std::string runtime = "nodejs20.x";
    std::string handler = "index.handler";
    std::int64_t timeout_seconds = 30;
    std::map<std::string, std::string> code;  // zips by function name; else a stand-in
};

struct Imported {
    Capture capture;
    std::vector<std::string> made;   // a line per event, for people
    std::vector<std::string> notes;  // what was not made, or comes out otherwise
};

// Throws CaptureError when an event is malformed.
Imported import_events(const std::vector<FoundEvent>& events, const ImportOptions& options);

}  // namespace sbemu
