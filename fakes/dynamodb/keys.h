// Keys of tables and indexes as bytes: their order is DynamoDB's, their hash the order of a scan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

inline constexpr std::size_t kMaxPartitionBytes = 2048;
inline constexpr std::size_t kMaxSortBytes = 1024;
inline constexpr std::int64_t kHashes = 1 << 24;  // Key::hash() is below

// Throws ValidationException if the value (sortable_bytes) of a key attribute is too long.
void check_partition_size(const std::string& partition);
void check_sort_size(const std::string& sort);

// The values of the attributes one after the other, so that the bytes order as the values do. A
// single value is its sortable_bytes. The item has all of them. What the first attributes of
// several give is a prefix of what all give.
std::string encode_values(const std::vector<KeyAttribute>& attributes, const Item& item);
// What encode_values writes for one value of several: its bytes, and with the end that puts it
// before all longer ones.
void append_value(std::string& bytes, const std::string& value);
void append_ended(std::string& bytes, const std::string& value);

std::int64_t hash_of(const std::string& partition);

// Where an item stands in an index; nothing if it lacks one of the keys or has it with another
// type, and so is not in it.
std::optional<Key> place_in(const Index& index, const Item& item);

// The parts of an item that an index has: all, or its keys, the table's, and what it includes.
Item project(const Table& table, const Index& index, const Item& item);
bool projects_all(const Index& index);
bool projects(const Table& table, const Index& index, std::string_view attribute);
std::int64_t projected_size(const Table& table, const Index& index, const Item& item);

}  // namespace sbemu::dynamodb
