// What CopySource names: CopyObject and UploadPartCopy read from it.
#pragma once

#include <boost/json/fwd.hpp>

#include "fakes/s3/rows.h"

namespace sbemu::s3 {

// The object named by "CopySource" ("bucket/key", percent-encoded), if the request's conditions
// allow its use. Throws InvalidArgument, NoSuchBucket, NoSuchKey, PreconditionFailed.
Object require_copy_source(Context& ctx, const boost::json::object& request);

}  // namespace sbemu::s3
