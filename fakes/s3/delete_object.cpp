// DeleteObject and DeleteObjects. Deleting an absent key succeeds.
#include "emulator/core/members.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/operations.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxDeletedObjects = 1000;

void delete_one(Context& ctx, const Bucket& bucket, const json::object& entry, bool quiet,
                json::array& deleted, json::array& errors) {
    const std::string key = text_member(entry, "Key");
    const auto version = find_text(entry, "VersionId");
    if (version && *version != "null") {
        // Not the InvalidArgument of DeleteObject (recorded: localstack test_s3_api,
        // test_delete_objects).
        errors.push_back(json::object{{"Key", key},
                                      {"VersionId", *version},
                                      {"Code", "NoSuchVersion"},
                                      {"Message", "The specified version does not exist."}});
        return;
    }
    erase_object(ctx, bucket.name, key);
    if (quiet) return;
    json::object result{{"Key", key}};
    if (version) result["VersionId"] = *version;
    deleted.push_back(std::move(result));
}

}  // namespace

json::object delete_object(Context& ctx, const json::object& request) {
    const Bucket bucket = require_bucket(ctx, request);
    check_version(request);
    erase_object(ctx, bucket.name, text_member(request, "Key"));
    return {};
}

json::object delete_objects(Context& ctx, const json::object& request) {
    const Bucket bucket = require_bucket(ctx, request);
    const json::object* list = find_object(request, "Delete");
    const json::array* entries = list ? find_array(*list, "Objects") : nullptr;
    if (!entries || entries->empty() || entries->size() > kMaxDeletedObjects) {
        throw malformed_xml();
    }
    const bool quiet = flag_member(*list, "Quiet");
    json::array deleted;
    json::array errors;
    for (const json::value& entry : *entries) {
        delete_one(ctx, bucket, entry.as_object(), quiet, deleted, errors);
    }
    json::object reply;
    if (!deleted.empty()) reply["Deleted"] = std::move(deleted);
    if (!errors.empty()) reply["Errors"] = std::move(errors);
    return reply;
}

}  // namespace sbemu::s3
