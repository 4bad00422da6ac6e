// Secondary indexes in requests and descriptions. Texts: facts/dynamodb-kinesis.md 1.14 and
// ack-api-quirks (2026-10), DDB-TABLE-123 to 138.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "fakes/dynamodb/contributor_insights.h"
#include "fakes/dynamodb/rows.h"
#include "fakes/dynamodb/table_throughput.h"

namespace sbemu::dynamodb {

inline constexpr std::size_t kMaxLocalIndexes = 5;
inline constexpr std::size_t kMaxGlobalIndexes = 20;
inline constexpr std::size_t kMaxProjectedAttributes = 100;  // of all indexes of a table together

// Index::description of a global index, taken apart.
struct GlobalIndexDetails {
    boost::json::object throughput;                      // ProvisionedThroughputDescription
    boost::json::object on_demand;                       // OnDemandThroughput; empty: no limits
    boost::json::object warm;                            // WarmThroughput without its status
    std::optional<bool> backfilling;                     // while UpdateTable makes it
    std::optional<boost::json::object> throughput_soon;  // when it is ACTIVE again
    std::optional<boost::json::object> warm_soon;        // while WarmThroughput is UPDATING
    std::optional<ContributorInsights> insights;         // once they were enabled

    static GlobalIndexDetails of(const Index& index);
    void save_in(Index& index) const;
};

// The indexes of a CreateTable request, local ones first. Throws unless they, their keys and all
// attribute definitions fit together. The table's own keys were checked before.
std::vector<Index> parse_indexes(const Context& ctx, const boost::json::object& request,
                                 const std::vector<KeyAttribute>& definitions,
                                 const Billing& billing);

// One global index, as CreateTable and UpdateTable have it: its keys, which have definitions, and
// its projection.
Index parse_global_index(const boost::json::object& request,
                         const std::vector<KeyAttribute>& definitions);
// What a new global index may read and write. Throws if the request does not fit the table's mode.
GlobalIndexDetails new_index_details(const Context& ctx, const boost::json::object& request,
                                     const std::string& name, bool is_on_demand);
void check_projected_attributes(const std::vector<Index>& indexes);

// For messages: the names of the global indexes with the status, "[a, b]".
std::string names_with_status(const Table& table, std::string_view status);
bool has_index_with_status(const Table& table, std::string_view status);

// LocalSecondaryIndexes and GlobalSecondaryIndexes of a TableDescription. Their WarmThroughput is
// not in CreateTable's answer.
void describe_indexes(Context& ctx, const Table& table, bool with_warm_throughput,
                      boost::json::object& description);
std::string index_arn(const Caller& caller, const Table& table, const Index& index);
boost::json::object describe_projection(const Index& index);

}  // namespace sbemu::dynamodb
