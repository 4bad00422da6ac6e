// Attribute definitions and key schemas in requests on tables.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

struct Keys {
    std::vector<KeyAttribute> partition;
    std::vector<KeyAttribute> sort;
};

// The array that a request has under the name; an empty one if it has none.
const boost::json::array& array_of(const boost::json::object& request, std::string_view member);

// AttributeDefinitions. Throws if an attribute is in it twice.
std::vector<KeyAttribute> parse_definitions(const boost::json::object& request);
// By name, as DynamoDB answers them.
boost::json::array describe_definitions(std::vector<KeyAttribute> definitions);

// Throws unless every key has a definition.
void check_keys_are_defined(const boost::json::array& schema,
                            const std::vector<KeyAttribute>& definitions);
// Throws if a definition is no key of the table or one of the indexes, all as in the request.
void check_definitions_are_used(const boost::json::object& request,
                                const std::vector<KeyAttribute>& definitions);
// Throws unless it is one HASH key and perhaps one RANGE key: tables and local indexes.
void check_simple_keys(const boost::json::array& schema);
// Throws unless it is one to four HASH keys and up to four RANGE keys: global indexes.
void check_global_keys(const boost::json::array& schema);

// All keys have a definition.
Keys parse_keys(const boost::json::array& schema, const std::vector<KeyAttribute>& definitions);
boost::json::array describe_keys(const Keys& keys);

}  // namespace sbemu::dynamodb
