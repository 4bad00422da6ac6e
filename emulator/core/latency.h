// How long things take: sbemu does at once what takes AWS seconds or minutes, unless the state is
// set to take as long as AWS does.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu {

enum class Latency { none, aws };

Latency latency_of(Store& store);

// The duration that AWS usually takes, or none.
Duration usual_duration(Context& ctx, Duration on_aws);

// The signal SetLatency {Mode: "none" | "aws"}. Throws ApiError for another mode.
boost::json::object set_latency(Context& ctx, const boost::json::object& request);

// "aws" of Latency::aws.
std::string_view name_of(Latency latency);

// CREATE TABLE statements.
extern const std::string_view kLatencySchema;

}  // namespace sbemu
