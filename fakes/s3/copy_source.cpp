#include "fakes/s3/copy_source.h"

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/s3/conditions.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;

Object require_copy_source(Context& ctx, const json::object& request) {
    const std::string source = text_member(request, "CopySource");
    constexpr std::string_view kVersion = "?versionId=";
    std::string_view path = source;
    if (const std::size_t at = path.find(kVersion); at != std::string_view::npos) {
        check_version({{"VersionId", path.substr(at + kVersion.size())}});
        path = path.substr(0, at);
    }
    const std::string decoded = percent_decode(path, true);
    const std::string_view name =
        std::string_view(decoded).substr(decoded.starts_with('/') ? 1 : 0);
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == name.size()) {
        throw invalid_argument(
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
            "x-amz-copy-source", source);
    }
    const auto owner = find_text(request, "ExpectedSourceBucketOwner");
    if (owner && *owner != ctx.caller.account) throw access_denied();
    Object object = require_object(ctx, name.substr(0, slash), name.substr(slash + 1));
    check_copy_conditions(request, object);
    return object;
}

}  // namespace sbemu::s3
