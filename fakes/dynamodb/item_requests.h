// What the operations on items share: their table, key, condition and answers.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fakes/dynamodb/capacity.h"
#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/expressions/projection.h"
#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {

// The name in TableName, which may be the table's ARN.
std::string table_name_of(const Context& ctx, const boost::json::object& request);
// Throws ResourceNotFoundException also while the table is CREATING or DELETING
// (facts/dynamodb-kinesis.md 1.11).
Table usable_table(Context& ctx, const boost::json::object& request);

// Writes put this before errors that can be told from the request alone
// (facts/dynamodb-kinesis.md 1.4).
template <class Check>
auto with_envelope(Check check) {
    try {
        return check();
    } catch (const ApiError& error) {
        if (error.code != "ValidationException") throw;
        throw validation_error("1 validation error detected: " + std::string(error.what()));
    }
}

// Expressions and the parameters they replaced cannot be mixed; attribute names and values need
// an expression. `expressions` and `replaced` in the order the error lists them.
void check_expression_parameters(const boost::json::object& request,
                                 std::span<const std::string_view> expressions,
                                 std::span<const std::string_view> replaced);
// Throws NotImplemented naming the first of the members that is given.
void refuse_members(const boost::json::object& request, std::string_view operation,
                    std::span<const std::string_view> members);

// The parts of a write that say when it happens and what it answers.
struct WriteOptions {
    std::optional<Node> condition;
    bool returns_old = false;             // ReturnValues ALL_OLD
    bool returns_old_on_failure = false;  // ReturnValuesOnConditionCheckFailure ALL_OLD
};
// Throws the enveloped error for ReturnValues that are not for Put and Delete.
void check_return_values(const boost::json::object& request);
WriteOptions parse_write_options(const boost::json::object& request);
// Throws ConditionalCheckFailedException.
void require_condition(const WriteOptions& options, const std::optional<StoredItem>& old);

// ProjectionExpression or its predecessor AttributesToGet; nothing if neither is given.
void check_attributes_to_get(const boost::json::object& request);
std::optional<Projection> parse_projection_of(const boost::json::object& request,
                                              ExpressionAttributes& attributes);

// Throws ValidationException if the members are not the table's key, or empty or too long.
Key key_of(const Table& table, const Item& key);
Key key_of_item(const Table& table, const Item& item);
Item key_attributes(const Table& table, const Item& item);

// Who changed an item: a stream's record names the service.
enum class ChangedBy { client, time_to_live };
// A change of an item goes on the table's stream, if it has one and something changed.
void record_change(Context& ctx, const Table& table, const Item* old_item, const Item* new_item,
                   ChangedBy by = ChangedBy::client);

}  // namespace sbemu::dynamodb
