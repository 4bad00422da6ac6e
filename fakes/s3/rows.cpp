#include "fakes/s3/rows.h"

#include "emulator/store/store.h"

namespace sbemu::s3 {
namespace json = boost::json;

const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS s3_bucket (
        account TEXT NOT NULL, name TEXT NOT NULL,
        region TEXT NOT NULL, location TEXT NOT NULL, created INTEGER NOT NULL,
        PRIMARY KEY (account, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS s3_object (
        account TEXT NOT NULL, bucket TEXT NOT NULL, key TEXT NOT NULL,
        size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
        storage_class TEXT NOT NULL, headers TEXT NOT NULL, tags TEXT NOT NULL,
        checksums TEXT NOT NULL, segments TEXT NOT NULL, multipart INTEGER NOT NULL,
        PRIMARY KEY (account, bucket, key),
        FOREIGN KEY (account, bucket) REFERENCES s3_bucket (account, name) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS s3_upload (
        account TEXT NOT NULL, id TEXT NOT NULL, bucket TEXT NOT NULL, key TEXT NOT NULL,
        initiated INTEGER NOT NULL, storage_class TEXT NOT NULL, headers TEXT NOT NULL,
        tags TEXT NOT NULL, checksum_algorithm TEXT NOT NULL,
        PRIMARY KEY (account, id),
        FOREIGN KEY (account, bucket) REFERENCES s3_bucket (account, name) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS s3_upload_bucket ON s3_upload (account, bucket, key, initiated);
    CREATE TABLE IF NOT EXISTS s3_part (
        account TEXT NOT NULL, upload TEXT NOT NULL, number INTEGER NOT NULL,
        hash TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
        modified INTEGER NOT NULL, checksums TEXT NOT NULL,
        PRIMARY KEY (account, upload, number),
        FOREIGN KEY (account, upload) REFERENCES s3_upload (account, id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
)sql";

namespace {

json::object parse_object(std::string_view text) { return json::parse(text).as_object(); }
json::array parse_array(std::string_view text) { return json::parse(text).as_array(); }

std::string segments_text(const std::vector<Segment>& segments) {
    json::array array;
    for (const Segment& segment : segments) {
        array.push_back(json::object{{"Hash", segment.hash}, {"Size", segment.size}});
    }
    return json::serialize(array);
}

std::vector<Segment> parse_segments(std::string_view text) {
    std::vector<Segment> segments;
    for (const json::value& entry : parse_array(text)) {
        segments.push_back(
            {std::string(entry.at("Hash").as_string()), entry.at("Size").as_int64()});
    }
    return segments;
}

}  // namespace

std::optional<Bucket> find_bucket(Context& ctx, std::string_view name) {
    auto row = ctx.store.find<std::string, std::string, std::int64_t>(
        "SELECT region, location, created FROM s3_bucket WHERE account = ? AND name = ?",
        ctx.caller.account, name);
    if (!row) return std::nullopt;
    auto& [region, location, created] = *row;
    return Bucket{std::string(name), std::move(region), std::move(location), created};
}

std::vector<Bucket> list_buckets(Context& ctx) {
    std::vector<Bucket> buckets;
    for (auto& [name, region, location, created] :
         ctx.store.list<std::string, std::string, std::string, std::int64_t>(
             "SELECT name, region, location, created FROM s3_bucket WHERE account = ?"
             " ORDER BY name",
             ctx.caller.account)) {
        buckets.push_back({std::move(name), std::move(region), std::move(location), created});
    }
    return buckets;
}

void insert_bucket(Context& ctx, const Bucket& bucket) {
    ctx.store.run(
        "INSERT INTO s3_bucket (account, name, region, location, created) VALUES (?, ?, ?, ?, ?)",
        ctx.caller.account, bucket.name, bucket.region, bucket.location, bucket.created);
}

void erase_bucket(Context& ctx, std::string_view name) {
    ctx.store.run("DELETE FROM s3_bucket WHERE account = ? AND name = ?", ctx.caller.account, name);
}

bool has_objects(Context& ctx, std::string_view bucket) {
    return ctx.store
        .value<std::int64_t>(
            "SELECT 1 FROM s3_object WHERE account = ? AND bucket = ? ORDER BY key LIMIT 1",
            ctx.caller.account, bucket)
        .has_value();
}

std::optional<Object> find_object_row(Context& ctx, std::string_view bucket, std::string_view key) {
    auto row = ctx.store.find<std::int64_t, std::string, std::int64_t, std::string, std::string,
                              std::string, std::string, std::string, std::int64_t>(
        "SELECT size, etag, modified, storage_class, headers, tags, checksums, segments, multipart"
        " FROM s3_object WHERE account = ? AND bucket = ? AND key = ?",
        ctx.caller.account, bucket, key);
    if (!row) return std::nullopt;
    auto& [size, etag, modified, storage_class, headers, tags, checksums, segments, multipart] =
        *row;
    Object object;
    object.bucket = bucket;
    object.key = key;
    object.size = size;
    object.etag = std::move(etag);
    object.modified = modified;
    object.attributes = {parse_object(headers), std::move(storage_class), parse_array(tags)};
    object.checksums = parse_object(checksums);
    object.segments = parse_segments(segments);
    object.multipart = multipart != 0;
    return object;
}

void put_object_row(Context& ctx, const Object& object) {
    ctx.store.run(
        "INSERT OR REPLACE INTO s3_object (account, bucket, key, size, etag, modified,"
        " storage_class, headers, tags, checksums, segments, multipart)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, object.bucket, object.key, object.size, object.etag, object.modified,
        object.attributes.storage_class, json::serialize(object.attributes.headers),
        json::serialize(object.attributes.tags), json::serialize(object.checksums),
        segments_text(object.segments), std::int64_t{object.multipart});
}

void update_tags(Context& ctx, const Object& object) {
    ctx.store.run("UPDATE s3_object SET tags = ? WHERE account = ? AND bucket = ? AND key = ?",
                  json::serialize(object.attributes.tags), ctx.caller.account, object.bucket,
                  object.key);
}

void erase_object(Context& ctx, std::string_view bucket, std::string_view key) {
    ctx.store.run("DELETE FROM s3_object WHERE account = ? AND bucket = ? AND key = ?",
                  ctx.caller.account, bucket, key);
}

std::vector<ListedObject> list_object_rows(Context& ctx, std::string_view bucket,
                                           std::string_view from, std::string_view before,
                                           std::int64_t limit) {
    std::vector<ListedObject> objects;
    for (auto& [key, size, etag, modified, storage_class, checksums] :
         ctx.store
             .list<std::string, std::int64_t, std::string, std::int64_t, std::string, std::string>(
                 "SELECT key, size, etag, modified, storage_class, checksums FROM s3_object"
                 " WHERE account = ? AND bucket = ? AND key >= ? AND key < ?"
                 " ORDER BY key LIMIT ?",
                 ctx.caller.account, bucket, from, before, limit)) {
        objects.push_back({std::move(key), size, std::move(etag), modified,
                           std::move(storage_class), parse_object(checksums)});
    }
    return objects;
}

std::optional<Upload> find_upload(Context& ctx, std::string_view id) {
    auto row = ctx.store.find<std::string, std::string, std::int64_t, std::string, std::string,
                              std::string, std::string>(
        "SELECT bucket, key, initiated, storage_class, headers, tags, checksum_algorithm"
        " FROM s3_upload WHERE account = ? AND id = ?",
        ctx.caller.account, id);
    if (!row) return std::nullopt;
    auto& [bucket, key, initiated, storage_class, headers, tags, checksum_algorithm] = *row;
    return Upload{std::string(id),
                  std::move(bucket),
                  std::move(key),
                  initiated,
                  {parse_object(headers), std::move(storage_class), parse_array(tags)},
                  std::move(checksum_algorithm)};
}

std::vector<Upload> list_uploads(Context& ctx, std::string_view bucket) {
    std::vector<Upload> uploads;
    for (auto& [id, key, initiated, storage_class] :
         ctx.store.list<std::string, std::string, std::int64_t, std::string>(
             "SELECT id, key, initiated, storage_class FROM s3_upload"
             " WHERE account = ? AND bucket = ? ORDER BY key, initiated, id",
             ctx.caller.account, bucket)) {
        Upload upload;
        upload.id = std::move(id);
        upload.bucket = bucket;
        upload.key = std::move(key);
        upload.initiated = initiated;
        upload.attributes.storage_class = std::move(storage_class);
        uploads.push_back(std::move(upload));
    }
    return uploads;
}

void insert_upload(Context& ctx, const Upload& upload) {
    ctx.store.run(
        "INSERT INTO s3_upload (account, id, bucket, key, initiated, storage_class, headers, tags,"
        " checksum_algorithm) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, upload.id, upload.bucket, upload.key, upload.initiated,
        upload.attributes.storage_class, json::serialize(upload.attributes.headers),
        json::serialize(upload.attributes.tags), upload.checksum_algorithm);
}

void erase_upload(Context& ctx, std::string_view id) {
    ctx.store.run("DELETE FROM s3_upload WHERE account = ? AND id = ?", ctx.caller.account, id);
}

void put_part(Context& ctx, std::string_view upload_id, const Part& part) {
    ctx.store.run(
        "INSERT OR REPLACE INTO s3_part (account, upload, number, hash, size, etag, modified,"
        " checksums) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ctx.caller.account, upload_id, part.number, part.segment.hash, part.segment.size, part.etag,
        part.modified, json::serialize(part.checksums));
}

std::vector<Part> list_parts(Context& ctx, std::string_view upload_id) {
    std::vector<Part> parts;
    for (auto& [number, hash, size, etag, modified, checksums] :
         ctx.store
             .list<std::int64_t, std::string, std::int64_t, std::string, std::int64_t, std::string>(
                 "SELECT number, hash, size, etag, modified, checksums FROM s3_part"
                 " WHERE account = ? AND upload = ? ORDER BY number",
                 ctx.caller.account, upload_id)) {
        parts.push_back(
            {number, {std::move(hash), size}, std::move(etag), modified, parse_object(checksums)});
    }
    return parts;
}

}  // namespace sbemu::s3
