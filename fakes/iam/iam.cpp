#include "fakes/iam/iam.h"

#include "fakes/iam/operations.h"

namespace sbemu::iam {

const Service& service() {
    static constexpr Operation kOperations[] = {
        {"AttachRolePolicy", attach_role_policy},
        {"CreateRole", create_role},
        {"DeleteRole", delete_role},
        {"DeleteRolePermissionsBoundary", delete_role_permissions_boundary},
        {"DeleteRolePolicy", delete_role_policy},
        {"DetachRolePolicy", detach_role_policy},
        {"GetRole", get_role},
        {"GetRolePolicy", get_role_policy},
        {"ListAttachedRolePolicies", list_attached_role_policies},
        {"ListInstanceProfilesForRole", list_instance_profiles_for_role},
        {"ListRolePolicies", list_role_policies},
        {"ListRoleTags", list_role_tags},
        {"ListRoles", list_roles_operation},
        {"PutRolePermissionsBoundary", put_role_permissions_boundary},
        {"PutRolePolicy", put_role_policy},
        {"TagRole", tag_role},
        {"UntagRole", untag_role},
        {"UpdateAssumeRolePolicy", update_assume_role_policy},
        {"UpdateRole", update_role_operation},
        {"UpdateRoleDescription", update_role_description},
    };
    static const Service kService{"iam", kOperations, {}, {}, kSchema};
    return kService;
}

}  // namespace sbemu::iam
