#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_keys.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_update.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kChanges[] = {"ProvisionedThroughput",
                                         "BillingMode",
                                         "GlobalSecondaryIndexUpdates",
                                         "StreamSpecification",
                                         "SSESpecification",
                                         "DeletionProtectionEnabled",
                                         "TableClass",
                                         "OnDemandThroughput",
                                         "WarmThroughput"};

bool is_empty_throughput(const json::object& request, std::string_view member) {
    if (member != "OnDemandThroughput" && member != "WarmThroughput") return false;
    const json::object* throughput = find_object(request, member);
    return throughput && throughput->empty();
}

// What is empty counts as absent (ack-api-quirks DDB-TABLE-456).
bool has(const json::object& request, std::string_view member) {
    if (member == "GlobalSecondaryIndexUpdates") return !array_of(request, member).empty();
    return find_member(request, member) && !is_empty_throughput(request, member);
}

void check_something_to_do(const json::object& request) {
    for (const std::string_view change : kChanges) {
        if (has(request, change)) return;
    }
    if (has_only_empty_throughput(request)) return;  // of a table that is there
    // What does not count alone is left out if it was asked for (DDB-TABLE-442, 449).
    const std::string consistency =
        find_member(request, "MultiRegionConsistency") ? "" : "MultiRegionConsistency, ";
    throw validation_error(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
        "ReplicaTransitRoleArn, " +
        consistency +
        "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required");
}

bool has_action(const json::object& request, std::string_view member) {
    const json::array& updates = array_of(request, member);
    return std::any_of(updates.begin(), updates.end(),
                       [](const json::value& update) { return !update.as_object().empty(); });
}

// Of global tables, which sbemu does not have.
void check_replicas(const json::object& request) {
    if (find_member(request, "ReplicaUpdates") && !has_action(request, "ReplicaUpdates")) {
        throw validation_error(
            "There are no actions specified in the Replica Update Action of the request.");
    }
    for (const char* const member : {"ReplicaUpdates", "GlobalTableWitnessUpdates"}) {
        if (!has_action(request, member)) continue;
        throw not_implemented("dynamodb:UpdateTable with " + std::string(member));
    }
}

void check_stands_alone(const json::object& request, std::string_view change,
                        const std::string& message) {
    if (!has(request, change)) return;
    for (const std::string_view other : kChanges) {
        if (other != change && has(request, other)) throw invalid_values(message);
    }
}

void check_on_demand_stands_alone(const json::object& request) {
    if (!has(request, "OnDemandThroughput")) return;
    for (const std::string_view other : kChanges) {
        if (other == "OnDemandThroughput" || other == "BillingMode") continue;
        if (!has(request, other)) continue;
        throw invalid_values(
            "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
    }
}

void check_combination(const json::object& request) {
    check_stands_alone(
        request, "SSESpecification",
        "Server-Side Encryption modification must be the only operation in the request");
    check_stands_alone(request, "TableClass",
                       "TableClass modification must be the only operation in the request");
    check_stands_alone(request, "DeletionProtectionEnabled",
                       "DeletionProtection modification must be the only operation in the request");
    if (has(request, "WarmThroughput") && makes_or_deletes_index(request)) {
        throw invalid_values(
            "Create global secondary index cannot be specified when updating WarmThroughput");
    }
    if (has(request, "WarmThroughput")) check_on_demand_stands_alone(request);
    check_stands_alone(request, "WarmThroughput",
                       "WarmThroughput must be the only operation in the request");
    check_on_demand_stands_alone(request);
    if (has(request, "ProvisionedThroughput") && has(request, "StreamSpecification")) {
        throw invalid_values("You cannot modify stream status while updating table IOPS");
    }
    if (!makes_or_deletes_index(request)) return;
    if (has(request, "ProvisionedThroughput")) {
        throw invalid_values("You cannot create or delete index while updating table IOPS");
    }
    if (has(request, "StreamSpecification")) {
        throw invalid_values("You cannot create or delete index while changing stream status");
    }
}

void check_billing(const json::object& request) {
    const json::object* throughput = find_object(request, "ProvisionedThroughput");
    const std::string mode = text_member(request, "BillingMode");
    if (mode == "PAY_PER_REQUEST" && throughput) {
        throw invalid_values(
            "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST");
    }
    if (mode == "PROVISIONED" && !throughput) {
        throw invalid_values(
            "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
    }
    if (throughput) parse_units(*throughput);
}

// Whether table `throughput` is to change: also by another billing mode, or by the same again while
// it is not there yet (DDB-TABLE-369).
bool changes_throughput(const TableUpdate& update) {
    return has(update.request, "ProvisionedThroughput") ||
           update.was_on_demand != update.is_on_demand ||
           (has(update.request, "BillingMode") && update.settings.is_updating("billing"));
}

bool is_allocating(const Table& table) {
    for (const Index& index : table.indexes) {
        if (index.status != "CREATING") continue;
        const auto backfilling = GlobalIndexDetails::of(index).backfilling;
        if (backfilling && !*backfilling) return true;
    }
    return false;
}

// "Table: X Indexes: [a]"
std::string table_and_indexes(const Table& table, std::string_view status) {
    return "Table: " + table.name + " Indexes: " + names_with_status(table, status);
}

// "Table: X Stream: 2026-10-09T00:29:04.041 Operation: ENABLE"
std::string table_and_stream(const TableUpdate& update) {
    return "Table: " + update.table.name +
           " Stream: " + text_member(update.description, "LatestStreamLabel") +
           " Operation: " + (update.table.stream ? "ENABLE" : "DISABLE");
}

std::string class_in_progress(const TableUpdate& update) {
    return "TableClassUpdateInProgress: " + update.settings.class_soon;
}

// What a change of the stream or the class stops; `what` is "change table IOPS" or the like. For
// throughput while the class changes it is assumed.
void check_nothing_stops(const TableUpdate& update, const std::string& what) {
    if (update.settings.is_updating("stream")) {
        throw resource_in_use("Can't " + what + " when stream status is being updated. " +
                              table_and_stream(update));
    }
    if (update.settings.is_updating("class")) {
        throw resource_in_use("Can't " + what +
                              " when a table class update is in progress. Table: " +
                              update.table.name + " " + class_in_progress(update));
    }
}

void check_throughput_may_change(const TableUpdate& update) {
    const Table& table = update.table;
    if (has_index_with_status(table, "DELETING")) {
        throw resource_in_use("Can't change table IOPS when an index is being deleted. " +
                              table_and_indexes(table, "DELETING"));
    }
    if (is_allocating(table)) {
        throw resource_in_use("Can't change table IOPS when an index is being created. " +
                              table_and_indexes(table, "CREATING"));
    }
    if (update.settings.is_updating("throughput") || update.settings.is_updating("billing")) {
        throw resource_in_use("Table IOPS are currently being updated. Table: " + table.name);
    }
    check_nothing_stops(update, "change table IOPS");
    // That an index stops only the change of the billing mode is assumed.
    if (update.was_on_demand == update.is_on_demand) return;
    for (const Index& index : table.indexes) {
        if (index.status != "UPDATING") continue;
        throw resource_in_use("Index is being updated. Table: " + table.name +
                              " Index: " + index.name);
    }
}

void check_stream_may_change(const TableUpdate& update) {
    const Table& table = update.table;
    if (is_allocating(table)) {
        throw resource_in_use("Can't change stream status when an index is being created. " +
                              table_and_indexes(table, "CREATING"));
    }
    if (update.settings.is_updating("throughput") || update.settings.is_updating("billing")) {
        throw resource_in_use(
            "Can't enable or disable stream while table IOPS are being updated. Table: " +
            table.name);
    }
    if (update.settings.is_updating("stream")) {
        throw resource_in_use("A stream status change is currently in progress. " +
                              table_and_stream(update));
    }
    check_nothing_stops(update, "change stream status");
}

void check_limits_may_change(const Context& ctx, const TableUpdate& update) {
    const Table& table = update.table;
    const std::string begin = "OnDemandThroughput cannot be updated while ";
    if (has_index_with_status(table, "DELETING")) {
        throw resource_in_use(begin + "index deletion is in progress for indexes: " +
                              names_with_status(table, "DELETING"));
    }
    if (is_allocating(table)) {
        throw resource_in_use(begin + "index creation is in progress for indexes: " +
                              names_with_status(table, "CREATING"));
    }
    if (update.settings.is_updating("billing")) {
        // Until it is on demand it has no limits (DDB-TABLE-369).
        if (update.is_on_demand) check_on_demand_limits(ctx, update.request, {false, true});
        throw resource_in_use(begin + "BillingMode update is in progress");
    }
    if (update.settings.is_updating("stream")) {  // the end is assumed
        throw resource_in_use(begin + "stream status update is in progress");
    }
    if (update.settings.is_updating("class")) {
        throw resource_in_use(begin + "TableClass update is in progress. " +
                              class_in_progress(update));
    }
}

void check_indexes_may_change(const TableUpdate& update) {
    const TableSettings& settings = update.settings;
    if (settings.is_updating("throughput") || settings.is_updating("billing")) {
        throw resource_in_use(
            "Can't create or delete indexes while table IOPS are being updated. Table: " +
            update.table.name);
    }
    if (settings.is_updating("stream")) {
        throw resource_in_use(
            "Can't create or delete an index when stream status is being updated.");
    }
    if (settings.is_updating("class")) {
        throw resource_in_use(
            "Can't create or delete an index when a table class update is in progress.");
    }
}

}  // namespace

bool has_only_empty_throughput(const json::object& request) {
    const auto has_it = [&](std::string_view change) { return has(request, change); };
    const auto is_empty = [&](std::string_view change) {
        return is_empty_throughput(request, change);
    };
    return std::none_of(std::begin(kChanges), std::end(kChanges), has_it) &&
           std::any_of(std::begin(kChanges), std::end(kChanges), is_empty);
}

void check_update_request(const json::object& request) {
    check_replicas(request);
    check_something_to_do(request);
    if (find_member(request, "MultiRegionConsistency")) {
        throw not_implemented("dynamodb:UpdateTable with MultiRegionConsistency");
    }
    const json::array* updates = find_array(request, "GlobalSecondaryIndexUpdates");
    if (updates && updates->empty()) {
        throw invalid_values("List of GlobalSecondaryIndexUpdates is empty");
    }
    check_index_updates(request);
    check_combination(request);
    check_billing(request);
    check_table_class(request);
}

void check_not_in_the_way(const Context& ctx, const TableUpdate& update) {
    check_changeable(update.table);
    check_no_named_index_goes(update);
    if (changes_throughput(update)) check_throughput_may_change(update);
    if (has(update.request, "StreamSpecification")) check_stream_may_change(update);
    if (has(update.request, "TableClass")) check_nothing_stops(update, "update table class");
    if (has(update.request, "OnDemandThroughput")) check_limits_may_change(ctx, update);
    if (makes_or_deletes_index(update.request)) check_indexes_may_change(update);
}

}  // namespace sbemu::dynamodb
