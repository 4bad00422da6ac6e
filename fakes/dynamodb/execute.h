// What the operations with PartiQL statements share: ExecuteStatement, BatchExecuteStatement and
// ExecuteTransaction.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/error.h"
#include "fakes/dynamodb/partiql/prepared.h"
#include "fakes/dynamodb/writes.h"

namespace sbemu::dynamodb {

// The statement in a request or in one of its entries. Throws ValidationException.
partiql::Prepared prepare_statement(const boost::json::object& request);

// Throws ResourceNotFoundException.
Table table_of(Context& ctx, const partiql::Prepared& prepared);

struct StatementResult {
    boost::json::array items;
    std::optional<std::string> next_token;
    Item last_key;  // with next_token: where the page ended
    ConsumedCapacity consumed;
};

struct SelectOptions {
    bool consistent = false;
    std::int64_t limit = std::numeric_limits<std::int64_t>::max();
    std::optional<std::string> next_token;
    std::string fingerprint;  // of the statement: a token is good for one only
};

// Throws ValidationException.
StatementResult execute_select(Context& ctx, const Table& table, const partiql::Prepared& prepared,
                               const SelectOptions& options);

// The key of the one item that the SELECT reads, if it names it and says nothing else; for batches
// and transactions. Throws ValidationException.
std::optional<Item> key_of_select(const Table& table, const partiql::Prepared& prepared);

// What the columns of the SELECT show of an item.
Item select_columns(const partiql::Prepared& prepared, const Item& item);

// The write that an INSERT, UPDATE or DELETE asks for, or the check of an EXISTS(SELECT ...).
struct StatementWrite {
    ItemWrite write;
    std::string return_values = "NONE";  // as those of UpdateItem
};

// Throws ValidationException. `in_transaction`: that the WHERE clause names not one item is left to
// plan_statement to find.
StatementWrite write_of(const Table& table, const partiql::Prepared& prepared, bool in_transaction);

// Throws what plan_write does, and DuplicateItemException.
PlannedWrite plan_statement(Context& ctx, const Table& table, StatementWrite& statement);

// Plans and carries out.
StatementResult execute_write(Context& ctx, const Table& table, StatementWrite statement);

}  // namespace sbemu::dynamodb
