// The operations of CloudFormation, by family.
#pragma once

#include <boost/json/object.hpp>

#include "emulator/core/context.h"

namespace sbemu::cloudformation {

// stack_operations.cpp
boost::json::object create_stack(Context& ctx, const boost::json::object& request);
boost::json::object update_stack_operation(Context& ctx, const boost::json::object& request);
boost::json::object delete_stack(Context& ctx, const boost::json::object& request);
boost::json::object validate_template(Context& ctx, const boost::json::object& request);

// describe_operations.cpp
boost::json::object describe_stacks(Context& ctx, const boost::json::object& request);
boost::json::object list_stacks_operation(Context& ctx, const boost::json::object& request);
boost::json::object describe_stack_events(Context& ctx, const boost::json::object& request);
boost::json::object describe_stack_resource(Context& ctx, const boost::json::object& request);
boost::json::object describe_stack_resources(Context& ctx, const boost::json::object& request);
boost::json::object list_stack_resources(Context& ctx, const boost::json::object& request);
boost::json::object get_template(Context& ctx, const boost::json::object& request);

}  // namespace sbemu::cloudformation
