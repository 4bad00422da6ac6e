// What is written to a key of a secondary index: of its type, not empty and not too long. All of it
// throws ValidationException but has_sound_index_keys, for the index whose name comes first if
// several are wrong.
#pragma once

#include <string_view>

#include "fakes/dynamodb/expressions/update.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// Null if no index of the table has the attribute for a key.
const KeyAttribute* index_key_named(const Table& table, std::string_view name);

bool has_sound_index_keys(const Index& index, const Item& item);

// Of an item that is put.
void check_index_keys(const Table& table, const Item& item);
// As far as the update says what it writes, whatever the item has.
void check_index_keys_of_update(const Table& table, const Update& update);
// Of the item that an update leads to.
void check_updated_index_keys(const Table& table, const Item& item);

// The same, but only that none is empty.
void check_index_keys_not_empty(const Table& table, const Item& item);
void check_index_keys_of_update_not_empty(const Table& table, const Update& update);

}  // namespace sbemu::dynamodb
