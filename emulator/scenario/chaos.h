// Scenarios under random faults: what they expect must hold all the same. docs/chaos.md.
//
// A scenario is played once without faults (the rehearsal) and then under a plan of faults. Events
// that happen in both draw from the same seed, so that a retry, or an event that comes twice,
// changes no id. What the function is asked because of a fault (the event again, after a minute)
// is answered as the same event was; time moves on for it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "emulator/scenario/player.h"
#include "emulator/scenario/scenario.h"

namespace sbemu {

// Lines as scenarios have them: "fail dynamodb.PutItem throttling times 2".
using FaultPlan = std::vector<std::string>;

// Where faults can be put: what a handler did in the rehearsal.
struct FaultTarget {
    enum class Kind { call, response, event, batch };
    Kind kind = Kind::call;
    std::string function;
    std::string call;  // "dynamodb.PutItem"
    // In the story itself, and not as a process, whose clock and connections are its own.
    bool in_story = false;
    std::uint64_t count = 0;  // how often it happened
};

// What a function was asked; `payload` without what the time is in.
struct Asked {
    std::string function;  // its ARN
    std::string payload;

    auto operator<=>(const Asked&) const = default;
};

// Of one step, when it had been played.
struct Rehearsed {
    std::string answer;
    std::string updated;            // the step's expectation that would have matched
    std::optional<Asked> answered;  // by a step `answer`
    std::vector<Asked> waiting;
    std::set<std::string> timers;
    Time now;
};

// Seeds by what drew from them; several of the same in their order.
using SeedsByEvent = std::map<std::string, std::vector<std::uint64_t>>;

// What a function's handler was asked.
struct Answering {
    bool in_story = false;
    std::uint64_t events = 0;
    std::uint64_t batches = 0;
};
using AnsweringByFunction = std::map<std::string, Answering>;
// How often a function made a call: {"env", "dynamodb.PutItem"}.
using CallsByFunction = std::map<std::pair<std::string, std::string>, std::uint64_t>;

// A scenario played without faults; it can be shared by threads.
class Rehearsal {
  public:
    Rehearsal(std::vector<Step> steps, std::string root, Handlers handlers = {});

    // What was not as expected though there were no faults.
    const std::vector<Difference>& differences() const { return differences_; }
    const std::vector<FaultTarget>& targets() const { return targets_; }

    const std::vector<Step>& steps() const { return steps_; }
    // By the step's index.
    const Rehearsed& rehearsed(std::size_t step) const { return rehearsed_[step]; }
    const SeedsByEvent& seeds() const { return seeds_; }
    const std::string& root() const { return root_; }
    const Handlers& handlers() const { return handlers_; }

  private:
    void play();
    void play(const Step& step, StepPlayer& player, Rehearsed& rehearsed);
    void find_targets(const CallsByFunction& calls, const AnsweringByFunction& answering);

    std::vector<Step> steps_;
    std::string root_;
    Handlers handlers_;
    std::vector<Rehearsed> rehearsed_;
    std::vector<Difference> differences_;
    std::vector<FaultTarget> targets_;
    SeedsByEvent seeds_;
};

// The key of SeedsByEvent. `timer` is what a pulse runs.
std::string seed_key(const Event& event, const Timer* timer);
// Whether the event has drawn anything that lasts: then its seed is used up.
bool has_drawn(const Event& event, const Applied& applied);

Asked asked_of(const boost::json::object& invocation);
std::vector<Asked> waiting_in(const Story& story);

// Timers that put off what a function is asked or has answered: faults set more of them.
std::vector<Timer> putting_off(const Story& story);
std::string told(const Timer& timer);

// The faults of a seed: always the same ones for the same scenario. Only such as a robust
// deployment survives; empty if there is nothing to put one on.
FaultPlan plan_of_seed(const std::vector<FaultTarget>& targets, std::uint64_t seed);

struct ChaosResult {
    std::vector<Difference> differences;  // at most one: what follows from the first tells nothing
    std::size_t fired = 0;                // faults of the plan
    std::string state;                    // Store::image
};

ChaosResult play_under(const FaultPlan& plan, const Rehearsal& rehearsal, Mode mode);

// A scenario with its plan in it: a step "chaos" with the lines as its body, before all others.
std::vector<Step> with_chaos(const std::vector<Step>& steps, const FaultPlan& plan);
// Its index, if there is one.
std::optional<std::size_t> find_chaos(const std::vector<Step>& steps);

// play() of scenario.h for scenarios with a step "chaos".
std::vector<Difference> play_with_chaos(std::vector<Step>& steps, Mode mode,
                                        const std::string& root, std::string* state);

}  // namespace sbemu
