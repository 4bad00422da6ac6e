#include "fakes/dynamodb/keys.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

const json::object* value_of(const Item& item, const KeyAttribute& attribute) {
    const json::value* value = item.if_contains(attribute.name);
    if (!value || type_of(value->as_object()) != attribute.type) return nullptr;
    return &value->as_object();
}

bool has_all(const std::vector<KeyAttribute>& attributes, const Item& item) {
    return std::all_of(attributes.begin(), attributes.end(),
                       [&](const KeyAttribute& each) { return value_of(item, each); });
}

}  // namespace

void check_partition_size(const std::string& partition) {
    if (partition.size() <= kMaxPartitionBytes) return;
    throw invalid_values("Size of hashkey has exceeded the maximum size limit of2048 bytes");
}

void check_sort_size(const std::string& sort) {
    if (sort.size() <= kMaxSortBytes) return;
    throw invalid_values(
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
}

void append_value(std::string& bytes, const std::string& value) {
    for (const char c : value) {
        bytes += c;
        if (c == '\0') bytes += '\xff';
    }
}

// 0 0 is less than any byte of a longer value, which is 0 255 for 0.
void append_ended(std::string& bytes, const std::string& value) {
    append_value(bytes, value);
    bytes.append(2, '\0');
}

std::string encode_values(const std::vector<KeyAttribute>& attributes, const Item& item) {
    if (attributes.size() == 1) return sortable_bytes(*value_of(item, attributes.front()));
    std::string bytes;
    for (const KeyAttribute& attribute : attributes) {
        append_ended(bytes, sortable_bytes(*value_of(item, attribute)));
    }
    return bytes;
}

// 24 bits of MD5("Outliers" + key bytes), as dynalite observed (facts/dynamodb-kinesis.md 1.10).
std::int64_t hash_of(const std::string& partition) {
    const std::string digest = md5("Outliers" + partition);
    std::int64_t hash = 0;
    for (std::size_t i = 0; i < 3; ++i) hash = hash << 8 | static_cast<unsigned char>(digest[i]);
    return hash;
}

std::int64_t Key::hash() const {
    if (hash_ == kUnknown) hash_ = hash_of(partition);
    return hash_;
}

std::optional<Key> place_in(const Index& index, const Item& item) {
    if (!has_all(index.partition, item) || !has_all(index.sort, item)) return std::nullopt;
    Key place;
    place.partition = encode_values(index.partition, item);
    if (!index.sort.empty()) place.sort = encode_values(index.sort, item);
    return place;
}

bool projects_all(const Index& index) { return index.projection == "ALL"; }

bool projects(const Table& table, const Index& index, std::string_view attribute) {
    if (projects_all(index)) return true;
    const auto is_named = [&](const KeyAttribute& key) { return key.name == attribute; };
    return is_named(table.partition) || (table.sort && is_named(*table.sort)) ||
           std::any_of(index.partition.begin(), index.partition.end(), is_named) ||
           std::any_of(index.sort.begin(), index.sort.end(), is_named) ||
           std::find(index.non_key.begin(), index.non_key.end(), attribute) != index.non_key.end();
}

Item project(const Table& table, const Index& index, const Item& item) {
    if (projects_all(index)) return item;
    Item result;
    for (const auto& [name, value] : item) {
        if (projects(table, index, name)) result.emplace(name, value);
    }
    return result;
}

std::int64_t projected_size(const Table& table, const Index& index, const Item& item) {
    std::size_t size = 0;
    for (const auto& [name, value] : item) {
        if (projects(table, index, name)) {
            size += name.size() + size_of_value(value.as_object());
        }
    }
    return static_cast<std::int64_t>(size);
}

}  // namespace sbemu::dynamodb
