// From a capture to the scenario that keeps it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "emulator/capture/capture.h"
#include "emulator/scenario/scenario.h"

namespace sbemu {

struct ScenarioOptions {
    std::string title;  // the story in a sentence
    // Functions (by name) that run really: what stands after `answer with`.
    std::map<std::string, std::string> handlers;
    // Where templates are put that are too long for a line: "scenarios/bug.", as steps name it.
    std::string file_prefix;
};

struct CapturedScenario {
    std::vector<Step> steps;                   // without expectations
    std::map<std::string, std::string> files;  // by name, as steps name them
};

// The capture's calls, times and answers of functions as steps. A scenario has ids, times and seeds
// of its own: ids that later steps need are those it will have. Throws CaptureError for what a
// scenario cannot tell.
CapturedScenario scenario_of(const Capture& capture, const ScenarioOptions& options);

}  // namespace sbemu
