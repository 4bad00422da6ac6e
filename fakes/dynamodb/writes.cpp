#include "fakes/dynamodb/writes.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/index_keys.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/keys.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

const Item kNothing;

const Item& item_or_nothing(const std::optional<StoredItem>& stored) {
    return stored ? stored->item() : kNothing;
}

ApiError condition_failed(const ItemWrite& write, const std::optional<StoredItem>& old_item) {
    ApiError error("ConditionalCheckFailedException", "The conditional request failed");
    if (old_item && write.returns_old_on_failure) error.fields["Item"] = old_item->item();
    return error;
}

void require_condition(const ItemWrite& write, const std::optional<StoredItem>& old_item) {
    if (!write.condition || holds(*write.condition, item_or_nothing(old_item))) return;
    throw condition_failed(write, old_item);
}

NormalItem updated(const Table& table, const ItemWrite& write,
                   const std::optional<StoredItem>& old_item) {
    NormalItem item(apply_update(write.update, old_item ? old_item->item() : write.item.item()));
    if (item.size() > kMaxItemSize) {
        throw validation_error("Item size to update has exceeded the maximum allowed size");
    }
    check_updated_index_keys(table, item.item());
    return item;
}

std::optional<NormalItem> new_item_of(const Table& table, ItemWrite& write,
                                      const std::optional<StoredItem>& old_item) {
    switch (write.kind) {
        case ItemWrite::Kind::put:
            return std::move(write.item);
        case ItemWrite::Kind::update:
            if (!old_item && !makes_item(write.update)) return std::nullopt;
            return updated(table, write, old_item);
        case ItemWrite::Kind::erase:
            return std::nullopt;
        case ItemWrite::Kind::check:
            break;
    }
    if (!old_item) return std::nullopt;
    return NormalItem(old_item->item());
}

const KeyAttribute* key_named(const Table& table, std::string_view name) {
    if (table.partition.name == name) return &table.partition;
    return table.sort && table.sort->name == name ? &*table.sort : nullptr;
}

}  // namespace

void check_paths(const Table& table, const ItemWrite& write) {
    std::vector<const Path*> paths;
    if (write.condition) collect_paths(*write.condition, paths);
    collect_paths(write.update, paths);
    check_paths_into_keys(table, paths);
    for (const UpdateAction& action : write.update) {
        if (!key_named(table, action.path.attribute())) continue;
        throw invalid_values("Cannot update attribute " + action.path.attribute() +
                             ". This attribute is part of the key");
    }
    check_index_keys_of_update(table, write.update);
}

void check_paths_into_keys(const Table& table, const std::vector<const Path*>& paths) {
    for (const Path* path : paths) {
        if (path->steps.size() == 1) continue;
        const bool is_key = key_named(table, path->attribute());
        if (!is_key && !index_key_named(table, path->attribute())) continue;
        throw validation_error(
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
            "allowed: " +
            std::string(is_key ? "Key: " : "IndexKey: ") + path->attribute());
    }
}

void check_projection(const Table& table, const std::optional<Projection>& projection) {
    if (!projection) return;
    std::vector<const Path*> paths;
    for (const Path& path : *projection) paths.push_back(&path);
    check_paths_into_keys(table, paths);
}

PlannedWrite plan_write(Context& ctx, const Table& table, ItemWrite& write) {
    const bool is_put = write.kind == ItemWrite::Kind::put;
    PlannedWrite planned;
    planned.key = is_put ? key_of_item(table, write.item.item()) : key_of(table, write.item.item());
    if (is_put) check_index_keys(table, write.item.item());
    check_paths(table, write);
    planned.old_item = find_item(ctx, table, planned.key);
    require_condition(write, planned.old_item);
    planned.new_item = new_item_of(table, write, planned.old_item);
    return planned;
}

ConsumedCapacity carry_out(Context& ctx, const Table& table, const PlannedWrite& planned) {
    const StoredItem* old_item = planned.old_item ? &*planned.old_item : nullptr;
    const Item* new_item = planned.new_item ? &planned.new_item->item() : nullptr;
    std::int64_t new_size = 0;
    if (new_item) {
        put_item(ctx, table, planned.key, *planned.new_item, planned.old_item);
        new_size = static_cast<std::int64_t>(planned.new_item->size());
    } else if (old_item) {
        erase_item(ctx, table, *old_item);
    }
    if (old_item || new_item) {
        record_change(ctx, table, old_item ? &old_item->item() : nullptr, new_item);
    }
    return write_capacity(table, old_item, new_item, new_size);
}

std::optional<Item> returned_attributes(std::string_view return_values, const ItemWrite& write,
                                        const PlannedWrite& planned) {
    const bool wants_old = return_values.ends_with("_OLD");
    if (!wants_old && !return_values.ends_with("_NEW")) return std::nullopt;
    const Item* item = nullptr;
    if (wants_old && planned.old_item) item = &planned.old_item->item();
    if (!wants_old && planned.new_item) item = &planned.new_item->item();
    if (!item) return std::nullopt;
    if (return_values.starts_with("ALL")) return *item;
    Item touched = project(changed_paths(write.update), *item);
    if (touched.empty()) return std::nullopt;
    return touched;
}

json::object item_collection_metrics(const json::object& request, const Table& table,
                                     const PlannedWrite& planned) {
    if (text_member(request, "ReturnItemCollectionMetrics") != "SIZE") return {};
    const bool has_local = std::any_of(table.indexes.begin(), table.indexes.end(),
                                       [](const Index& index) { return !index.is_global; });
    const Item* item = planned.new_item   ? &planned.new_item->item()
                       : planned.old_item ? &planned.old_item->item()
                                          : nullptr;
    if (!has_local || !item) return {};
    // Collections are small on one machine: between 0 and 1 GB.
    return {{"ItemCollectionKey", {{table.partition.name, item->at(table.partition.name)}}},
            {"SizeEstimateRangeGB", {0.0, 1.0}}};
}

}  // namespace sbemu::dynamodb
