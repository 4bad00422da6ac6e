// Buckets: create, head, list, delete, and what clients ask about one.
#include <algorithm>

#include "emulator/core/members.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/names.h"
#include "fakes/s3/operations.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

constexpr std::string_view kHomeRegion = "us-east-1";

// "af-south-1", "us-gov-west-1": two letters, words, a number.
bool looks_like_region(std::string_view text) {
    return text.size() >= 9 && text[2] == '-' && text[text.size() - 2] == '-' &&
           text.back() >= '1' && text.back() <= '9' &&
           std::all_of(text.begin(), text.end() - 1,
                       [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

// Where a new bucket goes. The endpoint of us-east-1 makes buckets anywhere; the others only at
// home, and want to be told so. (recorded: localstack test_s3_api; aws/aws-sdk-php#2696)
std::string region_of_new_bucket(const Caller& caller, std::string_view location) {
    if (caller.region != kHomeRegion) {
        const std::string_view wanted = location == "EU" ? "eu-west-1" : location;
        if (wanted == caller.region) return caller.region;
        throw ApiError("IllegalLocationConstraintException",
                       "The " + std::string(location.empty() ? "unspecified" : location) +
                           " location constraint is incompatible for the region specific endpoint "
                           "this request was sent to.",
                       400);
    }
    if (location.empty()) return caller.region;
    if (location == "EU") return "eu-west-1";
    if (location != kHomeRegion && looks_like_region(location)) return std::string(location);
    ApiError error("InvalidLocationConstraint", "The specified location-constraint is not valid",
                   400);
    error.fields = {{"LocationConstraint", location}};
    throw error;
}

// us-east-1 answers 200 to whoever creates again what is already theirs; the others do not.
// (scality/cloudserver#475)
void check_bucket_is_new(const Caller& caller, const Bucket& old_bucket,
                         std::string_view new_region) {
    const bool forgiven = caller.region == kHomeRegion && old_bucket.region == kHomeRegion &&
                          new_region == kHomeRegion;
    if (forgiven) return;
    ApiError error(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.", 409);
    error.fields = {{"BucketName", old_bucket.name}};
    throw error;
}

}  // namespace

json::object create_bucket(Context& ctx, const json::object& request) {
    Bucket bucket;
    bucket.name = text_member(request, "Bucket");
    check_bucket_name(bucket.name);
    refuse_unsupported_settings(request);
    if (flag_member(request, "ObjectLockEnabledForBucket")) {
        throw unsupported_setting("ObjectLockEnabledForBucket");
    }
    if (const json::object* configuration = find_object(request, "CreateBucketConfiguration")) {
        bucket.location = text_member(*configuration, "LocationConstraint");
    }
    bucket.region = region_of_new_bucket(ctx.caller, bucket.location);
    bucket.created = modification_time(ctx);

    if (const auto old_bucket = find_bucket(ctx, bucket.name)) {
        check_bucket_is_new(ctx.caller, *old_bucket, bucket.region);
    } else {
        insert_bucket(ctx, bucket);
    }
    const std::string location = bucket.region == kHomeRegion
                                     ? "/" + bucket.name
                                     : "http://" + bucket.name + ".s3.amazonaws.com/";
    return {{"Location", location}};
}

json::object head_bucket(Context& ctx, const json::object& request) {
    // BucketRegion: header x-amz-bucket-region, in models since 2023.
    return {{"BucketRegion", require_bucket(ctx, request).region}};
}

json::object list_buckets_operation(Context& ctx, const json::object&) {
    json::array buckets;
    for (const Bucket& bucket : list_buckets(ctx)) {
        buckets.push_back(json::object{{"Name", bucket.name}, {"CreationDate", bucket.created}});
    }
    return {{"Buckets", std::move(buckets)}, {"Owner", owner_of(ctx.caller)}};
}

json::object delete_bucket(Context& ctx, const json::object& request) {
    const Bucket bucket = require_bucket(ctx, request);
    if (has_objects(ctx, bucket.name)) {
        ApiError error("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
        error.fields = {{"BucketName", bucket.name}};
        throw error;
    }
    erase_bucket(ctx, bucket.name);
    return {};
}

json::object get_bucket_location(Context& ctx, const json::object& request) {
    const Bucket bucket = require_bucket(ctx, request);
    // Null for us-east-1; otherwise the constraint, "EU" for the old name of eu-west-1.
    if (bucket.region == kHomeRegion) return {};
    return {{"LocationConstraint", bucket.location.empty() ? bucket.region : bucket.location}};
}

json::object get_bucket_versioning(Context& ctx, const json::object& request) {
    require_bucket(ctx, request);
    return {};  // versioning was never enabled: no Status (API_GetBucketVersioning)
}

json::object get_bucket_encryption(Context& ctx, const json::object& request) {
    require_bucket(ctx, request);
    // Every bucket since January 2023: SSE-S3 without a bucket key.
    return json::parse(R"({"ServerSideEncryptionConfiguration": {"Rules": [
               {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                "BucketKeyEnabled": false}]}})")
        .as_object();
}

}  // namespace sbemu::s3
