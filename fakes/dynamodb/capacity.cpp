#include "fakes/dynamodb/capacity.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/keys.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

std::int64_t index_half_units(const Table& table, const Index& index, const Item* old_item,
                              const Item* new_item) {
    const auto old_place = old_item ? place_in(index, *old_item) : std::nullopt;
    const auto new_place = new_item ? place_in(index, *new_item) : std::nullopt;
    const std::int64_t old_size = old_place ? projected_size(table, index, *old_item) : 0;
    const std::int64_t new_size = new_place ? projected_size(table, index, *new_item) : 0;
    if (!old_place && !new_place) return 0;
    if (!old_place || !new_place) return write_half_units(old_size, new_size);
    if (*old_place != *new_place) {
        return write_half_units(old_size, 0) + write_half_units(0, new_size);
    }
    const bool is_same =
        equal_items(project(table, index, *old_item), project(table, index, *new_item));
    return is_same ? 0 : write_half_units(old_size, new_size);
}

json::object describe_indexes(const std::map<std::string, std::int64_t>& half_units) {
    json::object result;
    for (const auto& [name, amount] : half_units) {
        result[name] = {{"CapacityUnits", units_of(amount)}};
    }
    return result;
}

}  // namespace

std::int64_t ConsumedCapacity::total() const {
    std::int64_t sum = table;
    for (const auto& [name, amount] : local) sum += amount;
    for (const auto& [name, amount] : global) sum += amount;
    return sum;
}

void ConsumedCapacity::add(const ConsumedCapacity& other) {
    table += other.table;
    for (const auto& [name, amount] : other.local) local[name] += amount;
    for (const auto& [name, amount] : other.global) global[name] += amount;
}

void ConsumedCapacity::add_to_index(const Index& index, std::int64_t half_units) {
    if (half_units == 0) return;
    (index.is_global ? global : local)[index.name] += half_units;
}

std::int64_t write_half_units(std::int64_t old_size, std::int64_t new_size) {
    const std::int64_t size = std::max<std::int64_t>({old_size, new_size, 1});
    return 2 * ((size + 1023) / 1024);
}

std::int64_t read_half_units(std::int64_t size, bool consistent) {
    const std::int64_t units = (std::max<std::int64_t>(size, 1) + 4095) / 4096;
    return consistent ? 2 * units : units;
}

ConsumedCapacity write_capacity(const Table& table, const StoredItem* old_item,
                                const Item* new_item, std::int64_t new_size) {
    ConsumedCapacity consumed;
    consumed.table = write_half_units(old_item ? old_item->size : 0, new_size);
    for (const Index& index : table.indexes) {
        consumed.add_to_index(
            index,
            index_half_units(table, index, old_item ? &old_item->item() : nullptr, new_item));
    }
    return consumed;
}

json::value units_of(std::int64_t half_units) {
    if (half_units % 2 != 0) return static_cast<double>(half_units) / 2;  // exact: a half
    return half_units / 2;
}

json::object describe_capacity(std::string_view wanted, std::string_view table,
                               const ConsumedCapacity& consumed) {
    json::object capacity{{"TableName", table}, {"CapacityUnits", units_of(consumed.total())}};
    if (wanted != "INDEXES") return capacity;
    capacity["Table"] = {{"CapacityUnits", units_of(consumed.table)}};
    if (!consumed.local.empty()) {
        capacity["LocalSecondaryIndexes"] = describe_indexes(consumed.local);
    }
    if (!consumed.global.empty()) {
        capacity["GlobalSecondaryIndexes"] = describe_indexes(consumed.global);
    }
    return capacity;
}

void report_capacity(const json::object& request, const Table& table,
                     const ConsumedCapacity& consumed, json::object& reply) {
    const std::string wanted = text_member(request, "ReturnConsumedCapacity", "NONE");
    if (wanted == "NONE") return;
    reply["ConsumedCapacity"] = describe_capacity(wanted, table.named, consumed);
}

}  // namespace sbemu::dynamodb
