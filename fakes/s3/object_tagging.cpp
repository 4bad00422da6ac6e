// Tags of objects.
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/s3/errors.h"
#include "fakes/s3/operations.h"
#include "fakes/s3/requests.h"

namespace sbemu::s3 {
namespace json = boost::json;

json::object get_object_tagging(Context& ctx, const json::object& request) {
    return {{"TagSet", require_object(ctx, request).attributes.tags}};
}

json::object put_object_tagging(Context& ctx, const json::object& request) {
    Object object = require_object(ctx, request);
    const json::object* tagging = find_object(request, "Tagging");
    const json::array* tags = tagging ? find_array(*tagging, "TagSet") : nullptr;
    if (!tags) throw malformed_xml();
    // As the header has them, so that both are checked and sorted alike.
    std::string text;
    for (const json::value& tag : *tags) {
        text += percent_encode(text_member(tag.as_object(), "Key")) + "=" +
                percent_encode(text_member(tag.as_object(), "Value")) + "&";
    }
    object.attributes.tags = parse_tagging(text);
    update_tags(ctx, object);
    return {};
}

json::object delete_object_tagging(Context& ctx, const json::object& request) {
    Object object = require_object(ctx, request);
    object.attributes.tags.clear();
    update_tags(ctx, object);
    return {};
}

}  // namespace sbemu::s3
