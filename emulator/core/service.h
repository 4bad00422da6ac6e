// What a service is to the kernel: a table of operations, timers and rows.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu {

// Takes the members of the operation's input shape (checked against the API model), answers
// those of its output shape, or throws ApiError.
using Handler = boost::json::object (*)(Context&, const boost::json::object& request);

struct Operation {
    std::string_view name;  // as in the API model: "DeleteItem"
    Handler handler;
};

// Runs when a timer of this name falls due; `key` says what it is about.
struct TimerHandler {
    std::string_view name;
    void (*run)(Context&, std::string_view key);
};

struct Service {
    std::string_view name;  // of the API model, and in ARNs: "dynamodb"
    // What clients may call.
    std::span<const Operation> operations;
    // What only sbemu itself may call: the host reporting how an invocation ended, say.
    std::span<const Operation> signals;
    std::span<const TimerHandler> timers;
    std::string_view schema;  // CREATE TABLE IF NOT EXISTS statements
    void (*on_announcement)(Context&, const Announcement&) = nullptr;
    // Once after the state was opened again: hand out again what was in flight.
    void (*on_restart)(Context&) = nullptr;
};

class Registry {
  public:
    // Duplicate service or operation names are a bug, found at start.
    explicit Registry(std::vector<const Service*> services);

    const std::vector<const Service*>& services() const { return services_; }
    const Service* find(std::string_view service) const;

    // Checks the request against the API model and runs the operation. Throws ApiError.
    boost::json::object dispatch(Context& ctx, std::string_view service, std::string_view operation,
                                 const boost::json::object& request) const;

  private:
    std::vector<const Service*> services_;
};

}  // namespace sbemu
