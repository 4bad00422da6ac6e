// The operations of IAM, one declaration each; iam.cpp lists them.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "fakes/iam/rows.h"

namespace sbemu::iam {

// The role named by "RoleName". Throws NoSuchEntity.
Role require_role(Context& ctx, const boost::json::object& request);
std::string role_arn(const Caller& caller, const Role& role);

// roles.cpp
boost::json::object create_role(Context& ctx, const boost::json::object& request);
boost::json::object get_role(Context& ctx, const boost::json::object& request);
boost::json::object list_roles_operation(Context& ctx, const boost::json::object& request);
boost::json::object delete_role(Context& ctx, const boost::json::object& request);

// update_role.cpp
boost::json::object update_role_operation(Context& ctx, const boost::json::object& request);
boost::json::object update_role_description(Context& ctx, const boost::json::object& request);
boost::json::object update_assume_role_policy(Context& ctx, const boost::json::object& request);
boost::json::object put_role_permissions_boundary(Context& ctx, const boost::json::object& request);
boost::json::object delete_role_permissions_boundary(Context& ctx,
                                                     const boost::json::object& request);

// role_policies.cpp
boost::json::object put_role_policy(Context& ctx, const boost::json::object& request);
boost::json::object get_role_policy(Context& ctx, const boost::json::object& request);
boost::json::object list_role_policies(Context& ctx, const boost::json::object& request);
boost::json::object delete_role_policy(Context& ctx, const boost::json::object& request);

// attached_policies.cpp
boost::json::object attach_role_policy(Context& ctx, const boost::json::object& request);
boost::json::object detach_role_policy(Context& ctx, const boost::json::object& request);
boost::json::object list_attached_role_policies(Context& ctx, const boost::json::object& request);

// role_tags.cpp
boost::json::object tag_role(Context& ctx, const boost::json::object& request);
boost::json::object untag_role(Context& ctx, const boost::json::object& request);
boost::json::object list_role_tags(Context& ctx, const boost::json::object& request);
// Adds the tags to those there are. Throws InvalidInput, LimitExceeded.
void add_tags(boost::json::array& tags, const boost::json::array& added);

// instance_profiles.cpp
boost::json::object list_instance_profiles_for_role(Context& ctx,
                                                    const boost::json::object& request);

// The answered form of a role: CreateRole leaves out MaxSessionDuration and RoleLastUsed, which
// ListRoles and GetRole then have.
enum class RoleView { created, listed, full };
boost::json::object describe_role(const Caller& caller, const Role& role, RoleView view);

}  // namespace sbemu::iam
