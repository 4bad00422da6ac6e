// What operations on tables share: descriptions and the states of a table.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// How long AWS takes (ack-api-quirks 2026-10, the medians of what it measured).
namespace usual {
inline constexpr Duration kCreate{7'000};
inline constexpr Duration kCreateWithIndexes{16'000};
inline constexpr Duration kDelete{6'000};
inline constexpr Duration kThroughput{2'000};
inline constexpr Duration kBilling{90'000};
inline constexpr Duration kStream{5'000};
inline constexpr Duration kTableClass{6'000};
inline constexpr Duration kAllocateIndex{30'000};
inline constexpr Duration kBackfillIndex{480'000};
inline constexpr Duration kDeleteIndex{5'000};
inline constexpr Duration kUpdateIndex{2'000};
inline constexpr Duration kWarmThroughput{388'000};
inline constexpr Duration kRestore{210'000};
inline constexpr Duration kBetweenProtections{15'000};
inline constexpr Duration kEncryption{22'000};
inline constexpr Duration kEnableInsights{1'000};
inline constexpr Duration kDisableInsights{2'000};
inline constexpr Duration kEnableDestination{6'000};
inline constexpr Duration kFailDestination{2'000};
inline constexpr Duration kDisableDestination{2'000};
inline constexpr Duration kUpdateDestination{124'000};
}  // namespace usual

// The TableDescription. CreateTable's has no WarmThroughput.
boost::json::object describe(Context& ctx, const Table& table, bool with_warm_throughput = true);
// BillingModeSummary of a description, if it has one, says since when: from the beginning, unless
// it was switched (but CreateTable's answer: Alternator's test_delete_table_description and
// others).
void date_billing(const Table& table, boost::json::object& description);

// Throws if TableName is an ARN of something else than a table of the caller's, here.
void check_table_arn(const Context& ctx, const boost::json::object& request);
// Throws ResourceNotFoundException naming the table.
Table existing_table(Context& ctx, const boost::json::object& request);
// The same, also for a table that is still being restored: most operations do not find it
// (ack-api-quirks DDB-TABLE-217).
Table manageable_table(Context& ctx, const boost::json::object& request);
// Of the ARN of a table or an index, ".../env/index/other": "env" and "other", or nothing.
std::pair<std::string, std::string> names_in_arn(std::string_view arn);
// Throws if what an ARN names, "NAME/index/...", is an index: only tables and streams are taken.
void check_no_index(const std::string& name, const std::string& arn);
// The same for operations on backups, which throw TableNotFoundException.
Table backed_up_table(Context& ctx, const boost::json::object& request);
// TableNotFoundException: what operations on backups throw.
ApiError backup_table_not_found(const std::string& name);
// "Attempt to change a resource which is still in use: ..."
ApiError resource_in_use(const std::string& why);
// Throws ResourceInUseException while the table is CREATING or DELETING.
void check_changeable(const Table& table);

// Timer "settle" of the table: it reaches the state that it is on the way to. A later due time
// stays.
void settle_table_in(Context& ctx, const Table& table, Duration usual);
// Timer "settle-index" of one global index.
void settle_index_in(Context& ctx, const Table& table, const Index& index, Duration usual);
// Timer "settle-warm": warm throughput of the table and its indexes.
// `arn`: of the table or the index.
void settle_warm_throughput_in(Context& ctx, const std::string& arn, Duration usual);

void check_table_class(const boost::json::object& request);

}  // namespace sbemu::dynamodb
