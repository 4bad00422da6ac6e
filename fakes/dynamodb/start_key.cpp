#include "fakes/dynamodb/start_key.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

template <class Check>
auto with_reason(Check check) {
    try {
        return check();
    } catch (const ApiError& error) {
        throw ApiError(error.code,
                       "The provided starting key is invalid: " + std::string(error.what()));
    }
}

}  // namespace

ApiError starting_key_is_invalid() {
    return validation_error("The provided starting key is invalid");
}

std::optional<Item> parse_start_key(const json::object& request, ValueLayer layer) {
    const json::object* start = find_object(request, "ExclusiveStartKey");
    if (!start) return std::nullopt;
    // Query tells its values' errors without that reason (paritysuite valueLayers, 2026-10-09).
    if (layer == ValueLayer::current) return normalize_item(*start, layer);
    return with_reason([&] { return normalize_item(*start, layer); });
}

void check_start_size(const Source& source, const Item& start_key) {
    if (start_key.size() != source.position_attributes().size()) throw starting_key_is_invalid();
}

void check_start_attributes(const std::vector<KeyAttribute>& attributes, const Item& start_key) {
    for (const KeyAttribute& attribute : attributes) {
        const json::value* value = start_key.if_contains(attribute.name);
        if (!value) throw starting_key_is_invalid();
        if (type_of(value->as_object()) != attribute.type) throw key_does_not_match();
    }
}

IndexPosition position_of(const Source& source, const Item& start_key) {
    Item own_key;
    for (const auto& [name, value] : start_key) {
        const bool is_own = name == source.table.partition.name ||
                            (source.table.sort && name == source.table.sort->name);
        if (is_own || !source.index) own_key[name] = value;
    }
    IndexPosition position;
    position.item = with_reason([&] { return key_of(source.table, own_key); });
    if (!source.index) return position;
    position.place.partition = encode_values(source.index->partition, start_key);
    if (!source.index->sort.empty()) {
        position.place.sort = encode_values(source.index->sort, start_key);
    }
    return position;
}

}  // namespace sbemu::dynamodb
