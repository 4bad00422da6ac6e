// Operations on event source mappings.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu::lambda {

boost::json::object create_event_source_mapping(Context& ctx, const boost::json::object& request);
boost::json::object delete_event_source_mapping(Context& ctx, const boost::json::object& request);
boost::json::object get_event_source_mapping(Context& ctx, const boost::json::object& request);
boost::json::object list_event_source_mappings(Context& ctx, const boost::json::object& request);
boost::json::object update_event_source_mapping(Context& ctx, const boost::json::object& request);

// Timer; key: the UUID. Ends Creating, Enabling, Disabling, Updating or Deleting.
void finish_transition(Context& ctx, std::string_view uuid);

}  // namespace sbemu::lambda
