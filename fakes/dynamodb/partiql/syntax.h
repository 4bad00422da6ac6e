// A statement as it was written, before anything is known of what it means to DynamoDB.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "fakes/dynamodb/partiql/lexer.h"

namespace sbemu::dynamodb::partiql {

struct Select;

struct Expression {
    enum class Kind {
        string,   // text
        number,   // text, with its sign
        boolean,  // text: true or false
        null,
        missing,
        ion,        // text
        parameter,  // index
        star,       // the argument of COUNT(*)
        name,       // text
        path,       // a root and its steps: string (member), number (index), star or else
        call,       // text(children)
        list,       // [children] or (children)
        bag,        // <<children>>
        structure,  // {child: child, ...}
        operation,  // text is the operator: = <> < <= > >= + - ...; one child or two
        both,       // AND
        either,     // OR
        negation,   // NOT
        between,    // operand, lower, upper
        in,         // operand, list
        is_type,    // child IS text
        statement,  // SELECT or a change inside an expression
    };
    Kind kind = Kind::missing;
    std::string text;
    std::size_t index = 0;
    Position position;
    std::vector<Expression> children;
    std::vector<Select> select;  // of a statement: one or none
};

struct OrderTerm {
    Expression key;
    bool descending = false;
};

// A clause that DynamoDB does not take.
struct RefusedClause {
    std::string name;
    Position position;
};

struct Select {
    bool everything = false;  // *
    std::vector<Expression> columns;
    bool has_alias = false;
    Expression source;
    bool joins = false;
    std::optional<Expression> where;
    std::vector<OrderTerm> order;
    std::optional<RefusedClause> refused;
};

struct Insert {
    Expression target;
    Expression item;
    bool has_value_keyword = false;
    std::optional<std::string> returning;
};

struct Assignment {
    Expression target;                // a name or a path
    std::optional<Expression> value;  // nothing: REMOVE
};

// UPDATE, DELETE and FROM ... SET.
struct Change {
    bool deletes = false;
    Expression target;
    bool has_alias = false;
    std::vector<Assignment> assignments;
    std::optional<Expression> where;
    std::optional<std::string> returning;  // "ALL OLD *"
};

struct Statement {
    // One of these is there.
    std::optional<Select> select;
    std::optional<Insert> insert;
    std::optional<Change> change;
    std::optional<Expression> expression;
    std::size_t parameters = 0;  // how many ? it has
};

}  // namespace sbemu::dynamodb::partiql
