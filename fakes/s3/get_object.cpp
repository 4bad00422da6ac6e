// GetObject and HeadObject: the object, a range or a part of it, and what is known about it.
#include "emulator/core/members.h"
#include "fakes/s3/conditions.h"
#include "fakes/s3/content.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/operations.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

// Request members that replace what is answered in the header of that name.
constexpr std::pair<std::string_view, std::string_view> kOverrides[] = {
    {"ResponseCacheControl", "CacheControl"},
    {"ResponseContentDisposition", "ContentDisposition"},
    {"ResponseContentEncoding", "ContentEncoding"},
    {"ResponseContentLanguage", "ContentLanguage"},
    {"ResponseContentType", "ContentType"},
    {"ResponseExpires", "Expires"},
};

// What PartNumber asks for. A part of an object that was put whole is part 1.
Range part_range(const Object& object, std::int64_t number) {
    if (number < 1 || number > static_cast<std::int64_t>(object.segments.size())) {
        ApiError error("InvalidPartNumber", "The requested partnumber is not satisfiable", 416);
        error.fields = {{"ActualPartCount", std::to_string(object.segments.size())},
                        {"PartNumberRequested", std::to_string(number)}};
        throw error;
    }
    std::int64_t first = 0;
    for (std::int64_t i = 0; i + 1 < number; ++i) {
        first += object.segments[static_cast<std::size_t>(i)].size;
    }
    return {first, first + object.segments[static_cast<std::size_t>(number - 1)].size - 1};
}

// The bytes asked for; nothing if it is the whole object.
std::optional<Range> requested_range(const json::object& request, const Object& object) {
    const auto range = find_text(request, "Range");
    const auto part = find_number(request, "PartNumber");
    if (range && part) {
        throw invalid_request("Cannot specify both Range header and partNumber query parameter");
    }
    if (range) return parse_range(*range, object.size);
    if (part) return part_range(object, *part);
    return {};
}

json::object describe(const json::object& request, const Object& object,
                      const std::optional<Range>& range) {
    json::object reply = object.attributes.headers;
    if (!reply.contains("ContentType")) reply["ContentType"] = "binary/octet-stream";
    if (!reply.contains("Metadata")) reply["Metadata"] = json::object{};
    for (const auto& [from, to] : kOverrides) {
        if (const json::value* value = request.if_contains(from)) reply[to] = *value;
    }
    if (object.attributes.storage_class != "STANDARD") {
        reply["StorageClass"] = object.attributes.storage_class;
    }
    // Answered for the whole object only: a range has other bytes.
    if (text_member(request, "ChecksumMode") == "ENABLED" && !range) {
        for (const auto& [member, value] : object.checksums) reply[member] = value;
    }
    reply["AcceptRanges"] = "bytes";
    reply["ETag"] = object.etag;
    reply["LastModified"] = object.modified;
    reply["ServerSideEncryption"] = "AES256";
    reply["ContentLength"] = range ? range->size() : object.size;
    if (range) {
        reply["$status"] = 206;
        reply["ContentRange"] = range->content_range(object.size);
    }
    if (request.contains("PartNumber") && object.multipart) {
        reply["PartsCount"] = static_cast<std::int64_t>(object.segments.size());
    }
    return reply;
}

// Where GetFunction's Code.Location leads: a bucket that belongs to Lambda.
bool is_lambdas_bucket(const Context& ctx, std::string_view bucket) {
    return bucket == "awslambda-" + ctx.caller.region + "-tasks";
}

json::object get_function_package(Context& ctx, const json::object& request) {
    const std::string key = text_member(request, "Key");
    auto read = ctx.try_call("lambda", "ReadStoredPackage", {{"Key", key}});
    if (std::holds_alternative<ApiError>(read)) throw no_such_key(key);
    auto& outcome = std::get<Outcome>(read);
    ctx.reply_body = std::move(outcome.body);
    ctx.reply_blob = std::move(outcome.body_blob);
    return {{"AcceptRanges", "bytes"},
            {"ContentLength", static_cast<std::int64_t>(ctx.reply_body.size())},
            {"ContentType", "application/zip"},
            {"Metadata", json::object{}}};
}

}  // namespace

json::object get_object(Context& ctx, const json::object& request) {
    if (is_lambdas_bucket(ctx, text_member(request, "Bucket"))) {
        return get_function_package(ctx, request);
    }
    refuse_unsupported_settings(request);
    const Object object = require_object(ctx, request);
    check_read_conditions(request, object);
    const auto range = requested_range(request, object);

    ctx.reply_body = range ? read_content(ctx, object, *range) : read_content(ctx, object);
    if (!range && object.segments.size() == 1) ctx.reply_blob = object.segments.front().hash;
    json::object reply = describe(request, object, range);
    if (!object.attributes.tags.empty()) {
        reply["TagCount"] = static_cast<std::int64_t>(object.attributes.tags.size());
    }
    return reply;
}

json::object head_object(Context& ctx, const json::object& request) {
    refuse_unsupported_settings(request);
    const Object object = require_object(ctx, request);
    check_read_conditions(request, object);
    return describe(request, object, requested_range(request, object));
}

}  // namespace sbemu::s3
