// Conditional requests: If-Match and its kin.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "fakes/s3/rows.h"

namespace sbemu::s3 {

// For reads: throws PreconditionFailed (412) or NotModified (304). RFC 7232 section 6: an ETag
// condition outweighs the date beside it.
void check_read_conditions(const boost::json::object& request, const Object& object);

// For the source of a copy, members CopySourceIf...: every failure is a 412.
void check_copy_conditions(const boost::json::object& request, const Object& source);

// For writes: IfNoneMatch "*" and IfMatch against what is there now (may be null).
void check_write_conditions(const boost::json::object& request, const Object* current);

}  // namespace sbemu::s3
