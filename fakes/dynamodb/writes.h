// The one way to write an item: Put, Update, Delete, batches, transactions, PartiQL and the end of
// an item's time to live all go through here.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/capacity.h"
#include "fakes/dynamodb/expressions/condition.h"
#include "fakes/dynamodb/expressions/projection.h"
#include "fakes/dynamodb/expressions/update.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// What a write asks for, as far as its request alone tells.
struct ItemWrite {
    enum class Kind { put, update, erase, check };
    Kind kind = Kind::put;
    NormalItem item;  // of a put; of the others the primary key
    Update update;    // of an update
    std::optional<Node> condition;
    bool returns_old_on_failure = false;  // ReturnValuesOnConditionCheckFailure ALL_OLD
};

// What it comes to with the item that is there. Nothing is changed yet.
struct PlannedWrite {
    Key key;
    std::optional<StoredItem> old_item;
    std::optional<NormalItem> new_item;  // nothing: there will be none
};

// Takes the item of a put. Throws ValidationException for what does not fit the table or the item,
// and ConditionalCheckFailedException.
PlannedWrite plan_write(Context& ctx, const Table& table, ItemWrite& write);

// Rows, index entries and stream record. Returns what it consumes.
ConsumedCapacity carry_out(Context& ctx, const Table& table, const PlannedWrite& planned);

// Throws ValidationException if a path of the write goes into a key attribute, or changes one.
void check_paths(const Table& table, const ItemWrite& write);

void check_paths_into_keys(const Table& table, const std::vector<const Path*>& paths);
void check_projection(const Table& table, const std::optional<Projection>& projection);

// Attributes as ReturnValues asks for them: NONE, ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATED_NEW.
// Nothing if there is nothing to return.
std::optional<Item> returned_attributes(std::string_view return_values, const ItemWrite& write,
                                        const PlannedWrite& planned);

// ItemCollectionMetrics of a write, if the table has a local index and the request asks for them;
// empty otherwise.
boost::json::object item_collection_metrics(const boost::json::object& request, const Table& table,
                                            const PlannedWrite& planned);

}  // namespace sbemu::dynamodb
