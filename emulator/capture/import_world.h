// The emulator in which an import's story is told; what is applied to it is the capture.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emulator/capture/capture.h"
#include "emulator/capture/world.h"

namespace sbemu {

// A call that must succeed did not: what an event presupposes cannot be made.
struct CallFailed : CaptureError {
    using CaptureError::CaptureError;
};

class ImportWorld {
  public:
    ImportWorld(Time start, std::string account) : now_(start), account_(std::move(account)) {}

    // A client's call and what is due at once after it. Throws CallFailed, naming the call, if it
    // fails. A deferred answer is not waited for.
    boost::json::object call(const std::string& service, const std::string& operation,
                             const boost::json::object& params, const std::string& body = {});
    // Time passes, with all that falls due in it.
    void advance_to(Time time);
    void advance(Duration by) { advance_to(now_ + by); }
    Time now() const { return now_; }

    // An invocation of the function that waits, the newest; null if none does.
    const boost::json::object* waiting(const std::string& function) const;
    // It ends so, after a PUT to its ResponseURL if there is something to be put.
    void answer(const std::string& function, const boost::json::value& result, bool failed,
                const std::optional<boost::json::object>& put = {});

    // It waits no more, though it goes on: its id, or nothing if none waits.
    std::string leave(const std::string& function);
    // One that was left waits again.
    void take_up(const std::string& invocation);

    void in_region(std::string region) { region_ = std::move(region); }
    std::string arn(const std::string& service, const std::string& resource) const;
    std::vector<CapturedEvent> take_events() { return std::move(events_); }

  private:
    Applied apply(Event event);
    void settle();

    World world_;
    Time now_;
    std::string account_;
    std::string region_ = "us-east-1";
    std::uint64_t seed_ = 0;
    std::vector<CapturedEvent> events_;
    std::vector<boost::json::object> waiting_;
    std::vector<boost::json::object> left_;
};

}  // namespace sbemu
