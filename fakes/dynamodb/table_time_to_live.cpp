// UpdateTimeToLive, DescribeTimeToLive, and the timer that deletes what has expired. Facts:
// facts/dynamodb-kinesis.md 1.15 and ack-api-quirks (2026-10), DDB-TABLE-143 to 147. AWS deletes
// within hours; here an item goes in the second in which it expires.
#include "fakes/dynamodb/table_time_to_live.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/check.h"
#include "emulator/core/members.h"
#include "emulator/core/timers.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kBetweenChanges = 31L * 60'000;  // milliseconds
constexpr std::int64_t kItemsPerEvent = 100;

// What the request contradicts comes before its time.
void check_change(const Table& table, bool enable, const std::string& attribute) {
    if (!table.time_to_live) {
        if (!enable) throw validation_error("TimeToLive is already disabled");
        return;
    }
    if (*table.time_to_live != attribute) {
        throw validation_error(
            "TimeToLive is active on a different AttributeName: current AttributeName is " +
            *table.time_to_live);
    }
    if (enable) throw validation_error("TimeToLive is already enabled");
}

void expire(Context& ctx, const ExpiredItem& expired) {
    Context owner = ctx.as(expired.owner);
    const auto table = find_table(owner, expired.table);
    SBEMU_CHECK(table);
    const auto item = find_item(owner, *table, expired.key);
    SBEMU_CHECK(item);
    erase_item(owner, *table, *item);
    record_change(owner, *table, &item->item(), nullptr, ChangedBy::time_to_live);
}

}  // namespace

void expect_expiry(Context& ctx, std::int64_t second) {
    const Time due = std::max(ctx.now, from_milliseconds(second * 1000));
    const auto earlier = find_timer(ctx, "dynamodb", "expire", "");
    if (!earlier || *earlier > due) set_timer(ctx, "dynamodb", "expire", "", due);
}

void expire_items(Context& ctx, std::string_view) {
    const std::int64_t now = to_milliseconds(ctx.now) / 1000;
    for (const ExpiredItem& item : list_expired(ctx, now, kItemsPerEvent)) expire(ctx, item);
    if (const auto next = next_expiry(ctx)) expect_expiry(ctx, *next);
}

json::object update_time_to_live(Context& ctx, const json::object& request) {
    const json::object& specification = request.at("TimeToLiveSpecification").as_object();
    const bool enable = flag_member(specification, "Enabled");
    const std::string attribute = text_member(specification, "AttributeName");
    Table table = manageable_table(ctx, request);
    if (table.status == "CREATING") {
        throw resource_in_use("Table " + table.name + " is being created");  // DDB-TABLE-115
    }
    check_change(table, enable, attribute);
    TableSettings settings = TableSettings::of(table);
    const std::int64_t now = to_milliseconds(ctx.now);
    if (settings.time_to_live_changed && now - *settings.time_to_live_changed < kBetweenChanges) {
        throw validation_error(
            "Time to live has been modified multiple times within a fixed interval");
    }

    settings.time_to_live_changed = now;
    settings.save_in(table);
    table.time_to_live.reset();
    if (enable) table.time_to_live = attribute;
    update_table(ctx, table);
    index_expiry(ctx, table);
    if (const auto next = next_expiry(ctx)) expect_expiry(ctx, *next);
    return {{"TimeToLiveSpecification", specification}};
}

json::object describe_time_to_live(Context& ctx, const json::object& request) {
    const Table table = manageable_table(ctx, request);
    if (table.status == "CREATING" || table.status == "DELETING") {
        throw validation_error("Cannot describe time to live while table is in " + table.status +
                               " state: Current table state is " + table.status);
    }
    return {{"TimeToLiveDescription", describe_time_to_live(table)}};
}

json::object describe_time_to_live(const Table& table) {
    if (!table.time_to_live) return {{"TimeToLiveStatus", "DISABLED"}};
    return {{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", *table.time_to_live}};
}

}  // namespace sbemu::dynamodb
