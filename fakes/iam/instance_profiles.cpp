// sbemu has no instance profiles; clients that delete a role ask for them first.
#include "fakes/iam/operations.h"

namespace sbemu::iam {
namespace json = boost::json;

json::object list_instance_profiles_for_role(Context& ctx, const json::object& request) {
    require_role(ctx, request);
    return {{"InstanceProfiles", json::array{}}, {"IsTruncated", false}};
}

}  // namespace sbemu::iam
