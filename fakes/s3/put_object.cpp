// PutObject stores the body under its key, whole, in place of what was there.
#include "emulator/core/blobs.h"
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/s3/checksums.h"
#include "fakes/s3/conditions.h"
#include "fakes/s3/names.h"
#include "fakes/s3/operations.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;

json::object put_object(Context& ctx, const json::object& request) {
    const Bucket bucket = require_bucket(ctx, request);
    Object object;
    object.bucket = bucket.name;
    object.key = text_member(request, "Key");
    check_key(object.key);
    object.attributes = parse_attributes(request);
    const std::string digest = md5(ctx.body);
    check_content_md5(request, digest);
    object.checksums = check_checksums(request, ctx.body);
    const auto current = find_object_row(ctx, bucket.name, object.key);
    check_write_conditions(request, current ? &*current : nullptr);

    object.size = static_cast<std::int64_t>(ctx.body.size());
    object.etag = "\"" + hex_encode(digest) + "\"";
    object.modified = modification_time(ctx);
    object.segments = {{put_body(ctx), object.size}};
    put_object_row(ctx, object);

    json::object reply = object.checksums;
    reply["ETag"] = object.etag;
    reply["ServerSideEncryption"] = "AES256";
    return reply;
}

}  // namespace sbemu::s3
