// ListObjects and ListObjectsV2: keys in order of their bytes, those with a common prefix up to
// the delimiter rolled into one. Answers as recorded: localstack test_s3_list_operations.
#include <algorithm>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/s3/checksums.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/operations.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMaxPage = 1000;

// The first text behind everything that begins with the prefix.
std::string end_of_prefix(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
    if (prefix.empty()) return std::string(kAfterAllKeys);
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

struct Listing {
    std::string bucket;
    std::string prefix;
    std::string delimiter;
    std::string after;  // only keys behind this one; it may be a common prefix
    std::int64_t max_keys = kMaxPage;
};

struct Page {
    std::vector<ListedObject> objects;
    std::vector<std::string> common_prefixes;
    bool truncated = false;
    std::string last;  // the last key or common prefix of a truncated page

    std::int64_t size() const {
        return static_cast<std::int64_t>(objects.size() + common_prefixes.size());
    }
};

// The part of the key up to the delimiter behind the prefix; empty if there is none.
std::string common_prefix(const Listing& listing, const std::string& key) {
    if (listing.delimiter.empty()) return "";
    const std::size_t at = key.find(listing.delimiter, listing.prefix.size());
    return at == std::string::npos ? "" : key.substr(0, at + listing.delimiter.size());
}

// Where the keys behind `after` begin. What a common prefix stands for is behind us with it.
std::string first_key(const Listing& listing) {
    if (listing.after.empty()) return listing.prefix;
    const std::string rolled = common_prefix(listing, listing.after);
    const bool inside = listing.after.starts_with(listing.prefix) && !rolled.empty();
    return std::max(listing.prefix, inside && rolled == listing.after ? end_of_prefix(listing.after)
                                                                      : listing.after + '\0');
}

Page read_page(Context& ctx, const Listing& listing) {
    Page page;
    const std::string end = end_of_prefix(listing.prefix);
    std::string from = first_key(listing);
    while (from < end && listing.max_keys > 0) {
        const std::int64_t wanted = listing.max_keys - page.size() + 1;
        const auto objects = list_object_rows(ctx, listing.bucket, from, end, wanted);
        from = end;
        for (const ListedObject& object : objects) {
            if (page.size() == listing.max_keys) {
                page.truncated = true;
                return page;
            }
            page.last = common_prefix(listing, object.key);
            if (!page.last.empty()) {
                page.common_prefixes.push_back(page.last);
                from = end_of_prefix(page.last);  // the rest of this prefix need not be read
                break;
            }
            page.last = object.key;
            page.objects.push_back(object);
            from = object.key + '\0';
        }
    }
    return page;
}

// How keys appear in the answer: as they are, or URL-encoded as Java does it.
struct Encoding {
    bool url = false;

    explicit Encoding(const json::object& request) {
        const auto type = find_text(request, "EncodingType");
        if (type && *type != "url") {
            throw invalid_argument("Invalid Encoding Method specified in Request", "encoding-type",
                                   *type);
        }
        url = type.has_value();
    }
    std::string operator()(std::string_view text) const {
        if (!url) return std::string(text);
        std::string encoded;
        for (const char c : text) {
            if (c == ' ') {
                encoded += '+';
            } else if (c == '~') {
                encoded += "%7E";
            } else {
                encoded += percent_encode(std::string_view(&c, 1), "/*");
            }
        }
        return encoded;
    }
};

Listing parse_listing(Context& ctx, const json::object& request) {
    Listing listing;
    listing.bucket = require_bucket(ctx, request).name;
    listing.prefix = text_member(request, "Prefix");
    listing.delimiter = text_member(request, "Delimiter");
    const std::int64_t max_keys = find_number(request, "MaxKeys").value_or(kMaxPage);
    if (max_keys < 0) {
        throw invalid_argument("Argument maxKeys must be an integer between 0 and 2147483647",
                               "maxKeys", std::to_string(max_keys));
    }
    listing.max_keys = std::min(max_keys, kMaxPage);
    return listing;
}

json::object describe(const Listing& listing, const Page& page, const Encoding& encode,
                      const json::object* owner) {
    json::object reply{{"IsTruncated", page.truncated},
                       {"Name", listing.bucket},
                       {"Prefix", encode(listing.prefix)},
                       {"MaxKeys", listing.max_keys}};
    if (!listing.delimiter.empty()) reply["Delimiter"] = encode(listing.delimiter);
    if (encode.url) reply["EncodingType"] = "url";
    json::array contents;
    for (const ListedObject& object : page.objects) {
        json::object entry{{"Key", encode(object.key)},
                           {"LastModified", object.modified},
                           {"ETag", object.etag},
                           {"Size", object.size},
                           {"StorageClass", object.storage_class}};
        const std::string algorithm = checksum_algorithm(object.checksums);
        if (!algorithm.empty()) entry["ChecksumAlgorithm"] = json::array{algorithm};
        if (owner) entry["Owner"] = *owner;
        contents.push_back(std::move(entry));
    }
    if (!contents.empty()) reply["Contents"] = std::move(contents);
    json::array prefixes;
    for (const std::string& prefix : page.common_prefixes) {
        prefixes.push_back(json::object{{"Prefix", encode(prefix)}});
    }
    if (!prefixes.empty()) reply["CommonPrefixes"] = std::move(prefixes);
    return reply;
}

// AWS's tokens are opaque; ours are the last key or prefix of the page before.
std::string parse_continuation_token(const std::string& token) {
    const auto last = base64_decode(token);
    if (last && !last->empty()) return *last;
    throw invalid_argument("The continuation token provided is incorrect", "continuation-token",
                           token);
}

}  // namespace

json::object list_objects(Context& ctx, const json::object& request) {
    Listing listing = parse_listing(ctx, request);
    const Encoding encode(request);
    listing.after = text_member(request, "Marker");
    const Page page = read_page(ctx, listing);

    const json::object owner = owner_of(ctx.caller);
    json::object reply = describe(listing, page, encode, &owner);
    reply["Marker"] = encode(listing.after);
    // Without a delimiter the last key serves as marker (API_ListObjects).
    if (page.truncated && !listing.delimiter.empty()) reply["NextMarker"] = encode(page.last);
    return reply;
}

json::object list_objects_v2(Context& ctx, const json::object& request) {
    Listing listing = parse_listing(ctx, request);
    const Encoding encode(request);
    const auto start_after = find_text(request, "StartAfter");
    const auto token = find_text(request, "ContinuationToken");
    listing.after = token ? parse_continuation_token(*token) : start_after.value_or("");
    const Page page = read_page(ctx, listing);

    const json::object owner = owner_of(ctx.caller);
    json::object reply =
        describe(listing, page, encode, flag_member(request, "FetchOwner") ? &owner : nullptr);
    reply["KeyCount"] = page.size();
    if (start_after) reply["StartAfter"] = encode(*start_after);
    if (token) reply["ContinuationToken"] = *token;
    if (page.truncated) reply["NextContinuationToken"] = base64_encode(page.last);
    return reply;
}

}  // namespace sbemu::s3
