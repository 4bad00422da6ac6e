#include "fakes/dynamodb/partiql/parser.h"

#include <utility>

#include "fakes/dynamodb/partiql/expression_parser.h"
#include "fakes/dynamodb/partiql/problems.h"

namespace sbemu::dynamodb::partiql {
namespace {

Insert parse_insert(TokenReader& reader, ExpressionParser& expressions) {
    if (!reader.accept_keyword("into")) throw not_well_formed("Unexpected keyword");  // assumed
    Insert insert;
    insert.target = expressions.parse_simple_path();
    insert.has_value_keyword = reader.accept_keyword("value");
    if (!insert.has_value_keyword) reader.accept_keyword("values");
    insert.item = expressions.parse();
    if (reader.accept_keyword("on")) {
        throw not_implemented("dynamodb:ExecuteStatement with ON CONFLICT");
    }
    insert.returning = expressions.parse_returning();
    return insert;
}

Change parse_update(ExpressionParser& expressions, TokenReader& reader) {
    Change change;
    change.target = expressions.parse_simple_path();
    change.has_alias = expressions.accept_alias();
    expressions.parse_assignments(change);
    if (reader.accept_keyword("where")) change.where = expressions.parse();
    change.returning = expressions.parse_returning();
    return change;
}

Change parse_delete(ExpressionParser& expressions, TokenReader& reader) {
    if (!reader.accept_keyword("from")) throw not_well_formed("Expected FROM");  // assumed
    Change change;
    change.deletes = true;
    change.target = expressions.parse_simple_path();
    change.has_alias = expressions.accept_alias();
    if (reader.accept_keyword("where")) change.where = expressions.parse();
    change.returning = expressions.parse_returning();
    return change;
}

}  // namespace

Statement parse_statement(std::string_view source) {
    TokenReader reader(source);
    ExpressionParser expressions(reader);
    Statement statement;
    if (reader.accept_keyword("select")) {
        statement.select = expressions.parse_select();
    } else if (reader.accept_keyword("insert")) {
        statement.insert = parse_insert(reader, expressions);
    } else if (reader.accept_keyword("update")) {
        statement.change = parse_update(expressions, reader);
    } else if (reader.accept_keyword("delete")) {
        statement.change = parse_delete(expressions, reader);
    } else if (reader.accept_keyword("from")) {
        statement.change = expressions.parse_from_first();
    } else {
        statement.expression = expressions.parse();
    }
    if (!reader.at_end()) throw not_well_formed("Unexpected token after expression");
    statement.parameters = expressions.parameters();
    return statement;
}

}  // namespace sbemu::dynamodb::partiql
