// The parts of UpdateTable: what may be asked for together, what waits for what, and the changes
// of global indexes. Texts: facts/dynamodb-kinesis.md 1.14 and ack-api-quirks (2026-10),
// DDB-TABLE-137, 149 to 175, 359, 375, 382.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/table_settings.h"

namespace sbemu::dynamodb {

// A table on its way through UpdateTable. Refers to the request.
struct TableUpdate {
    const boost::json::object& request;
    Table table;
    boost::json::object description;
    TableSettings settings;
    bool was_on_demand = false;
    bool is_on_demand = false;  // when the request is carried out
    Duration takes{0};          // usually; 0: the table stays ACTIVE
    // What the answer alone says.
    bool answers_updating = false;
    bool answers_warm_updating = false;
    boost::json::object answered_limits;  // OnDemandThroughput, if it was asked for

    TableUpdate(const boost::json::object& request, Table existing);
    // The table is UPDATING by this for so long.
    void keeps_busy(std::string_view what, Duration usual);
};

// Throws ValidationException, or NotImplemented, for what can be told from the request alone.
void check_update_request(const boost::json::object& request);
// Whether it asks for OnDemandThroughput or WarmThroughput without a number, and for nothing else.
bool has_only_empty_throughput(const boost::json::object& request);
// Throws ResourceInUseException if what is under way does not allow what is asked for, and
// ValidationException for limits on demand that a table on its way to be on demand cannot have yet.
void check_not_in_the_way(const Context& ctx, const TableUpdate& update);

// Throws ValidationException for what can be told from GlobalSecondaryIndexUpdates alone.
void check_index_updates(const boost::json::object& request);
// Whether one of them is a Create or a Delete.
bool makes_or_deletes_index(const boost::json::object& request);
// The Update of the index in the request; null if it has none.
const boost::json::object* find_index_update(const boost::json::object& request,
                                             const std::string& index);
// Throws ResourceInUseException if the request names an index that is DELETING.
void check_no_named_index_goes(const TableUpdate& update);
// Carries out GlobalSecondaryIndexUpdates: indexes are CREATING, UPDATING or DELETING then, and
// their timers set.
void update_indexes(Context& ctx, TableUpdate& update);
// Attribute definitions that no key of the table and its indexes uses go.
void prune_definitions(Table& table);

}  // namespace sbemu::dynamodb
