// The operations of Logs, one declaration each; logs.cpp lists them.
#pragma once

#include <boost/json/fwd.hpp>

namespace sbemu {
struct Context;
}

namespace sbemu::logs {

// log_groups.cpp
boost::json::object create_log_group(Context& ctx, const boost::json::object& request);
boost::json::object describe_log_groups(Context& ctx, const boost::json::object& request);
boost::json::object delete_log_group(Context& ctx, const boost::json::object& request);
boost::json::object put_retention_policy(Context& ctx, const boost::json::object& request);
boost::json::object delete_retention_policy(Context& ctx, const boost::json::object& request);

// log_group_tags.cpp
boost::json::object tag_log_group(Context& ctx, const boost::json::object& request);
boost::json::object untag_log_group(Context& ctx, const boost::json::object& request);
boost::json::object list_tags_log_group(Context& ctx, const boost::json::object& request);
boost::json::object tag_resource(Context& ctx, const boost::json::object& request);
boost::json::object untag_resource(Context& ctx, const boost::json::object& request);
boost::json::object list_tags_for_resource(Context& ctx, const boost::json::object& request);

// log_streams.cpp
boost::json::object create_log_stream(Context& ctx, const boost::json::object& request);
boost::json::object describe_log_streams(Context& ctx, const boost::json::object& request);
boost::json::object delete_log_stream(Context& ctx, const boost::json::object& request);

// put_log_events.cpp, get_log_events.cpp, filter_log_events.cpp
boost::json::object put_log_events(Context& ctx, const boost::json::object& request);
boost::json::object get_log_events(Context& ctx, const boost::json::object& request);
boost::json::object filter_log_events(Context& ctx, const boost::json::object& request);

}  // namespace sbemu::logs
