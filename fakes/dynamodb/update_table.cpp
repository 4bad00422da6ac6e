// UpdateTable: throughput, billing mode, indexes, stream, deletion protection, class, encryption.
// Facts: facts/dynamodb-kinesis.md 1.14 and ack-api-quirks (2026-10), DDB-TABLE-055 to 065, 156,
// 177 to 185, 283 to 287, 365 to 383.
#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/latency.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/item_requests.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/table_encryption.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_reservations.h"
#include "fakes/dynamodb/table_update.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::string_view kNotBuilt[] = {"GlobalTableSettingsReplicationMode"};

// To PROVISIONED: every index says what it wants, limits on demand go. Since when it was on demand
// is still told.
void leave_on_demand(TableUpdate& update) {
    date_billing(update.table, update.description);
    update.description["BillingModeSummary"].as_object()["BillingMode"] = "PROVISIONED";
    update.description.erase("OnDemandThroughput");
    for (Index& index : update.table.indexes) {
        if (!index.is_global) continue;
        const json::object* wanted = find_index_update(update.request, index.name);
        if (!wanted || !find_object(*wanted, "ProvisionedThroughput")) {
            throw invalid_values("ProvisionedThroughput must be specified for index: " +
                                 index.name);
        }
        GlobalIndexDetails details = GlobalIndexDetails::of(index);
        details.on_demand.clear();
        details.save_in(index);
    }
}

void set_units(json::object& throughput, std::int64_t units) {
    throughput["ReadCapacityUnits"] = units;
    throughput["WriteCapacityUnits"] = units;
}

// What is warm, and since when it is on demand, is told when it is (settle_table).
void enter_on_demand(const Context& ctx, TableUpdate& update) {
    json::object& description = update.description;
    json::object& summary = description["BillingModeSummary"].is_object()
                                ? description["BillingModeSummary"].as_object()
                                : description["BillingModeSummary"].emplace_object();
    summary["BillingMode"] = "PAY_PER_REQUEST";
    const std::int64_t now = to_milliseconds(ctx.now);
    json::object& throughput = description["ProvisionedThroughput"].as_object();
    set_units(throughput, 0);
    update.settings.throughput_soon = throughput;
    throughput = throughput_meanwhile(throughput, {{"LastDecreaseDateTime", now}}, now);
    for (Index& index : update.table.indexes) {
        if (!index.is_global) continue;
        GlobalIndexDetails details = GlobalIndexDetails::of(index);
        details.throughput["NumberOfDecreasesToday"] = decreases_today(details.throughput, now) + 1;
        details.throughput["LastDecreaseDateTime"] = now;
        set_units(details.throughput, 0);
        details.save_in(index);
    }
}

// Of a provisioned table: the new units are told when it is ACTIVE (DDB-TABLE-060). One that was
// on demand has them at once, and they count as no increase (DDB-TABLE-055).
void set_throughput(const Context& ctx, TableUpdate& update, const json::object& wanted) {
    json::object& current = update.description["ProvisionedThroughput"].as_object();
    json::object changed = changed_throughput(ctx, current, wanted);
    if (update.was_on_demand) {
        const json::value* last = current.if_contains("LastIncreaseDateTime");
        changed.erase("LastIncreaseDateTime");
        if (last) changed["LastIncreaseDateTime"] = *last;
        current = std::move(changed);
    } else {
        current = throughput_meanwhile(current, changed, to_milliseconds(ctx.now));
        update.settings.throughput_soon = std::move(changed);
    }
    update.keeps_busy("throughput", usual::kThroughput);
}

void set_billing(const Context& ctx, TableUpdate& update) {
    const json::object* throughput = find_object(update.request, "ProvisionedThroughput");
    if (update.was_on_demand != update.is_on_demand) {
        if (update.is_on_demand) {
            enter_on_demand(ctx, update);
        } else {
            leave_on_demand(update);
        }
        update.keeps_busy("billing", usual::kBilling);
    } else if (throughput && update.is_on_demand) {
        throw invalid_values(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            "PAY_PER_REQUEST");
    } else if (update.is_on_demand && find_member(update.request, "BillingMode")) {
        update.answers_updating = true;
    }
    if (throughput) set_throughput(ctx, update, *throughput);
}

void set_stream(Context& ctx, TableUpdate& update) {
    const json::object* stream = find_object(update.request, "StreamSpecification");
    if (!stream) return;
    Table& table = update.table;
    const auto view = find_text(*stream, "StreamViewType");
    if (flag_member(*stream, "StreamEnabled")) {
        if (!view) {
            throw invalid_values("If stream is being enabled then UpdateViewType is required");
        }
        if (table.stream) {
            throw validation_error("Table already has an enabled stream: TableName: " + table.name);
        }
        begin_stream(ctx, table, update.description, *view);
    } else {
        if (view) {
            throw invalid_values(
                "If stream is being disabled, then UpdateViewType must not be specified");
        }
        if (!table.stream) {
            throw validation_error("Table has no stream to disable: TableName: " + table.name);
        }
        end_stream(ctx, *table.stream);
        table.stream.reset();
        // LatestStreamArn and LatestStreamLabel stay (facts/dynamodb-kinesis.md 1.14).
        update.description.erase("StreamSpecification");
    }
    update.keeps_busy("stream", usual::kStream);
}

// Whether it changes or not, the answer says that it does (DDB-TABLE-179).
void set_warm_throughput(Context& ctx, TableUpdate& update) {
    const json::object* wanted = find_object(update.request, "WarmThroughput");
    if (!wanted || wanted->empty()) return;
    // What is promised already counts, too (assumed).
    const std::optional<json::object>& soon = update.settings.warm_soon;
    const json::object current = soon ? *soon : update.description.at("WarmThroughput").as_object();
    json::object raised = raised_warm_throughput(ctx, current, *wanted, WarmFloor::current);
    update.answers_warm_updating = true;
    if (raised == current) return;
    update.settings.warm_soon = std::move(raised);
    settle_warm_throughput_in(ctx, table_arn(ctx.caller, update.table.name),
                              usual::kWarmThroughput);
}

// The same class again changes nothing, but the answer says UPDATING, and after two changes of
// another it is refused, too (DDB-TABLE-177, 180, 283, 365).
void set_class(const Context& ctx, TableUpdate& update) {
    constexpr std::int64_t kMonth = 30 * 86'400'000LL;  // milliseconds
    const auto wanted = find_text(update.request, "TableClass");
    if (!wanted) return;
    std::vector<std::int64_t>& changes = update.settings.class_changes;
    const std::int64_t now = to_milliseconds(ctx.now);
    std::erase_if(changes, [&](std::int64_t change) { return change <= now - kMonth; });
    if (changes.size() >= 2) {
        throw limit_exceeded(
            "Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 "
            "day(s).");
    }
    const json::object* summary = find_object(update.description, "TableClassSummary");
    const std::string current = summary ? text_member(*summary, "TableClass") : "STANDARD";
    update.answers_updating = true;
    if (*wanted == current) return;
    changes.push_back(now);
    update.settings.class_soon = *wanted;
    update.keeps_busy("class", usual::kTableClass);
}

// A limit of -1 ends one; it is told once (DDB-TABLE-178).
void set_on_demand_limits(const Context& ctx, TableUpdate& update) {
    check_on_demand_limits(ctx, update.request, {update.is_on_demand, true});
    const json::object* limits = find_object(update.request, "OnDemandThroughput");
    if (!limits || limits->empty()) return;
    const json::object* current = find_object(update.description, "OnDemandThroughput");
    update.answered_limits = merged_on_demand_limits(current ? *current : json::object(), *limits);
    update.description.erase("OnDemandThroughput");
    const json::object left = without_ended_limits(update.answered_limits);
    if (!left.empty()) update.description["OnDemandThroughput"] = left;
}

// Changes follow each other after 15 seconds (DDB-TABLE-003, 054, 445). The same again is none
// (assumed: the recordings contradict each other).
void set_protection(Context& ctx, TableUpdate& update) {
    const char* const member = "DeletionProtectionEnabled";
    if (!find_member(update.request, member)) return;
    const bool wanted = flag_member(update.request, member);
    if (update.description.at(member) == wanted) return;
    const Time next = from_milliseconds(update.settings.protection_changed) +
                      usual_duration(ctx, usual::kBetweenProtections);
    if (ctx.now < next) {
        throw ApiError("ThrottlingException",
                       "Deletion protection setting for table " + update.table.name +
                           " modified within the previous 15000 milliseconds. Please try again "
                           "after " +
                           iso_time(next));
    }
    update.settings.protection_changed = to_milliseconds(ctx.now);
    update.description[member] = wanted;
}

// AWS answers more of what was asked for than what there is already.
json::object answer_to(Context& ctx, const TableUpdate& update) {
    json::object description = describe(ctx, update.table);
    date_billing(update.table, description);
    if (update.settings.is_updating("billing") && update.is_on_demand) {
        description["BillingModeSummary"].as_object().erase("LastUpdateToPayPerRequestDateTime");
    }
    if (update.answers_updating) description["TableStatus"] = "UPDATING";
    if (update.answers_warm_updating) {
        description["WarmThroughput"].as_object()["Status"] = "UPDATING";
    }
    if (!update.answered_limits.empty()) {
        description["OnDemandThroughput"] = update.answered_limits;
    }
    return {{"TableDescription", std::move(description)}};
}

}  // namespace

TableUpdate::TableUpdate(const json::object& request, Table existing)
    : request(request),
      table(std::move(existing)),
      description(json::parse(table.description.text()).as_object()),
      settings(TableSettings::of(table)) {
    was_on_demand = dynamodb::is_on_demand(description);
    const std::string mode = text_member(request, "BillingMode");
    is_on_demand = mode.empty() ? was_on_demand : mode == "PAY_PER_REQUEST";
}

void TableUpdate::keeps_busy(std::string_view what, Duration usual) {
    if (!settings.is_updating(what)) settings.updating.emplace_back(what);
    takes = std::max(takes, usual);
    table.status = "UPDATING";
}

json::object update_table(Context& ctx, const json::object& request) {
    refuse_members(request, "UpdateTable", kNotBuilt);
    check_update_request(request);
    TableUpdate update(request, manageable_table(ctx, request));
    // AWS fails here, always (DDB-TABLE-178, 437, 448).
    if (has_only_empty_throughput(request)) throw ApiError("InternalFailure", "", 500);
    check_not_in_the_way(ctx, update);

    const ReservedUnits before = reserved_units(ctx, update.table.name);
    set_billing(ctx, update);
    set_stream(ctx, update);
    update_encryption(ctx, update);
    set_warm_throughput(ctx, update);
    set_protection(ctx, update);
    set_class(ctx, update);
    set_on_demand_limits(ctx, update);
    update_indexes(ctx, update);

    update.table.description = json::serialize(update.description);
    update.settings.save_in(update.table);
    update_table(ctx, update.table);
    check_account_limits(ctx, before, update.table.name);
    if (update.takes > Duration{0}) settle_table_in(ctx, update.table, update.takes);
    return answer_to(ctx, update);
}

}  // namespace sbemu::dynamodb
