// ExecuteStatement.
#include <boost/json.hpp>
#include <utility>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/execute.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

std::string fingerprint_of(const json::object& request) {
    json::array parts{text_member(request, "Statement")};
    if (const json::array* parameters = find_array(request, "Parameters")) {
        parts.emplace_back(*parameters);
    }
    return hex_encode(sha256(json::serialize(parts))).substr(0, 32);
}

StatementResult select(Context& ctx, const json::object& request, const Table& table,
                       const partiql::Prepared& prepared) {
    SelectOptions options;
    options.consistent = flag_member(request, "ConsistentRead");
    options.limit = number_member(request, "Limit", options.limit);
    options.next_token = find_text(request, "NextToken");
    options.fingerprint = fingerprint_of(request);
    return execute_select(ctx, table, prepared, options);
}

StatementResult change(Context& ctx, const json::object& request, const Table& table,
                       const partiql::Prepared& prepared) {
    // No page of a write ever ended with a token; the text is assumed.
    if (find_member(request, "NextToken")) {
        throw validation_error("NextToken does not match request");
    }
    StatementWrite statement = write_of(table, prepared, false);
    statement.write.returns_old_on_failure =
        text_member(request, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
    return execute_write(ctx, table, statement);
}

}  // namespace

partiql::Prepared prepare_statement(const json::object& request) {
    // Parameters are read before the statement.
    partiql::Parameters parameters = partiql::read_parameters(request);
    return partiql::prepare(text_member(request, "Statement"), std::move(parameters));
}

Table table_of(Context& ctx, const partiql::Prepared& prepared) {
    return usable_table(ctx, {{"TableName", prepared.table}});
}

json::object execute_statement(Context& ctx, const json::object& request) {
    const partiql::Prepared prepared = prepare_statement(request);
    if (prepared.is_condition_check) {
        throw validation_error("EXISTS can only be used in ExecuteTransaction write requests.");
    }
    const Table table = table_of(ctx, prepared);
    StatementResult result = prepared.is_read() ? select(ctx, request, table, prepared)
                                                : change(ctx, request, table, prepared);

    json::object reply{{"Items", std::move(result.items)}};
    if (result.next_token) {
        reply["NextToken"] = *result.next_token;
        reply["LastEvaluatedKey"] = std::move(result.last_key);
    }
    report_capacity(request, table, result.consumed, reply);
    return reply;
}

}  // namespace sbemu::dynamodb
