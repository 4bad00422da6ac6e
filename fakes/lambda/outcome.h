// How an invocation ended: what its caller gets, and how its end is told in the log.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "fakes/lambda/rows.h"

namespace sbemu::lambda {

struct Verdict {
    bool failed = false;
    bool reached_function = true;  // false: no process could be started
    std::string payload;           // what the caller gets
    std::string log_line;          // before END, if the process was ended; with its newline
    std::string report_status;     // of the REPORT line: "timeout", "error"; empty if regular
    std::string error_type;
};

// Judges a report of the host (InvocationEnded in lambda.h; `body` is what the process posted).
Verdict judge(const Invocation& invocation, const boost::json::object& report,
              std::string_view body);
Verdict timed_out(const Invocation& invocation, Time now);

}  // namespace sbemu::lambda
