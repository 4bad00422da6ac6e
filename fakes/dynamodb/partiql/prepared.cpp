#include "fakes/dynamodb/partiql/prepared.h"

#include <utility>

#include "fakes/dynamodb/partiql/conditions.h"
#include "fakes/dynamodb/partiql/parser.h"
#include "fakes/dynamodb/partiql/paths.h"
#include "fakes/dynamodb/partiql/problems.h"

namespace sbemu::dynamodb::partiql {
namespace {

using Kind = Expression::Kind;

// EXISTS(SELECT ...) stands alone.
bool is_exists(const Statement& statement) {
    if (!statement.expression) return false;
    const Expression& call = *statement.expression;
    return call.kind == Kind::call && call.text == "exists" && call.children.size() == 1 &&
           !call.children.front().select.empty();
}

const Expression& source_of(const Statement& statement) {
    if (statement.select) return statement.select->source;
    return statement.insert ? statement.insert->target : statement.change->target;
}

const std::optional<Expression>& where_of(const Statement& statement) {
    static const std::optional<Expression> kNothing;
    if (statement.select) return statement.select->where;
    return statement.change ? statement.change->where : kNothing;
}

bool has_alias(const Statement& statement) {
    if (statement.select) return statement.select->has_alias;
    return statement.change && statement.change->has_alias;
}

void read_source(const Expression& source, Prepared& prepared) {
    if (!is_path(source)) throw validation_error("Unexpected from source");
    if (source.kind == Kind::name) {
        prepared.table = source.text;
    } else {
        if (source.children.size() > 2) {
            throw validation_error("A path may contain at most 2 components in the FROM clause");
        }
        const Expression& index = source.children[1];
        if (source.children.front().kind != Kind::name || index.kind != Kind::string) {
            throw validation_error("Invalid list expression in source.");
        }
        prepared.table = source.children.front().text;
        prepared.index = index.text;
    }
    if (prepared.table.empty() || (prepared.index && prepared.index->empty())) {
        throw validation_error("Path component cannot be an empty string");
    }
}

void check_insert(const Prepared& prepared) {
    const Insert& insert = *prepared.statement.insert;
    if (prepared.index) {
        throw validation_error(
            "FROM clause may only contain a single table name in data manipulation statements");
    }
    if (!insert.has_value_keyword) {
        throw validation_error(
            "Unsupported operation: Inserting multiple items in a single statement is not "
            "supported, use \"INSERT INTO tableName VALUE item\" instead");
    }
    if (insert.item.kind != Kind::structure) {
        throw validation_error(
            "Unsupported format in item expression. Please use struct format {...} to express item "
            "values for insert statement.");
    }
    if (insert.returning) throw validation_error("RETURNING is not supported in INSERT");
}

}  // namespace

Prepared prepare(std::string_view source, Parameters parameters) {
    Prepared prepared;
    prepared.statement = parse_statement(source);
    prepared.parameters = std::move(parameters);
    if (prepared.statement.parameters != prepared.parameters.size()) {
        throw validation_error("Number of parameters in request and statement don't match.");
    }
    if (is_exists(prepared.statement)) {
        prepared.is_condition_check = true;
        prepared.statement.select =
            std::move(prepared.statement.expression->children.front().select.front());
    } else if (prepared.statement.expression) {
        throw validation_error("Unsupported operation: " +
                               describe(*prepared.statement.expression));
    }
    if (has_alias(prepared.statement)) throw validation_error("Aliasing is not supported");
    if (prepared.statement.select && prepared.statement.select->joins) {
        throw validation_error("Only select from a single table or index is supported.");
    }
    read_source(source_of(prepared.statement), prepared);
    if (prepared.statement.insert) check_insert(prepared);
    // Before the table is looked for (nubo-db validation-ordering/partiql).
    if (const auto& where = where_of(prepared.statement)) {
        prepared.where = condition_of(*where, prepared.parameters);
    }
    return prepared;
}

}  // namespace sbemu::dynamodb::partiql
