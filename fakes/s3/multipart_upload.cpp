// Multipart uploads: begun, filled part by part, then completed or aborted.
#include <algorithm>

#include "emulator/core/blobs.h"
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

constexpr std::int64_t kMaxPartNumber = 10'000;
constexpr std::int64_t kMaxPage = 1000;

std::int64_t size_of(std::string_view bytes) { return static_cast<std::int64_t>(bytes.size()); }

std::int64_t part_number(const json::object& request) {
    const std::int64_t number = find_number(request, "PartNumber").value_or(0);
    if (number < 1 || number > kMaxPartNumber) {
        throw invalid_argument("Part number must be an integer between 1 and 10000, inclusive",
                               "partNumber", std::to_string(number));
    }
    return number;
}

Part make_part(Context& ctx, std::int64_t number, Segment segment, const std::string& digest) {
    Part part;
    part.number = number;
    part.segment = std::move(segment);
    part.etag = "\"" + hex_encode(digest) + "\"";
    part.modified = modification_time(ctx);
    return part;
}

}  // namespace

json::object create_multipart_upload(Context& ctx, const json::object& request) {
    Upload upload;
    upload.bucket = require_bucket(ctx, request).name;
    upload.key = text_member(request, "Key");
    check_key(upload.key);
    upload.attributes = parse_attributes(request);
    upload.checksum_algorithm = text_member(request, "ChecksumAlgorithm");
    upload.id =
        ctx.random.text(128, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._");
    upload.initiated = modification_time(ctx);
    insert_upload(ctx, upload);

    json::object reply{{"Bucket", upload.bucket},
                       {"Key", upload.key},
                       {"UploadId", upload.id},
                       {"ServerSideEncryption", "AES256"}};
    if (!upload.checksum_algorithm.empty()) {
        reply["ChecksumAlgorithm"] = upload.checksum_algorithm;
    }
    return reply;
}

json::object upload_part(Context& ctx, const json::object& request) {
    refuse_unsupported_settings(request);
    const std::int64_t number = part_number(request);
    const Upload upload = require_upload(ctx, request);
    const std::string digest = md5(ctx.body);
    check_content_md5(request, digest);
    Part part = make_part(ctx, number, {put_body(ctx), size_of(ctx.body)}, digest);
    part.checksums = check_checksums(request, ctx.body);
    if (part.checksums.empty() && !upload.checksum_algorithm.empty()) {
        part.checksums = checksum_of(upload.checksum_algorithm, ctx.body);
    }
    put_part(ctx, upload.id, part);

    json::object reply = part.checksums;
    reply["ETag"] = part.etag;
    reply["ServerSideEncryption"] = "AES256";
    return reply;
}

json::object upload_part_copy(Context& ctx, const json::object& request) {
    refuse_unsupported_settings(request);
    const std::int64_t number = part_number(request);
    const Upload upload = require_upload(ctx, request);
    const Object source = require_copy_source(ctx, request);
    std::string content;
    if (const auto text = find_text(request, "CopySourceRange")) {
        const auto range = parse_range(*text, source.size);
        if (!range) {
            throw invalid_argument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where "
                "first and last are the zero-based offsets of the first and last bytes to copy",
                "x-amz-copy-source-range", *text);
        }
        content = read_content(ctx, source, *range);
    } else {
        content = read_content(ctx, source);
    }
    Part part =
        make_part(ctx, number, {put_blob(ctx.store, content), size_of(content)}, md5(content));
    if (!upload.checksum_algorithm.empty()) {
        part.checksums = checksum_of(upload.checksum_algorithm, content);
    }
    put_part(ctx, upload.id, part);

    json::object result = part.checksums;
    result["ETag"] = part.etag;
    result["LastModified"] = part.modified;
    return {{"CopyPartResult", std::move(result)}, {"ServerSideEncryption", "AES256"}};
}

json::object abort_multipart_upload(Context& ctx, const json::object& request) {
    erase_upload(ctx, require_upload(ctx, request).id);
    return {};
}

json::object list_parts_operation(Context& ctx, const json::object& request) {
    const Upload upload = require_upload(ctx, request);
    const std::int64_t marker = find_number(request, "PartNumberMarker").value_or(0);
    const std::int64_t limit =
        std::min(find_number(request, "MaxParts").value_or(kMaxPage), kMaxPage);
    json::array entries;
    bool truncated = false;
    std::int64_t last = 0;
    for (const Part& part : list_parts(ctx, upload.id)) {
        if (part.number <= marker) continue;
        truncated = static_cast<std::int64_t>(entries.size()) == limit;
        if (truncated) break;
        json::object entry = part.checksums;
        entry["PartNumber"] = last = part.number;
        entry["LastModified"] = part.modified;
        entry["ETag"] = part.etag;
        entry["Size"] = part.segment.size;
        entries.push_back(std::move(entry));
    }
    json::object owner = owner_of(ctx.caller);
    json::object reply{{"Bucket", upload.bucket},
                       {"Key", upload.key},
                       {"UploadId", upload.id},
                       {"PartNumberMarker", marker},
                       {"NextPartNumberMarker", last},
                       {"MaxParts", limit},
                       {"IsTruncated", truncated},
                       {"StorageClass", upload.attributes.storage_class},
                       {"Owner", owner},
                       {"Initiator", owner}};
    if (!entries.empty()) reply["Parts"] = std::move(entries);
    return reply;
}

json::object list_multipart_uploads(Context& ctx, const json::object& request) {
    const Bucket bucket = require_bucket(ctx, request);
    for (const char* member : {"Delimiter", "KeyMarker", "UploadIdMarker"}) {
        if (!text_member(request, member).empty()) {
            throw not_implemented("the ListMultipartUploads setting " + std::string(member));
        }
    }
    const std::string prefix = text_member(request, "Prefix");
    const json::object owner = owner_of(ctx.caller);
    json::array uploads;
    for (const Upload& upload : list_uploads(ctx, bucket.name)) {
        if (!upload.key.starts_with(prefix)) continue;
        uploads.push_back(json::object{{"UploadId", upload.id},
                                       {"Key", upload.key},
                                       {"Initiated", upload.initiated},
                                       {"StorageClass", upload.attributes.storage_class},
                                       {"Owner", owner},
                                       {"Initiator", owner}});
    }
    json::object reply{{"Bucket", bucket.name},  {"KeyMarker", ""},          {"UploadIdMarker", ""},
                       {"NextKeyMarker", ""},    {"NextUploadIdMarker", ""}, {"Prefix", prefix},
                       {"MaxUploads", kMaxPage}, {"IsTruncated", false}};
    if (!uploads.empty()) reply["Uploads"] = std::move(uploads);
    return reply;
}

}  // namespace sbemu::s3
