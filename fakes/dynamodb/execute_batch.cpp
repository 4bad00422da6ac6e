// BatchExecuteStatement: statements that succeed or fail each for itself.
#include <boost/json.hpp>
#include <utility>
#include <variant>

#include "emulator/core/members.h"
#include "fakes/dynamodb/execute.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/several_tables.h"
#include "fakes/dynamodb/transaction_steps.h"
#include "fakes/dynamodb/values/entries.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

// Errors that are not a statement's own end the whole batch.
json::object describe_error(const ApiError& error) {
    const auto code = code_in_answers(error);
    if (!code) throw error;
    json::object described{{"Code", *code}, {"Message", error.what()}};
    if (const json::value* item = error.fields.if_contains("Item")) described["Item"] = *item;
    return described;
}

using Entry = std::variant<partiql::Prepared, ApiError>;

Entry read_entry(const json::object& request) {
    try {
        partiql::Prepared prepared = prepare_statement(request);
        if (prepared.is_condition_check) {
            throw validation_error("EXISTS can only be used in ExecuteTransaction write requests.");
        }
        return prepared;
    } catch (const ApiError& error) {
        describe_error(error);
        return error;
    }
}

void refuse_reads_with_writes(const std::vector<Entry>& entries) {
    bool reads = false;
    bool writes = false;
    for (const Entry& entry : entries) {
        const auto* prepared = std::get_if<partiql::Prepared>(&entry);
        if (prepared) (prepared->is_read() ? reads : writes) = true;
    }
    if (!reads || !writes) return;
    throw validation_error(  // assumed, after the text of ExecuteTransaction
        "BatchExecuteStatement API does not support both read and write operations in the same "
        "request.");
}

class Batch {
  public:
    Batch(Context& ctx, const json::object& request) : ctx_(ctx), capacity_(request) {}

    json::object answer(const json::object& request, const Entry& entry) {
        json::object response;
        try {
            if (const auto* error = std::get_if<ApiError>(&entry)) throw *error;
            const auto& prepared = std::get<partiql::Prepared>(entry);
            const Table table = table_of(ctx_, prepared);
            if (prepared.is_read()) {
                read(request, table, prepared, response);
            } else {
                write(request, table, prepared, response);
            }
        } catch (const ApiError& error) {
            response["Error"] = describe_error(error);
        }
        return response;
    }

    void report(json::object& reply) const { capacity_.report(reply); }

  private:
    // TableName is told once the statement is on its way to the table.
    void read(const json::object& request, const Table& table, const partiql::Prepared& prepared,
              json::object& response) {
        const std::optional<Item> key = key_of_select(table, prepared);
        if (!key) {
            throw validation_error(
                "Select statements within BatchExecuteStatement must specify the primary key in "
                "the where clause.");
        }
        response["TableName"] = table.name;
        const std::optional<StoredItem> found = find_item(ctx_, table, key_of(table, *key));
        const bool consistent = flag_member(request, "ConsistentRead");
        capacity_.add(table, {read_half_units(found ? found->size : 0, consistent), {}, {}});
        if (found) response["Item"] = select_columns(prepared, found->item());
    }

    void write(const json::object& request, const Table& table, const partiql::Prepared& prepared,
               json::object& response) {
        StatementWrite statement = write_of(table, prepared, false);
        statement.write.returns_old_on_failure =
            text_member(request, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
        response["TableName"] = table.name;
        StatementResult result = execute_write(ctx_, table, statement);
        capacity_.add(table, result.consumed);
        if (!result.items.empty()) response["Item"] = std::move(result.items.front());
    }

    Context& ctx_;
    CapacityOfTables capacity_;
};

}  // namespace

json::object batch_execute_statement(Context& ctx, const json::object& request) {
    const json::array& statements = *find_array(request, "Statements");
    std::vector<Entry> entries;
    for (const json::value& statement : statements) {
        entries.push_back(read_entry(object_entry(statement)));
    }
    refuse_reads_with_writes(entries);

    Batch batch(ctx, request);
    json::array responses;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        responses.push_back(batch.answer(statements[i].as_object(), entries[i]));
    }
    json::object reply{{"Responses", std::move(responses)}};
    batch.report(reply);
    return reply;
}

}  // namespace sbemu::dynamodb
