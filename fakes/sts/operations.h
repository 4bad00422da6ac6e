// The operations and signals of STS, one declaration each; sts.cpp lists them.
#pragma once

#include <boost/json/fwd.hpp>

namespace sbemu {
struct Context;
}

namespace sbemu::sts {

// assume_role.cpp
boost::json::object assume_role(Context& ctx, const boost::json::object& request);
boost::json::object credentials_for_role(Context& ctx, const boost::json::object& request);

// caller_identity.cpp
boost::json::object get_caller_identity(Context& ctx, const boost::json::object& request);
boost::json::object get_session_token(Context& ctx, const boost::json::object& request);
boost::json::object get_access_key_info(Context& ctx, const boost::json::object& request);
boost::json::object resolve_access_key(Context& ctx, const boost::json::object& request);

}  // namespace sbemu::sts
