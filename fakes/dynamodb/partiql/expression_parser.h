// Expressions of PartiQL, and the SELECT that may stand inside one.
#pragma once

#include "fakes/dynamodb/partiql/syntax.h"
#include "fakes/dynamodb/partiql/token_reader.h"

namespace sbemu::dynamodb::partiql {

class ExpressionParser {
  public:
    explicit ExpressionParser(TokenReader& reader) : reader_(reader) {}

    Expression parse();
    // A name and what is in it, as the target of a change.
    Expression parse_simple_path();
    // Behind the keyword SELECT.
    Select parse_select();
    // Behind FROM, UPDATE or DELETE FROM: the table, and whether an alias follows it.
    bool accept_alias();
    // Behind FROM <table>: WHERE, SET and REMOVE, RETURNING.
    Change parse_from_first();
    void parse_assignments(Change& change);
    std::optional<std::string> parse_returning();

    std::size_t parameters() const { return parameters_; }

  private:
    Expression parse_level(int level);
    bool parse_infix(Expression& left, int level);
    Expression parse_operand_after_operator(int level);
    Expression parse_is(Expression left);
    Expression parse_in(Expression left);
    Expression parse_between(Expression left);
    Expression parse_prefix();
    Expression parse_prefix_here();
    Expression parse_sign();
    Expression parse_term();
    Expression parse_keyword_term();
    Expression parse_steps(Expression root);
    Expression parse_index();
    Expression parse_call(const Token& name);
    Expression parse_parentheses();
    void parse_members(Expression& list, std::string_view close, const std::string& close_name);
    Expression parse_structure();
    void parse_select_list(Select& select);
    void parse_source(Select& select);
    void parse_order(Select& select);
    void parse_refused_clauses(Select& select);

    TokenReader& reader_;
    std::size_t parameters_ = 0;
    int depth_ = 0;
};

}  // namespace sbemu::dynamodb::partiql
