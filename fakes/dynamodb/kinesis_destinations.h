// Kinesis streams that changes of a table's items go to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

struct KinesisDestination {
    std::string arn;
    std::string status;       // ENABLING, ACTIVE, UPDATING, DISABLING, DISABLED, ENABLE_FAILED
    std::string description;  // why it is ENABLE_FAILED
    std::string precision;    // MILLISECOND, MICROSECOND; empty: it was not said
};

// destination_rows.cpp
// That which was named last for the first time comes first.
std::vector<KinesisDestination> list_destinations(Context& ctx, const Table& table);
std::optional<KinesisDestination> find_destination(Context& ctx, const Table& table,
                                                   std::string_view arn);
// Puts it in place of the one with its ARN, or before the others.
void put_destination(Context& ctx, const Table& table, const KinesisDestination& destination);

// A change of an item goes on the stream of the table's destination, which it must have. What the
// stream does not take is lost.
void put_on_destination(Context& ctx, const Table& table, const Item* old_item,
                        const Item* new_item, ChangedBy by);

}  // namespace sbemu::dynamodb
