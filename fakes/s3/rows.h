// Buckets, objects and multipart uploads as rows. The only SQL of the S3 fake.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu::s3 {

extern const std::string_view kSchema;

// Bucket names are global: the region is where the bucket lives, not part of its key.
struct Bucket {
    std::string name;
    std::string region;
    std::string location;      // LocationConstraint as it was given: "EU" stays "EU"; empty if none
    std::int64_t created = 0;  // milliseconds
};

// A piece of an object's bytes: a kernel blob. A put object has one, an uploaded one per part.
struct Segment {
    std::string hash;
    std::int64_t size = 0;
};

// What a client may set beside the bytes, as answered by GetObject.
struct Attributes {
    boost::json::object headers;  // output members: ContentType, Metadata, ...
    std::string storage_class;
    boost::json::array tags;  // [{Key, Value}], sorted by key
};

struct Object {
    std::string bucket;
    std::string key;
    std::int64_t size = 0;
    std::string etag;           // with its quotes
    std::int64_t modified = 0;  // milliseconds, whole seconds as in Last-Modified
    Attributes attributes;
    boost::json::object checksums;  // output members: ChecksumCRC32, ...
    std::vector<Segment> segments;
    bool multipart = false;
};

// What a listing shows of an object.
struct ListedObject {
    std::string key;
    std::int64_t size = 0;
    std::string etag;
    std::int64_t modified = 0;
    std::string storage_class;
    boost::json::object checksums;
};

struct Upload {
    std::string id;
    std::string bucket;
    std::string key;
    std::int64_t initiated = 0;  // milliseconds
    Attributes attributes;
    std::string checksum_algorithm;  // empty if none was asked for
};

struct Part {
    std::int64_t number = 0;
    Segment segment;
    std::string etag;
    std::int64_t modified = 0;
    boost::json::object checksums;
};

std::optional<Bucket> find_bucket(Context& ctx, std::string_view name);
std::vector<Bucket> list_buckets(Context& ctx);  // sorted by name
void insert_bucket(Context& ctx, const Bucket& bucket);
void erase_bucket(Context& ctx, std::string_view name);  // with its unfinished uploads
bool has_objects(Context& ctx, std::string_view bucket);

std::optional<Object> find_object_row(Context& ctx, std::string_view bucket, std::string_view key);
void put_object_row(Context& ctx, const Object& object);  // replaces an earlier one
void update_tags(Context& ctx, const Object& object);
void erase_object(Context& ctx, std::string_view bucket, std::string_view key);
// Sorts behind every key: keys are UTF-8, which has no such byte.
inline constexpr std::string_view kAfterAllKeys = "\xff";
// Keys from `from` (included) up to `before` (excluded), in order of bytes.
std::vector<ListedObject> list_object_rows(Context& ctx, std::string_view bucket,
                                           std::string_view from, std::string_view before,
                                           std::int64_t limit);

std::optional<Upload> find_upload(Context& ctx, std::string_view id);
std::vector<Upload> list_uploads(Context& ctx, std::string_view bucket);  // by key, then start
void insert_upload(Context& ctx, const Upload& upload);
void erase_upload(Context& ctx, std::string_view id);  // with its parts
void put_part(Context& ctx, std::string_view upload_id, const Part& part);
std::vector<Part> list_parts(Context& ctx, std::string_view upload_id);  // by number

}  // namespace sbemu::s3
