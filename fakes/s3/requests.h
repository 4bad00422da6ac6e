// What the operations of S3 have in common: finding the bucket and the object a request names,
// and reading the settings that go with an object.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "fakes/s3/rows.h"

namespace sbemu::s3 {

// The bucket named by "Bucket". Throws NoSuchBucket, or AccessDenied for an ExpectedBucketOwner
// that is not the caller's account.
Bucket require_bucket(Context& ctx, const boost::json::object& request);
Bucket require_bucket(Context& ctx, std::string_view name);

// The object named by "Bucket" and "Key". Throws NoSuchBucket, NoSuchKey, InvalidArgument for a
// version: there are none.
Object require_object(Context& ctx, const boost::json::object& request);
Object require_object(Context& ctx, std::string_view bucket, std::string_view key);
// Throws InvalidArgument unless the request names no version or "null".
void check_version(const boost::json::object& request);

// The upload named by "UploadId", "Bucket" and "Key". Throws NoSuchUpload.
Upload require_upload(Context& ctx, const boost::json::object& request);

// The settings of a PutObject, CreateMultipartUpload or replacing CopyObject request. Throws
// NotImplemented for settings sbemu does not have.
Attributes parse_attributes(const boost::json::object& request);
// Throws NotImplemented for encryption with keys, object locks and grants.
void refuse_unsupported_settings(const boost::json::object& request);

// "a=1&b=" as tags, sorted by key. Throws InvalidArgument.
boost::json::array parse_tagging(std::string_view text);

// Owner of everything in the caller's account: {DisplayName, ID}.
boost::json::object owner_of(const Caller& caller);

// Now as S3 keeps it: whole seconds.
std::int64_t modification_time(const Context& ctx);

}  // namespace sbemu::s3
