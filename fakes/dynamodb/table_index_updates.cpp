// GlobalSecondaryIndexUpdates.
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "emulator/core/members.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_keys.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_update.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr const char* kActions[] = {"Update", "Create", "Delete"};

std::string table_and_index(const Table& table, const Index& index) {
    return "Table: " + table.name + " Index: " + index.name;
}

ApiError index_goes(const Table& table, const Index& index) {
    return resource_in_use("Index is being deleted. " + table_and_index(table, index));
}

// The one action of an entry, and its name.
std::pair<std::string, const json::object*> action_of(const json::value& entry) {
    std::pair<std::string, const json::object*> found{"", nullptr};
    for (const char* const action : kActions) {
        const json::object* members = find_object(entry.as_object(), action);
        if (!members) continue;
        if (found.second) {
            throw invalid_values(
                "Only one global secondary index action is allowed per "
                "GlobalSecondaryIndexUpdate object");
        }
        found = {action, members};
    }
    if (found.second) return found;
    throw invalid_values(
        "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
        "GlobalSecondaryIndexUpdate.Delete must not be null");
}

Index* find_index(Table& table, const std::string& name) {
    const auto found = std::find_if(table.indexes.begin(), table.indexes.end(),
                                    [&](const Index& index) { return index.name == name; });
    return found == table.indexes.end() ? nullptr : &*found;
}

Index& existing_index(Table& table, const std::string& name, const std::string& verb) {
    Index* index = find_index(table, name);
    if (!index) {
        throw ApiError("ResourceNotFoundException",
                       "Requested resource not found: Index " + name + " for table " + table.name);
    }
    if (!index->is_global) {
        throw validation_error("Cannot " + verb +
                               " an index that is not a GlobalSecondaryIndex: " + name);
    }
    if (index->status == "DELETING") throw index_goes(table, *index);
    return *index;
}

// Those of the table and, for attributes that it does not have, of the request.
std::vector<KeyAttribute> merged_definitions(const TableUpdate& update) {
    std::vector<KeyAttribute> merged = parse_definitions(
        {{"AttributeDefinitions", update.description.at("AttributeDefinitions")}});
    for (const KeyAttribute& added : parse_definitions(update.request)) {
        const bool is_known = std::any_of(merged.begin(), merged.end(), [&](const auto& known) {
            return known.name == added.name;
        });
        if (!is_known) merged.push_back(added);
    }
    return merged;
}

void check_new_index_throughput(const TableUpdate& update, const json::object& create,
                                const std::string& name) {
    const bool is_given = find_object(create, "ProvisionedThroughput") != nullptr;
    if (update.is_on_demand && is_given) {
        throw invalid_values(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: " + name +
            " when BillingMode is PAY_PER_REQUEST");
    }
    if (!update.is_on_demand && !is_given) {
        throw invalid_values(
            "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: " + name);
    }
}

void check_room_for_index(const Table& table) {
    const auto globals = std::count_if(table.indexes.begin(), table.indexes.end(),
                                       [](const Index& index) { return index.is_global; });
    if (globals < static_cast<std::ptrdiff_t>(kMaxGlobalIndexes)) return;
    throw limit_exceeded(
        "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit "
        "of " +
        std::to_string(kMaxGlobalIndexes));
}

void create_index(Context& ctx, TableUpdate& update, const json::object& create) {
    Table& table = update.table;
    const std::string name = text_member(create, "IndexName");
    const std::vector<KeyAttribute> definitions = merged_definitions(update);
    // The definitions that the table has already do not count (paritysuite/dynamodb-conformance
    // updateTable/gsi, 2026-07-12; text assumed).
    check_keys_are_defined(array_of(create, "KeySchema"), parse_definitions(update.request));
    Index index = parse_global_index(create, definitions);
    check_new_index_throughput(update, create, name);
    check_room_for_index(table);
    GlobalIndexDetails details = new_index_details(ctx, create, name, update.is_on_demand);
    details.backfilling = false;
    details.save_in(index);
    index.id = update.settings.next_index++;
    table.indexes.push_back(index);
    check_projected_attributes(table.indexes);
    update.description["AttributeDefinitions"] = describe_definitions(definitions);
    // From now on writes keep it; it is read when it is ACTIVE.
    fill_index(ctx, table, index);
    settle_index_in(ctx, table, index, usual::kAllocateIndex);
    update.keeps_busy("index", usual::kAllocateIndex);
}

void check_may_be_deleted(const Table& table, const Index& index) {
    const bool is_allocated = GlobalIndexDetails::of(index).backfilling.value_or(true);
    if (index.status != "CREATING" || is_allocated) return;
    throw resource_in_use(
        "Index creation is in resource allocation phase. Retry deletion during backfilling phase "
        "or when the index is active. " +
        table_and_index(table, index));
}

void check_may_be_created(Table& table, const std::string& name) {
    const Index* known = find_index(table, name);
    if (!known) return;
    if (known->status != "DELETING") {
        throw validation_error("Attempting to create an index which already exists");
    }
    throw index_goes(table, *known);
}

void delete_index(Context& ctx, TableUpdate& update, const json::object& remove) {
    Index& index = existing_index(update.table, text_member(remove, "IndexName"), "delete");
    GlobalIndexDetails details = GlobalIndexDetails::of(index);
    details.backfilling.reset();
    details.save_in(index);
    index.status = "DELETING";
    settle_index_in(ctx, update.table, index, usual::kDeleteIndex);
    update.keeps_busy("index", usual::kDeleteIndex);
}

void check_may_be_updated(const TableUpdate& update, const Index& index) {
    if (index.status == "UPDATING") {
        throw resource_in_use("Index is being updated. " + table_and_index(update.table, index));
    }
    if (index.status == "CREATING") {
        throw resource_in_use("Index is being created but is not backfilling yet. " +
                              table_and_index(update.table, index));
    }
}

ApiError only_on_demand_updates(const std::string& index) {
    return invalid_values("The only Updates for index: " + index +
                          " when TableThroughputMode is PAY_PER_REQUEST can be to "
                          "OnDemandThroughput, WarmThroughput");
}

void update_throughput(const Context& ctx, const TableUpdate& update, const json::object& wanted,
                       const Index& index, GlobalIndexDetails& details) {
    if (update.is_on_demand) throw only_on_demand_updates(index.name);
    json::object changed = changed_throughput(ctx, details.throughput, wanted, index.name);
    if (update.was_on_demand) {  // with the table's: answered at once
        details.throughput = std::move(changed);
    } else {
        details.throughput_soon = std::move(changed);
    }
}

void raise_warm_throughput(Context& ctx, const Table& table, const Index& index,
                           const json::object& wanted, GlobalIndexDetails& details) {
    const json::object current = details.warm_soon ? *details.warm_soon : details.warm;
    json::object raised =
        raised_warm_throughput(ctx, current, wanted, WarmFloor::current, index.name);
    if (raised == current) return;
    details.warm_soon = std::move(raised);
    settle_warm_throughput_in(ctx, index_arn(ctx.caller, table, index), usual::kWarmThroughput);
}

void update_index(Context& ctx, TableUpdate& update, const json::object& wanted) {
    Index& index = existing_index(update.table, text_member(wanted, "IndexName"), "update");
    check_may_be_updated(update, index);
    GlobalIndexDetails details = GlobalIndexDetails::of(index);
    const json::object* throughput = find_object(wanted, "ProvisionedThroughput");
    const json::object* limits = find_object(wanted, "OnDemandThroughput");
    if (limits && limits->empty()) limits = nullptr;
    const json::object* warm = find_object(wanted, "WarmThroughput");
    if (!throughput && !limits && !warm) {
        if (update.is_on_demand) throw only_on_demand_updates(index.name);
        throw invalid_values(
            "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: " +
            index.name);
    }
    if (throughput) update_throughput(ctx, update, *throughput, index, details);
    check_on_demand_limits(ctx, wanted, {update.is_on_demand, true, index.name});
    if (limits) details.on_demand = merged_on_demand_limits(details.on_demand, *limits);
    if (throughput || limits) {
        index.status = "UPDATING";
        settle_index_in(ctx, update.table, index, usual::kUpdateIndex);
    }
    if (warm) raise_warm_throughput(ctx, update.table, index, *warm, details);
    details.save_in(index);
}

// An index that is being filled may be deleted (DDB-TABLE-149).
void check_one_at_a_time(const TableUpdate& update) {
    std::size_t made_or_deleted = 0;
    std::string deleted;
    for (const json::value& entry : array_of(update.request, "GlobalSecondaryIndexUpdates")) {
        const auto [action, members] = action_of(entry);
        if (action != "Update") ++made_or_deleted;
        if (action == "Delete") deleted = text_member(*members, "IndexName");
    }
    if (made_or_deleted == 0) return;
    const std::vector<Index>& indexes = update.table.indexes;
    const bool is_another_under_way =
        std::any_of(indexes.begin(), indexes.end(), [&](const Index& index) {
            return (index.status == "CREATING" || index.status == "DELETING") &&
                   index.name != deleted;
        });
    if (made_or_deleted == 1 && !is_another_under_way) return;
    throw limit_exceeded(
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
        "per table");
}

// What is wrong with the one index that is named comes before the limit.
void check_named_indexes(TableUpdate& update) {
    for (const json::value& entry : array_of(update.request, "GlobalSecondaryIndexUpdates")) {
        const auto [action, members] = action_of(entry);
        const std::string name = text_member(*members, "IndexName");
        if (action == "Create") check_may_be_created(update.table, name);
        if (action == "Update") existing_index(update.table, name, "update");
        if (action == "Delete") {
            check_may_be_deleted(update.table, existing_index(update.table, name, "delete"));
        }
    }
}

}  // namespace

bool makes_or_deletes_index(const json::object& request) {
    const json::array& entries = array_of(request, "GlobalSecondaryIndexUpdates");
    return std::any_of(entries.begin(), entries.end(),
                       [](const json::value& entry) { return action_of(entry).first != "Update"; });
}

const json::object* find_index_update(const json::object& request, const std::string& index) {
    for (const json::value& entry : array_of(request, "GlobalSecondaryIndexUpdates")) {
        const auto [action, members] = action_of(entry);
        if (action == "Update" && text_member(*members, "IndexName") == index) return members;
    }
    return nullptr;
}

void check_index_updates(const json::object& request) {
    std::set<std::string> names;
    for (const json::value& entry : array_of(request, "GlobalSecondaryIndexUpdates")) {
        const auto [action, members] = action_of(entry);
        const std::string name = text_member(*members, "IndexName");
        if (!names.insert(name).second) {
            throw invalid_values(
                "Only one global secondary index update per index is allowed simultaneously. "
                "Index: " +
                name);
        }
        if (action == "Create" && array_of(request, "AttributeDefinitions").empty()) {
            throw invalid_values("AttributeDefinitions is not specified for index: " + name);
        }
        if (const json::object* units = find_object(*members, "ProvisionedThroughput")) {
            parse_units(*units);
        }
        const json::object* warm = find_object(*members, "WarmThroughput");
        if (action == "Update" && warm && warm->empty()) {  // DDB-TABLE-456
            throw invalid_values(
                "WarmThroughput must have at least one of ReadUnitsPerSecond or "
                "WriteUnitsPerSecond "
                "specified for index: " +
                name);
        }
    }
}

void check_no_named_index_goes(const TableUpdate& update) {
    for (const json::value& entry : array_of(update.request, "GlobalSecondaryIndexUpdates")) {
        const auto [action, members] = action_of(entry);
        const Index* index = update.table.find_index(text_member(*members, "IndexName"));
        if (index && index->status == "DELETING") throw index_goes(update.table, *index);
    }
}

void update_indexes(Context& ctx, TableUpdate& update) {
    check_named_indexes(update);
    check_one_at_a_time(update);
    for (const json::value& entry : array_of(update.request, "GlobalSecondaryIndexUpdates")) {
        const auto [action, members] = action_of(entry);
        if (action == "Create") create_index(ctx, update, *members);
        if (action == "Update") update_index(ctx, update, *members);
        if (action == "Delete") delete_index(ctx, update, *members);
    }
    update.table.description = json::serialize(update.description);
    prune_definitions(update.table);
    update.description = json::parse(update.table.description.text()).as_object();
}

void prune_definitions(Table& table) {
    std::set<std::string> used{table.partition.name};
    if (table.sort) used.insert(table.sort->name);
    for (const Index& index : table.indexes) {
        for (const KeyAttribute& key : index.partition) used.insert(key.name);
        for (const KeyAttribute& key : index.sort) used.insert(key.name);
    }
    json::object description = json::parse(table.description.text()).as_object();
    std::vector<KeyAttribute> definitions = parse_definitions(description);
    std::erase_if(definitions, [&](const KeyAttribute& each) { return !used.contains(each.name); });
    description["AttributeDefinitions"] = describe_definitions(std::move(definitions));
    table.description = json::serialize(description);
}

}  // namespace sbemu::dynamodb
