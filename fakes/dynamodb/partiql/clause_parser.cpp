// The clauses of SELECT and of changes.
#include <utility>

#include "fakes/dynamodb/partiql/expression_parser.h"
#include "fakes/dynamodb/partiql/problems.h"

namespace sbemu::dynamodb::partiql {

Expression ExpressionParser::parse_simple_path() {
    if (!reader_.next_is_name()) throw not_well_formed("Expected identifier for simple path");
    const Token token = reader_.take();
    Expression root;
    root.kind = Expression::Kind::name;
    root.text = token.text;
    root.position = token.position;
    return parse_steps(std::move(root));
}

bool ExpressionParser::accept_alias() {
    if (reader_.accept_keyword("as") || reader_.accept_keyword("at") ||
        reader_.accept_keyword("by")) {
        if (!reader_.next_is_name()) throw not_well_formed("Expected identifier for alias");
        reader_.take();
        return true;
    }
    if (!reader_.next_is_name()) return false;
    reader_.take();
    return true;
}

Select ExpressionParser::parse_select() {
    Select select;
    parse_select_list(select);
    // The text is assumed.
    if (!reader_.accept_keyword("from")) throw not_well_formed("Expected FROM after SELECT list");
    parse_source(select);
    if (reader_.accept_keyword("where")) select.where = parse();
    if (reader_.next_is_keyword("order")) parse_order(select);
    parse_refused_clauses(select);
    return select;
}

void ExpressionParser::parse_select_list(Select& select) {
    for (const std::string_view word : {"distinct", "value"}) {
        const Position position = reader_.peek().position;
        if (reader_.accept_keyword(word))
            select.refused = RefusedClause{std::string(word), position};
    }
    reader_.accept_keyword("all");
    do {
        if (reader_.accept("*")) {
            select.everything = true;
            continue;
        }
        select.columns.push_back(parse());
        if (accept_alias()) select.has_alias = true;
    } while (reader_.accept(","));
}

void ExpressionParser::parse_source(Select& select) {
    select.source = parse_steps(parse_term());
    if (accept_alias()) select.has_alias = true;
    while (reader_.accept(",") || reader_.accept_keyword("join")) {
        select.joins = true;
        parse_steps(parse_term());
    }
}

void ExpressionParser::parse_order(Select& select) {
    reader_.take();
    if (!reader_.accept_keyword("by")) throw not_well_formed("Expected BY");  // assumed
    do {
        OrderTerm term;
        term.key = parse();
        term.descending = reader_.accept_keyword("desc");
        if (!term.descending) reader_.accept_keyword("asc");
        select.order.push_back(std::move(term));
    } while (reader_.accept(","));
}

void ExpressionParser::parse_refused_clauses(Select& select) {
    const auto refuse = [&](const std::string& name) {
        const Expression operand = parse();
        if (!select.refused) select.refused = RefusedClause{name, operand.position};
    };
    if (reader_.accept_keyword("group")) {
        if (!reader_.accept_keyword("by")) throw not_well_formed("Expected BY");  // assumed
        refuse("GROUP BY");
    }
    if (reader_.accept_keyword("having")) refuse("HAVING");
    if (reader_.accept_keyword("limit")) refuse("LIMIT");
}

Change ExpressionParser::parse_from_first() {
    Change change;
    change.target = parse_steps(parse_term());
    change.has_alias = accept_alias();
    if (reader_.accept_keyword("where")) change.where = parse();
    parse_assignments(change);
    change.returning = parse_returning();
    return change;
}

void ExpressionParser::parse_assignments(Change& change) {
    while (true) {
        if (reader_.accept_keyword("set")) {
            do {
                Assignment assignment;
                assignment.target = parse_simple_path();
                reader_.expect("=", "EQ");
                assignment.value = parse();
                change.assignments.push_back(std::move(assignment));
            } while (reader_.accept(","));
        } else if (reader_.accept_keyword("remove")) {
            change.assignments.push_back({parse_simple_path(), std::nullopt});
        } else {
            break;
        }
    }
    if (change.assignments.empty()) throw not_well_formed("Expected data manipulation");
}

std::optional<std::string> ExpressionParser::parse_returning() {
    if (!reader_.accept_keyword("returning")) return std::nullopt;
    std::string text;
    if (reader_.accept_word("modified")) {
        text = "MODIFIED";
    } else if (reader_.accept_word("all")) {
        text = "ALL";
    } else {
        throw not_well_formed("Expected ALL or MODIFIED in a returning clause");  // assumed
    }
    if (reader_.accept_word("old")) {
        text += " OLD";
    } else if (reader_.accept_word("new")) {
        text += " NEW";
    } else {
        throw not_well_formed("Expected OLD or NEW in a returning clause");  // assumed
    }
    if (!reader_.accept("*")) {
        throw validation_error(
            "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
    }
    return text + " *";
}

}  // namespace sbemu::dynamodb::partiql
