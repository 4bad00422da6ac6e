// A whole emulator in memory (or in a file that is opened again and again), without HTTP and
// processes, at a fixed time and seed: what scenarios are played on.
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "emulator/core/kernel.h"
#include "emulator/core/timers.h"
#include "emulator/scenario/scenario.h"
#include "emulator/store/store.h"

namespace sbemu {

// Where the seeds of a story's events come from, if they are not counted.
class SeedSource {
  public:
    virtual ~SeedSource() = default;
    // `timer` is what a pulse will run; null for any other event.
    virtual std::uint64_t seed_for(const Event& event, const Timer* timer) = 0;
    // What came of the event that a seed was asked for last.
    virtual void applied(const Event& event, const Applied& applied) = 0;
};

class Story {
  public:
    explicit Story(Mode mode);
    ~Story();
    Story(const Story&) = delete;
    Story& operator=(const Story&) = delete;

    // One call by a client, and whatever is due at once after it.
    Applied call(const std::string& service, const std::string& operation,
                 const boost::json::object& params, const std::string& body = {});

    // Moves the time, stopping at every timer that falls due on the way.
    void advance(Duration by);

    // An invocation that waits for its function's answer, the oldest first; null if none does.
    const boost::json::object* waiting_invocation() const;
    const std::deque<boost::json::object>& waiting_invocations() const { return waiting_; }
    bool is_waiting(const std::string& invocation_id) const;
    // Makes the waiting invocation with this index the oldest.
    void bring_forward(std::size_t index);
    // Whether a fault is going to kill it.
    bool is_to_be_killed(const std::string& invocation_id) const;

    // Ends the oldest waiting invocation: `outcome` and `payload` as a function process reports
    // them (fakes/lambda/lambda.h).
    void end_invocation(const std::string& outcome, const std::string& payload,
                        const boost::json::array& log = {});

    // The late answer to a deferred call, once.
    std::optional<Completion> take_completion();

    // Calls from now on are made by the oldest waiting invocation (true) or by a client.
    void act_as_invocation(bool acts) { acting_ = acts; }

    // While a handler runs inside the story, its invocation must stay the one that waits.
    void hold_reopening(bool hold) { held_ = hold; }

    // It must outlive the story.
    void take_seeds_from(SeedSource& source) { seeds_ = &source; }

    Time now() const { return now_; }
    std::vector<Timer> timers() const;
    // The whole state, as Store::image gives it.
    std::string state_image() const { return store_->image(); }
    Caller caller{"123456789012", "us-east-1", "123456789012"};

  private:
    Applied apply(Event event);
    std::uint64_t next_seed(const Event& event);
    // Does what is due at once, until nothing is: pulses, and events handed to functions.
    void settle();
    bool settle_once();
    void carry_out(const Applied& applied);
    void end_killed();
    void open();
    void reopen();

    Mode mode_;
    Time now_;
    std::uint64_t seed_ = 0;
    SeedSource* seeds_ = nullptr;
    std::uint64_t restart_seed_;
    bool restarting_ = false;
    bool held_ = false;
    bool acting_ = false;
    int deferred_calls_ = 0;
    std::string file_;  // of the reopened mode
    std::unique_ptr<Store> store_;
    std::unique_ptr<Kernel> kernel_;
    std::deque<boost::json::object> waiting_;
    std::deque<boost::json::object> killed_;  // by a fault, to be reported
    std::deque<Completion> completions_;
};

}  // namespace sbemu
