// Faults on the seams, as rules: the calls that match one fail, or what they ask for goes wrong.
// docs/faults.md tells what a rule can say.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu {

// Where a call crosses: a request of a client (or a function), or one service's call of another.
enum class Seam { client, service };

// A call that operations look at for faults of their own.
struct FaultedCall {
    std::string_view service;
    std::string_view operation;
    const boost::json::object& params;
    Seam seam = Seam::client;
};

// Throws the error of the first rule of kind "error" or "silence" that matches this call. What
// rules for the wire do to a client's call is remembered for finish_faults.
void throw_if_faulted(Context& ctx, const FaultedCall& call);

// For operations that carry out kinds of their own ("late", "twice", "kill", "cold"): the members
// of the first matching rule, which has fired with that; nothing if there is none.
std::optional<boost::json::object> take_fault(Context& ctx, const FaultedCall& call,
                                              std::string_view kind);

// At the end of the event, outside of whatever the errors undid: counts the rules down, writes the
// log, and returns what the host is to do to the answer: effects "wire.fault" {Delay: ms} or
// {Drop: "before" | "half" | "never"}.
std::vector<Effect> finish_faults(Context& ctx);

// The signals of control.h. They throw ApiError for a rule that makes no sense.
boost::json::object arm_fault(Context& ctx, const boost::json::object& rule);
boost::json::object list_faults(Context& ctx, const boost::json::object&);
boost::json::object list_fired_faults(Context& ctx, const boost::json::object&);
boost::json::object clear_faults(Context& ctx, const boost::json::object& request);

// CREATE TABLE statements.
extern const std::string_view kFaultSchema;

}  // namespace sbemu
