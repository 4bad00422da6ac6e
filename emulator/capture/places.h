// Accounts, regions and ARNs of events that happened elsewhere.
#pragma once

#include <boost/json/object.hpp>

#include "emulator/capture/import.h"

namespace sbemu {

// The event as it would be here: in the account of the options, and in their region if they name
// one.
boost::json::object in_our_places(const boost::json::object& event, const ImportOptions& options);

// What is the same when the same happens elsewhere and at another time.
boost::json::value without_places(const boost::json::value& value);

}  // namespace sbemu
