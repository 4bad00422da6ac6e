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
#include "fakes/dynamodb/writes.h"

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

// Throws the error for ReturnValues that are not for Put and Delete.
void check_return_values(const boost::json::object& request);
// The same, for a request that is nested so deeply that this comes before anything else.
void check_return_values_of_deep(const boost::json::object& request);
// Throws ValidationException if the item is too large to be put.
void check_size(const NormalItem& item);

// The parts that Put, Update, Delete and ConditionCheck have in common with those of transactions.
// Members of the request that are expressions of `write` are parsed; throws ValidationException.
void parse_expressions(const boost::json::object& request, ValueLayer layer, ItemWrite& write);

// The object in the member; an empty one if there is none.
const boost::json::object& object_member(const boost::json::object& request,
                                         std::string_view member);

// ProjectionExpression or its predecessor AttributesToGet; nothing if neither is given.
void check_attributes_to_get(const boost::json::object& request);
std::optional<Projection> parse_projection_of(const boost::json::object& request,
                                              ExpressionAttributes& attributes);

// Throws ValidationException if the members are not the table's key, or empty or too long.
Key key_of(const Table& table, const Item& key);
Key key_of_item(const Table& table, const Item& item);
// Throws ValidationException if a key attribute that the item has is empty.
void check_keys_not_empty(const Table& table, const Item& item);
// The members of an item that are the table's key, as far as it has them.
Item key_members(const Table& table, const Item& item);
Item key_attributes(const Table& table, const Item& item);

// Who changed an item: records name the service.
enum class ChangedBy { client, time_to_live };
// A change of an item goes on the table's stream and to its Kinesis destination, if it has them and
// something changed.
void record_change(Context& ctx, const Table& table, const Item* old_item, const Item* new_item,
                   ChangedBy by = ChangedBy::client);

}  // namespace sbemu::dynamodb
