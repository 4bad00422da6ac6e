// The conditions that expressions replaced: Expected, QueryFilter and ScanFilter with
// ConditionalOperator, and KeyConditions. They become what expressions are parsed to.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/expressions/key_condition.h"
#include "fakes/dynamodb/values/attribute_value.h"

namespace sbemu::dynamodb {

// All functions throw ValidationException, with the texts of facts/dynamodb-kinesis.md 1.8.

// Of a write, with ConditionalOperator; nothing if the request expects nothing.
std::optional<Node> parse_expected(const boost::json::object& request);

// `member` is QueryFilter or ScanFilter. Nothing if the request filters nothing by it.
std::optional<Node> parse_legacy_filter(const boost::json::object& request, std::string_view member,
                                        ValueLayer layer);

// In the order given. KeyConditions are in the request.
std::vector<KeyCondition> parse_key_conditions(const boost::json::object& request);

// Throws if ConditionalOperator is given and there are not several conditions to join. `member` is
// as above, or Expected.
void check_conditional_operator(const boost::json::object& request, std::string_view member);

}  // namespace sbemu::dynamodb
