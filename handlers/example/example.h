// The example service: puts each record of a Kinesis stream into S3.
#pragma once
#include <boost/json/fwd.hpp>

#include "handlers/runtime/aws.h"
#include "handlers/runtime/context.h"

namespace sbemu::example {

// Writes each record's bytes to <EventPrefix>/<sequence number> in the bucket EventBucket of
// EventBucketRegion, all three read from the environment. Throws HandlerError when one is missing
// or the event is not Kinesis's, AwsError when S3 refuses; Lambda then delivers the batch again.
boost::json::value store_records(const boost::json::value& event, lambda_runtime::Context& context,
                                 lambda_runtime::Aws& aws);

}  // namespace sbemu::example
