#include "fakes/dynamodb/index_keys.h"

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "fakes/dynamodb/keys.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

enum class Origin { put, update, updated_item };

// Texts: facts/dynamodb-kinesis.md 1.6 and 1.7; paritysuite/dynamodb-conformance indexKeyValues and
// transactIndexKeys (2026-06-23), dynalite's updateItem tests for what an update says and what it
// leads to; of the size in github.com/wellcomecollection/platform issue 2285 (2018), the SDKs'
// text of TransactionCanceledException, and of sort keys assumed.
ApiError wrong_type(const Index& index, const KeyAttribute& key, std::string_view type,
                    Origin origin) {
    if (origin == Origin::updated_item) {
        return validation_error(
            "The update expression attempted to update the secondary index key to unsupported "
            "type");
    }
    return invalid_values("Type mismatch for Index Key " + key.name + " Expected: " + key.type +
                          " Actual: " + std::string(type) + " IndexName: " + index.name);
}

ApiError too_long(const Index& index, const KeyAttribute& key, std::size_t size, std::size_t most,
                  Origin origin) {
    if (origin == Origin::updated_item) {
        return validation_error(
            "The update expression attempted to update the secondary index key beyond allowed "
            "size limits");
    }
    return invalid_values(
        "Size limit exceeded for Index Key " + key.name + " Actual Size: " + std::to_string(size) +
        " bytes Max Size: " + std::to_string(most) + " bytes IndexName: " + index.name);
}

ApiError empty(const Index& index, const KeyAttribute& key, Origin origin) {
    const bool is_put = origin == Origin::put;
    std::string text = "One or more parameter values are not valid. ";
    text += is_put ? "A value specified for a secondary index key is not supported. "
                   : "The update expression attempted to update a secondary index key to a value "
                     "that is not supported. ";
    text += "The AttributeValue for a key attribute cannot contain an empty ";
    text += key.type == "B" ? "binary value." : "string value.";
    if (is_put) text += " IndexName: " + index.name + ", IndexKey: " + key.name;
    return validation_error(text);
}

std::optional<ApiError> problem_of(const Index& index, const KeyAttribute& key,
                                   const json::object& value, std::size_t most, Origin origin) {
    const std::string_view type = type_of(value);
    if (type != key.type) return wrong_type(index, key, type, origin);
    const std::size_t size = sortable_bytes(value).size();
    if (size > most) return too_long(index, key, size, most, origin);
    if (size == 0) return empty(index, key, origin);
    return std::nullopt;
}

std::optional<ApiError> emptiness_of(const Index& index, const KeyAttribute& key,
                                     const json::object& value, std::size_t, Origin origin) {
    if (type_of(value) != key.type || !sortable_bytes(value).empty()) return std::nullopt;
    return empty(index, key, origin);
}

template <class Problem>
std::optional<ApiError> first_problem(const Index& index, const Item& item, Origin origin,
                                      const Problem& problem) {
    std::optional<ApiError> found;
    const auto look = [&](const std::vector<KeyAttribute>& keys, std::size_t most) {
        for (const KeyAttribute& key : keys) {
            if (found) return;
            const json::value* value = item.if_contains(key.name);
            if (value) found = problem(index, key, value->as_object(), most, origin);
        }
    };
    look(index.partition, kMaxPartitionBytes);
    look(index.sort, kMaxSortBytes);
    return found;
}

template <class Problem>
void check(const Table& table, const Item& item, Origin origin, const Problem& problem) {
    const Index* first = nullptr;
    std::optional<ApiError> found;
    for (const Index& index : table.indexes) {
        if (first && first->name < index.name) continue;
        auto wrong = first_problem(index, item, origin, problem);
        if (!wrong) continue;
        first = &index;
        found = std::move(wrong);
    }
    if (found) throw *std::move(found);
}

// What the operand comes to, or some value of the type that it has in any case; empty if only the
// item says.
json::object known_value(const UpdateOperand& operand) {
    switch (operand.kind) {
        case UpdateOperand::Kind::value:
            return operand.value;
        case UpdateOperand::Kind::if_not_exists:
            return known_value(operand.operands[0]);
        case UpdateOperand::Kind::list_append:
            return {{"L", json::array()}};
        case UpdateOperand::Kind::plus:
        case UpdateOperand::Kind::minus:
            return {{"N", "0"}};
        case UpdateOperand::Kind::path:
            break;
    }
    return {};
}

// The index keys among what the update writes.
Item known_index_keys(const Table& table, const Update& update) {
    Item item;
    if (table.indexes.empty()) return item;
    for (const UpdateAction& action : update) {
        const bool writes = action.kind != UpdateAction::Kind::remove;
        if (!writes || action.path.steps.size() > 1) continue;
        if (!index_key_named(table, action.path.attribute())) continue;
        json::object value = known_value(action.operand);
        if (!value.empty()) item[action.path.attribute()] = std::move(value);
    }
    return item;
}

}  // namespace

const KeyAttribute* index_key_named(const Table& table, std::string_view name) {
    for (const Index& index : table.indexes) {
        for (const auto* keys : {&index.partition, &index.sort}) {
            for (const KeyAttribute& key : *keys) {
                if (key.name == name) return &key;
            }
        }
    }
    return nullptr;
}

bool has_sound_index_keys(const Index& index, const Item& item) {
    return !first_problem(index, item, Origin::put, problem_of);
}

void check_index_keys(const Table& table, const Item& item) {
    check(table, item, Origin::put, problem_of);
}

void check_index_keys_of_update(const Table& table, const Update& update) {
    check(table, known_index_keys(table, update), Origin::update, problem_of);
}

void check_updated_index_keys(const Table& table, const Item& item) {
    check(table, item, Origin::updated_item, problem_of);
}

void check_index_keys_not_empty(const Table& table, const Item& item) {
    check(table, item, Origin::put, emptiness_of);
}

void check_index_keys_of_update_not_empty(const Table& table, const Update& update) {
    check(table, known_index_keys(table, update), Origin::update, emptiness_of);
}

}  // namespace sbemu::dynamodb
