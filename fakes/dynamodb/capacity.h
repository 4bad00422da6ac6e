// What calls consume, in half units: an eventually consistent read of 4 KB costs half of one.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

struct ConsumedCapacity {
    std::int64_t table = 0;
    std::map<std::string, std::int64_t> local;   // by the index's name
    std::map<std::string, std::int64_t> global;  // by the index's name

    std::int64_t total() const;
    void add(const ConsumedCapacity& other);
    void add_to_index(const Index& index, std::int64_t half_units);
};

std::int64_t write_half_units(std::int64_t old_size, std::int64_t new_size);
std::int64_t read_half_units(std::int64_t size, bool consistent);

// Of a change of an item, in the table and in its indexes: nothing where the part that an index has
// stays the same, twice where it moves (facts/dynamodb-kinesis.md 1.9).
// `new_size`: size_of_item of the new item.
ConsumedCapacity write_capacity(const Table& table, const StoredItem* old_item,
                                const Item* new_item, std::int64_t new_size);

// A number of units as answers have it: 1 or 0.5.
boost::json::value units_of(std::int64_t half_units);
// ConsumedCapacity as an answer has it. `wanted` is TOTAL or INDEXES.
boost::json::object describe_capacity(std::string_view wanted, std::string_view table,
                                      const ConsumedCapacity& consumed);
// Adds ConsumedCapacity to a reply if the request wants it (ReturnConsumedCapacity).
void report_capacity(const boost::json::object& request, const Table& table,
                     const ConsumedCapacity& consumed, boost::json::object& reply);

}  // namespace sbemu::dynamodb
