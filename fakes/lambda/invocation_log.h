// The lines of an invocation: START, the function's own, END, REPORT; in Logs and in LogResult.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "fakes/lambda/outcome.h"

namespace sbemu::lambda {

// Writes them to the function's log group, which is made if it is not there; a failing Logs
// costs the lines, not the invocation. Returns the last 4 KB in base64.
std::string write_log(Context& ctx, const Invocation& invocation, const Verdict& verdict,
                      const boost::json::object& report);

// What is known of the log when the deadline passes: the function's own lines come later.
std::string log_tail_of(Context& ctx, const Invocation& invocation, const Verdict& verdict);

}  // namespace sbemu::lambda
