// The operations of S3, one declaration each; s3.cpp lists them.
#pragma once

#include <boost/json/fwd.hpp>

namespace sbemu {
struct Context;
}

namespace sbemu::s3 {

// buckets.cpp
boost::json::object create_bucket(Context& ctx, const boost::json::object& request);
boost::json::object head_bucket(Context& ctx, const boost::json::object& request);
boost::json::object list_buckets_operation(Context& ctx, const boost::json::object& request);
boost::json::object delete_bucket(Context& ctx, const boost::json::object& request);
boost::json::object get_bucket_location(Context& ctx, const boost::json::object& request);
boost::json::object get_bucket_versioning(Context& ctx, const boost::json::object& request);
boost::json::object get_bucket_encryption(Context& ctx, const boost::json::object& request);

// put_object.cpp, get_object.cpp, delete_object.cpp, list_objects.cpp, copy_object.cpp
boost::json::object put_object(Context& ctx, const boost::json::object& request);
boost::json::object get_object(Context& ctx, const boost::json::object& request);
boost::json::object head_object(Context& ctx, const boost::json::object& request);
boost::json::object delete_object(Context& ctx, const boost::json::object& request);
boost::json::object delete_objects(Context& ctx, const boost::json::object& request);
boost::json::object list_objects(Context& ctx, const boost::json::object& request);
boost::json::object list_objects_v2(Context& ctx, const boost::json::object& request);
boost::json::object copy_object(Context& ctx, const boost::json::object& request);

// object_tagging.cpp
boost::json::object get_object_tagging(Context& ctx, const boost::json::object& request);
boost::json::object put_object_tagging(Context& ctx, const boost::json::object& request);
boost::json::object delete_object_tagging(Context& ctx, const boost::json::object& request);

// multipart_upload.cpp
boost::json::object create_multipart_upload(Context& ctx, const boost::json::object& request);
boost::json::object upload_part(Context& ctx, const boost::json::object& request);
boost::json::object upload_part_copy(Context& ctx, const boost::json::object& request);
boost::json::object complete_multipart_upload(Context& ctx, const boost::json::object& request);
boost::json::object abort_multipart_upload(Context& ctx, const boost::json::object& request);
boost::json::object list_parts_operation(Context& ctx, const boost::json::object& request);
boost::json::object list_multipart_uploads(Context& ctx, const boost::json::object& request);

}  // namespace sbemu::s3
