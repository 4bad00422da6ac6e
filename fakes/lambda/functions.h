// Operations on functions.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "fakes/lambda/names.h"
#include "fakes/lambda/rows.h"

namespace sbemu::lambda {

boost::json::object create_function(Context& ctx, const boost::json::object& request);
boost::json::object delete_function(Context& ctx, const boost::json::object& request);
boost::json::object get_function(Context& ctx, const boost::json::object& request);
boost::json::object get_function_configuration(Context& ctx, const boost::json::object& request);
// Signal {Key}: the package that the key of GetFunction's Code.Location names, as the body. Throws
// ResourceNotFoundException.
boost::json::object read_stored_package(Context& ctx, const boost::json::object& request);
boost::json::object list_functions(Context& ctx, const boost::json::object& request);
boost::json::object list_versions_by_function(Context& ctx, const boost::json::object& request);
boost::json::object update_function_code(Context& ctx, const boost::json::object& request);
boost::json::object update_function_configuration(Context& ctx, const boost::json::object& request);
boost::json::object invoke(Context& ctx, const boost::json::object& request);

boost::json::object add_permission(Context& ctx, const boost::json::object& request);
boost::json::object get_policy(Context& ctx, const boost::json::object& request);
boost::json::object remove_permission(Context& ctx, const boost::json::object& request);
boost::json::object list_tags(Context& ctx, const boost::json::object& request);
boost::json::object tag_resource(Context& ctx, const boost::json::object& request);
boost::json::object untag_resource(Context& ctx, const boost::json::object& request);

// Timer; key: the function's name under the caller's account and region as ARN. The function is
// Active, or its update Successful.
void function_became_ready(Context& ctx, std::string_view arn);

// After a restart: one warm process for each function again.
void prepare_functions(Context& ctx);

// The function a request names. Throws ResourceNotFoundException, with the qualifier in the text
// if one was given and `qualifier_in_text`.
struct Addressed {
    FunctionReference reference;
    Function function;
};
Addressed addressed_function(Context& ctx, const boost::json::object& request);

}  // namespace sbemu::lambda
