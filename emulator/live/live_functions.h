// Functions that really run, in a story that is told again: their processes reach a port of their
// own, and what they call becomes the story's next events.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "emulator/capture/simulation.h"

namespace sbemu {

struct LiveOptions {
    // Packages to run instead of the captured ones: the bytes of a zip, by function (is_function).
    std::map<std::string, std::string> code;
    // `sbemu up --node-path`. May be empty.
    std::filesystem::path node_path;
};

class LiveFunctions : public Behaviour {
  public:
    // `capture` says whose code was left out of it: those functions need `options.code`. Throws
    // CaptureError naming them if they were invoked.
    LiveFunctions(const Capture& capture, const StoryLine& line, LiveOptions options);
    ~LiveFunctions() override;

    void begin(const boost::json::object& invocation, Time now,
               const Transcript* captured) override;
    // Waits until the function calls something or ends, or its timeout is over.
    std::optional<Action> next(const std::string& invocation) override;
    void take(const std::string& invocation, const Applied& applied) override;
    void complete(const std::string& invocation, const Completion& completion) override;
    void kill(const std::string& invocation) override;
    void use(const Kernel& kernel) override;

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sbemu
