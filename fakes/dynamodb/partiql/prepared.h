// A statement with its parameters, and which table it is about.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/partiql/syntax.h"
#include "fakes/dynamodb/partiql/values.h"

namespace sbemu::dynamodb::partiql {

struct Prepared {
    Statement statement;
    Parameters parameters;
    std::string table;
    std::optional<std::string> index;
    std::optional<Node> where;
    bool is_condition_check = false;  // EXISTS(SELECT ...): `statement` is that SELECT

    bool is_read() const { return statement.select && !is_condition_check; }
};

// What can be told without the table. Throws ValidationException.
Prepared prepare(std::string_view statement, Parameters parameters);

}  // namespace sbemu::dynamodb::partiql
