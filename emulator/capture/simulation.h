// A capture's story told again with something changed: events left out, or functions that act
// otherwise. Time and chance are as captured wherever something captured happens again.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "emulator/capture/story_line.h"

namespace sbemu {

class Kernel;

// What a running invocation does next: a call, or its end (lambda.InvocationEnded).
struct Action {
    Time at;                  // not before
    std::int64_t number = 0;  // of the captured event that this is; 0 if none
    Event event;
};

// How functions act in a simulation.
class Behaviour {
  public:
    virtual ~Behaviour() = default;

    // An invocation (the effect lambda.invoke of fakes/lambda/lambda.h) begins at `now`. `captured`
    // is what the same one did in the capture; null if there is none.
    virtual void begin(const boost::json::object& invocation, Time now,
                       const Transcript* captured) = 0;
    // Nothing if it never does anything more. The same until take() is called.
    virtual std::optional<Action> next(const std::string& invocation) = 0;
    // The next action was applied and answered so.
    virtual void take(const std::string& invocation, const Applied& applied) = 0;
    // The late answer to a call that it made and that was deferred.
    virtual void complete(const std::string& invocation, const Completion& completion) = 0;
    // Its time was up.
    virtual void kill(const std::string& invocation) = 0;
    // Bytes of a function's package, by hash.
    virtual void use(const Kernel&) {}
};

// Functions that do what they did in the capture. One that has no transcript never answers.
class CapturedBehaviour : public Behaviour {
  public:
    void begin(const boost::json::object& invocation, Time now,
               const Transcript* captured) override;
    std::optional<Action> next(const std::string& invocation) override;
    void take(const std::string& invocation, const Applied& applied) override;
    void complete(const std::string&, const Completion&) override {}
    void kill(const std::string& invocation) override;

  private:
    std::map<std::string, std::deque<Action>> running_;
};

// Tells the story of `line.outside` with the transcripts at hand, until the time of `last` and
// nothing that was started runs any more. The result's events are numbered anew.
Capture simulate(const StoryLine& line, Time last, Behaviour& behaviour);

}  // namespace sbemu
