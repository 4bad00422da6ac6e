// What DynamoDB knows of a table and DescribeTable does not tell: Table::settings.
#pragma once

#include <algorithm>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakes/dynamodb/contributor_insights.h"
#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

struct TableSettings {
    // What makes the table UPDATING: "throughput", "billing", "stream", "class", "index".
    std::vector<std::string> updating;
    // Of the time to live's last change: another has to wait.
    std::optional<std::int64_t> time_to_live_changed;  // milliseconds
    // While a change of tags is under way: those that it puts.
    std::int64_t tags_locked_until = 0;  // milliseconds
    std::vector<std::pair<std::string, std::string>> tags_under_way;
    std::int64_t recovery_days = 35;  // while Table::recovery_from is set
    // While the table is CREATING by a restore: the ARN of the backup or the table.
    std::string restored_from;
    std::int64_t next_index = 1;          // Index::id of the next one
    std::int64_t protection_changed = 0;  // milliseconds
    // What UPDATING leads to.
    std::optional<boost::json::object> throughput_soon;  // ProvisionedThroughputDescription
    std::string class_soon;
    std::vector<std::int64_t> class_changes;  // milliseconds, those that count
    // While SSEDescription is UPDATING: what it becomes; empty: none.
    std::optional<boost::json::object> encryption_soon;
    // Changes of the encryption since the first of a day (DDB-TABLE-081).
    std::vector<std::int64_t> encryption_changes;  // milliseconds
    std::optional<boost::json::object> warm_soon;  // while WarmThroughput is UPDATING
    std::optional<ContributorInsights> insights;   // of the table itself, once they were enabled

    static TableSettings of(const Table& table);
    void save_in(Table& table) const;

    bool is_updating(std::string_view what) const {
        return std::find(updating.begin(), updating.end(), what) != updating.end();
    }
};

}  // namespace sbemu::dynamodb
