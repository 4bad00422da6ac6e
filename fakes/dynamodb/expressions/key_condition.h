// What a Query asks of the key attributes, one condition each: from KeyConditionExpression, or from
// KeyConditions which it replaced.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "fakes/dynamodb/expressions/condition.h"

namespace sbemu::dynamodb {

struct KeyCondition {
    enum class Operator {
        equal,
        less,
        less_or_equal,
        greater,
        greater_or_equal,
        between,
        begins_with,
        not_indexable,  // KeyConditions take all operators; which are of use depends on the table
    };
    std::string attribute;
    Operator comparison = Operator::equal;
    std::vector<boost::json::object> values;  // one; two for between
};

// The conditions of a KeyConditionExpression in the order they are written. Throws
// ValidationException for everything that conditions can be and key conditions cannot.
std::vector<KeyCondition> key_conditions_of(const Node& condition);

}  // namespace sbemu::dynamodb
