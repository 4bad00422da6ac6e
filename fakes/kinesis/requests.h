// What most requests name: a stream, by name or by ARN.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "fakes/kinesis/streams.h"

namespace sbemu::kinesis {

// StreamName, or the name in StreamARN. Throws InvalidArgumentException if neither is given.
std::string stream_name_of(const boost::json::object& request);

// Throws ResourceNotFoundException.
Stream existing_stream(Context& ctx, const boost::json::object& request);
// One that takes and gives records. CREATING and DELETING count as not found
// (facts/dynamodb-kinesis.md 3.3).
Stream usable_stream(Context& ctx, const boost::json::object& request);
// One that may be changed: throws ResourceInUseException unless it is ACTIVE.
Stream active_stream(Context& ctx, const boost::json::object& request);

}  // namespace sbemu::kinesis
