// What the kernel takes and gives: an event in, an applied event out.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <variant>

#include "emulator/core/context.h"

namespace sbemu {

// Everything that can happen is a call: an HTTP request, the end of an invocation
// ("lambda", "InvocationEnded"), a due timer ("sbemu", "Pulse"), a fault being armed.
struct Event {
    Time at;  // never before the event applied last
    std::uint64_t seed = 0;
    Caller caller;
    std::string service;
    std::string operation;
    boost::json::object params;
    std::string body;  // streaming payload: plain bytes
    // Of a call that a function made: which one, and the id of the invocation that it was working
    // on. Empty for other callers.
    std::string function = {};    // its ARN
    std::string invocation = {};  // InvocationId; fakes/lambda/lambda.h
    // The JSON that params were read from, if whoever read it still has it: it need not be made
    // again for the log.
    std::string params_text = {};
};

struct Applied {
    std::int64_t event = 0;
    std::string request_id;
    bool deferred = false;  // the answer comes as a Completion of a later event
    std::variant<Outcome, ApiError> answer;
    std::vector<Effect> effects;
    std::vector<Completion> completions;
    // One more number of the event's Random: it tells whether as many were drawn as before.
    std::uint64_t last_draw = 0;
};

}  // namespace sbemu
