// Plays one step of a scenario after the other on a story.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "emulator/scenario/scenario.h"
#include "emulator/scenario/story.h"
#include "handlers/runtime/runtime_loop.h"

namespace sbemu {

// Handlers that `answer with NAME` runs in the story itself, besides those that it knows.
using Handlers = std::map<std::string, lambda_runtime::Service>;

class StepPlayer {
  public:
    virtual ~StepPlayer() = default;
    // What the step answered. Throws std::runtime_error for a step that makes no sense.
    virtual std::string run(const Step& step) = 0;
    virtual Story& story() = 0;
};

std::unique_ptr<StepPlayer> make_player(Mode mode, std::string root, Handlers handlers = {});

// The words of a step's first line.
std::vector<std::string> words_of(const std::string& line);

// Whether `answer with NAME` runs a handler in the story, and not a process.
bool runs_in_story(const std::string& name, const Handlers& handlers);

}  // namespace sbemu
