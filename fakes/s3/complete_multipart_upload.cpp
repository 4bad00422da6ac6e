// CompleteMultipartUpload makes one object of the parts listed. Its bytes stay where the parts put
// them; its ETag is the MD5 of the parts' MD5s.
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/s3/checksums.h"
#include "fakes/s3/conditions.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/operations.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMinPartSize = 5'242'880;

std::string unquoted(std::string etag) {
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
        return etag.substr(1, etag.size() - 2);
    }
    return etag;
}

ApiError invalid_part(const Upload& upload, std::int64_t number, const std::string& etag) {
    ApiError error("InvalidPart",
                   "One or more of the specified parts could not be found.  The part may not have "
                   "been uploaded, or the specified entity tag may not match the part's entity "
                   "tag.",
                   400);
    error.fields = {
        {"ETag", etag}, {"PartNumber", std::to_string(number)}, {"UploadId", upload.id}};
    return error;
}

ApiError entity_too_small(const Part& part) {
    ApiError error("EntityTooSmall",
                   "Your proposed upload is smaller than the minimum allowed size", 400);
    error.fields = {{"ETag", unquoted(part.etag)},
                    {"MinSizeAllowed", std::to_string(kMinPartSize)},
                    {"PartNumber", std::to_string(part.number)},
                    {"ProposedSize", std::to_string(part.segment.size)}};
    return error;
}

// The uploaded part that an entry of the request names.
const Part& require_part(const std::vector<Part>& uploaded, const Upload& upload,
                         const json::object& entry) {
    const std::int64_t number = find_number(entry, "PartNumber").value_or(0);
    const std::string etag = unquoted(text_member(entry, "ETag"));
    for (const Part& part : uploaded) {
        if (part.number == number && unquoted(part.etag) == etag) return part;
    }
    throw invalid_part(upload, number, etag);
}

// The parts to join, in their order.
std::vector<Part> chosen_parts(Context& ctx, const Upload& upload, const json::object& request) {
    const json::object* list = find_object(request, "MultipartUpload");
    const json::array* entries = list ? find_array(*list, "Parts") : nullptr;
    if (!entries || entries->empty()) throw malformed_xml();
    const std::vector<Part> uploaded = list_parts(ctx, upload.id);
    std::vector<Part> chosen;
    std::int64_t last_number = 0;
    for (const json::value& entry : *entries) {
        const std::int64_t number = find_number(entry.as_object(), "PartNumber").value_or(0);
        if (number <= last_number) {
            ApiError error("InvalidPartOrder",
                           "The list of parts was not in ascending order. Parts must be ordered by "
                           "part number.",
                           400);
            error.fields = {{"UploadId", upload.id}};
            throw error;
        }
        last_number = number;
        chosen.push_back(require_part(uploaded, upload, entry.as_object()));
    }
    for (std::size_t i = 0; i + 1 < chosen.size(); ++i) {
        if (chosen[i].segment.size < kMinPartSize) throw entity_too_small(chosen[i]);
    }
    return chosen;
}

std::string raw_digest(std::string_view hex) {
    return percent_decode([&] {
        std::string escaped;
        for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
            escaped += '%';
            escaped += hex.substr(i, 2);
        }
        return escaped;
    }());
}

// The checksum of the parts' checksums, with their number behind it ("composite").
json::object composite_checksum(const Upload& upload, const std::vector<Part>& parts) {
    if (upload.checksum_algorithm.empty()) return {};
    std::string joined;
    for (const Part& part : parts) {
        for (const auto& [member, value] : part.checksums) {
            joined += base64_decode(std::string_view(value.as_string())).value_or("");
        }
    }
    json::object result = checksum_of(upload.checksum_algorithm, joined);
    for (auto& [member, value] : result) {
        value = std::string(value.as_string()) + "-" + std::to_string(parts.size());
    }
    return result;
}

Object joined_object(Context& ctx, const Upload& upload, const std::vector<Part>& parts) {
    Object object;
    object.bucket = upload.bucket;
    object.key = upload.key;
    object.attributes = upload.attributes;
    object.modified = modification_time(ctx);
    object.multipart = true;
    std::string digests;
    for (const Part& part : parts) {
        object.size += part.segment.size;
        object.segments.push_back(part.segment);
        digests += raw_digest(unquoted(part.etag));
    }
    object.etag = "\"" + hex_encode(md5(digests)) + "-" + std::to_string(parts.size()) + "\"";
    object.checksums = composite_checksum(upload, parts);
    return object;
}

}  // namespace

json::object complete_multipart_upload(Context& ctx, const json::object& request) {
    const Upload upload = require_upload(ctx, request);
    const std::vector<Part> parts = chosen_parts(ctx, upload, request);
    const auto current = find_object_row(ctx, upload.bucket, upload.key);
    check_write_conditions(request, current ? &*current : nullptr);
    const Object object = joined_object(ctx, upload, parts);
    put_object_row(ctx, object);
    erase_upload(ctx, upload.id);

    const Bucket bucket = require_bucket(ctx, upload.bucket);
    json::object reply = object.checksums;
    reply["Location"] = "https://" + bucket.name + ".s3." + bucket.region + ".amazonaws.com/" +
                        percent_encode(object.key);
    reply["Bucket"] = bucket.name;
    reply["Key"] = object.key;
    reply["ETag"] = object.etag;
    reply["ServerSideEncryption"] = "AES256";
    return reply;
}

}  // namespace sbemu::s3
