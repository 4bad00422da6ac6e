// CopyObject copies an object with its settings, or gives it new ones.
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/s3/checksums.h"
#include "fakes/s3/content.h"
#include "fakes/s3/copy_source.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/names.h"
#include "fakes/s3/operations.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

bool replaces(const json::object& request, std::string_view directive) {
    return text_member(request, directive) == "REPLACE";
}

Attributes attributes_of_copy(const json::object& request, const Attributes& source) {
    const Attributes given = parse_attributes(request);
    Attributes result = replaces(request, "MetadataDirective") ? given : source;
    result.storage_class = given.storage_class;
    result.tags = replaces(request, "TaggingDirective") ? given.tags : source.tags;
    return result;
}

// A copy is one piece: it gets the ETag and the checksum of what it holds.
void describe_whole(Context& ctx, const json::object& request, Object& copy) {
    const auto algorithm = find_text(request, "ChecksumAlgorithm");
    if (!copy.multipart && !algorithm) return;
    const std::string content = read_content(ctx, copy);
    const std::string kept = checksum_algorithm(copy.checksums);
    if (copy.multipart) copy.etag = "\"" + hex_encode(md5(content)) + "\"";
    if (algorithm || !kept.empty()) copy.checksums = checksum_of(algorithm.value_or(kept), content);
    copy.multipart = false;
}

}  // namespace

json::object copy_object(Context& ctx, const json::object& request) {
    const Bucket bucket = require_bucket(ctx, request);
    const Object source = require_copy_source(ctx, request);
    Object copy = source;
    copy.bucket = bucket.name;
    copy.key = text_member(request, "Key");
    check_key(copy.key);
    copy.attributes = attributes_of_copy(request, source.attributes);
    const bool to_itself = source.bucket == copy.bucket && source.key == copy.key;
    if (to_itself && !replaces(request, "MetadataDirective") && !request.contains("StorageClass") &&
        !request.contains("WebsiteRedirectLocation") && !request.contains("ServerSideEncryption")) {
        throw invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without "
            "changing the object's metadata, storage class, website redirect location or "
            "encryption "
            "attributes.");
    }
    describe_whole(ctx, request, copy);
    copy.modified = modification_time(ctx);
    put_object_row(ctx, copy);

    json::object result = copy.checksums;
    result["ETag"] = copy.etag;
    result["LastModified"] = copy.modified;
    return {{"CopyObjectResult", std::move(result)}, {"ServerSideEncryption", "AES256"}};
}

}  // namespace sbemu::s3
