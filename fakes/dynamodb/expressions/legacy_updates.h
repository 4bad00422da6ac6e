// AttributeUpdates, which UpdateExpression replaced.
#pragma once

#include <boost/json/object.hpp>

#include "fakes/dynamodb/expressions/update.h"

namespace sbemu::dynamodb {

// Empty if the request has none. Throws ValidationException, with the texts of
// facts/dynamodb-kinesis.md 1.8.
Update parse_attribute_updates(const boost::json::object& request);

}  // namespace sbemu::dynamodb
