// S3: buckets, objects, multipart uploads. The bytes of objects are kernel blobs; rows name them.
//
// Result members that are no part of the API's output shape, for the wire: "$status" 206 when a
// range is answered. GetObject's bytes are the reply body; HeadObject has none, so ContentLength
// says what a GetObject would send. Conditional requests end in ApiErrors of status 304 (fields
// ETag and LastModified, in milliseconds) and 412. Buckets can be reached from every region.
#pragma once

#include "emulator/core/service.h"

namespace sbemu::s3 {

const Service& service();

}  // namespace sbemu::s3
