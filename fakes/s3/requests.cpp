#include "fakes/s3/requests.h"

#include <algorithm>
#include <map>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/names.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

constexpr std::string_view kKeptHeaders[] = {
    "CacheControl",    "ContentDisposition",
    "ContentEncoding", "ContentLanguage",
    "ContentType",     "Expires",
    "Metadata",        "WebsiteRedirectLocation",
};

constexpr std::string_view kUnsupportedSettings[] = {
    "BucketKeyEnabled",
    "GrantFullControl",
    "GrantRead",
    "GrantReadACP",
    "GrantWrite",
    "GrantWriteACP",
    "ObjectLockMode",
    "ObjectLockRetainUntilDate",
    "SSECustomerAlgorithm",
    "SSECustomerKey",
    "SSECustomerKeyMD5",
    "SSEKMSEncryptionContext",
    "SSEKMSKeyId",
    "ObjectLockLegalHoldStatus",
};

constexpr std::size_t kMaxMetadataBytes = 2048;
constexpr std::size_t kMaxTags = 10;

// User metadata travels in headers: names are lower case. Throws MetadataTooLarge.
json::object normalized_metadata(const json::object& metadata) {
    json::object result;
    std::size_t size = 0;
    for (const auto& [name, value] : metadata) {
        std::string lower(name);
        std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        size += lower.size() + (value.is_string() ? value.get_string().size() : 0);
        result[lower] = value;
    }
    if (size > kMaxMetadataBytes) {
        ApiError error("MetadataTooLarge",
                       "Your metadata headers exceed the maximum allowed metadata size", 400);
        error.fields = {{"Size", std::to_string(size)},
                        {"MaxSizeAllowed", std::to_string(kMaxMetadataBytes)}};
        throw error;
    }
    return result;
}

// Takes what stands before `mark`, and the mark, off the text; all of it if there is no mark.
std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t end = text.find(mark);
    const std::string_view taken = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return taken;
}

// "aws-chunked" says how the request was sent, not what the object is; S3 drops it.
std::string kept_content_encoding(std::string_view text) {
    std::string kept;
    while (!text.empty()) {
        std::string_view coding = take_until(text, ',');
        while (coding.starts_with(' ')) coding.remove_prefix(1);
        while (coding.ends_with(' ')) coding.remove_suffix(1);
        if (coding.empty() || coding == "aws-chunked") continue;
        if (!kept.empty()) kept += ',';
        kept += coding;
    }
    return kept;
}

void check_owner(const Context& ctx, const json::object& request) {
    const auto owner = find_text(request, "ExpectedBucketOwner");
    if (owner && *owner != ctx.caller.account) throw access_denied();
}

}  // namespace

Bucket require_bucket(Context& ctx, std::string_view name) {
    auto bucket = find_bucket(ctx, name);
    if (!bucket) throw no_such_bucket(name);
    return std::move(*bucket);
}

Bucket require_bucket(Context& ctx, const json::object& request) {
    Bucket bucket = require_bucket(ctx, text_member(request, "Bucket"));
    check_owner(ctx, request);
    return bucket;
}

Object require_object(Context& ctx, std::string_view bucket, std::string_view key) {
    require_bucket(ctx, bucket);
    auto object = find_object_row(ctx, bucket, key);
    if (!object) throw no_such_key(key);
    return std::move(*object);
}

Object require_object(Context& ctx, const json::object& request) {
    require_bucket(ctx, request);
    check_version(request);
    return require_object(ctx, text_member(request, "Bucket"), text_member(request, "Key"));
}

void check_version(const json::object& request) {
    const auto version = find_text(request, "VersionId");
    if (!version || *version == "null") return;
    throw invalid_argument("Invalid version id specified", "versionId", *version);
}

Upload require_upload(Context& ctx, const json::object& request) {
    require_bucket(ctx, request);
    const std::string id = text_member(request, "UploadId");
    auto upload = find_upload(ctx, id);
    if (!upload || upload->bucket != text_member(request, "Bucket") ||
        upload->key != text_member(request, "Key")) {
        throw no_such_upload(id);
    }
    return std::move(*upload);
}

void refuse_unsupported_settings(const json::object& request) {
    for (const std::string_view member : kUnsupportedSettings) {
        if (request.contains(member)) throw unsupported_setting(member);
    }
    const auto encryption = find_text(request, "ServerSideEncryption");
    if (encryption && *encryption != "AES256") {
        throw unsupported_setting("ServerSideEncryption " + *encryption);
    }
}

Attributes parse_attributes(const json::object& request) {
    refuse_unsupported_settings(request);
    Attributes attributes;
    for (const std::string_view member : kKeptHeaders) {
        if (const json::value* value = request.if_contains(member)) {
            attributes.headers[member] = *value;
        }
    }
    if (const auto encoding = find_text(attributes.headers, "ContentEncoding")) {
        const std::string kept = kept_content_encoding(*encoding);
        attributes.headers.erase("ContentEncoding");
        if (!kept.empty()) attributes.headers["ContentEncoding"] = kept;
    }
    if (const json::object* metadata = find_object(request, "Metadata")) {
        attributes.headers["Metadata"] = normalized_metadata(*metadata);
    }
    attributes.storage_class = find_text(request, "StorageClass").value_or("STANDARD");
    attributes.tags = parse_tagging(text_member(request, "Tagging"));
    return attributes;
}

json::array parse_tagging(std::string_view text) {
    // A map sorts the tags by key, as GetObjectTagging answers them (recorded: localstack
    // test_s3_api, test_put_object_with_tags).
    std::map<std::string, std::string> tags;
    const std::string whole(text);
    while (!text.empty()) {
        const std::string_view pair = take_until(text, '&');
        if (pair.empty()) continue;
        std::string_view encoded_value = pair;
        const std::string key = percent_decode(take_until(encoded_value, '='), true);
        const std::string value = percent_decode(encoded_value, true);
        if (!tags.emplace(key, value).second) {
            throw invalid_argument(
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then "
                "URLEncoded URL query parameters without tag name duplicates.",
                "x-amz-tagging", whole);
        }
    }
    if (tags.size() > kMaxTags) {
        throw ApiError("BadRequest", "Object tags cannot be greater than 10", 400);
    }
    json::array result;
    for (const auto& [key, value] : tags) {
        result.push_back(json::object{{"Key", key}, {"Value", value}});
    }
    return result;
}

json::object owner_of(const Caller& caller) {
    // AWS's canonical user ids are 64 hex digits that say nothing of the account.
    return {{"DisplayName", caller.account},
            {"ID", hex_encode(sha256("canonical user " + caller.account))}};
}

std::int64_t modification_time(const Context& ctx) {
    return to_milliseconds(std::chrono::floor<std::chrono::seconds>(ctx.now));
}

}  // namespace sbemu::s3
