#include "fakes/dynamodb/table_throughput.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "emulator/core/members.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kHour = 3'600'000;  // milliseconds
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kFreeDecreases = 4;

std::string two_digits(std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

// Friday, October 9, 2026 at 12:21:34 AM Coordinated Universal Time
std::string long_time(std::int64_t milliseconds) {
    static constexpr const char* kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday"};
    static constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                              "May",       "June",     "July",     "August",
                                              "September", "October",  "November", "December"};
    const Time time = from_milliseconds(milliseconds);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    const auto hour = clock.hours().count();
    return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " +
           kMonths[static_cast<unsigned>(date.month()) - 1] + " " +
           std::to_string(static_cast<unsigned>(date.day())) + ", " +
           std::to_string(static_cast<int>(date.year())) + " at " +
           std::to_string(hour % 12 == 0 ? 12 : hour % 12) + ":" +
           two_digits(clock.minutes().count()) + ":" + two_digits(clock.seconds().count()) +
           (hour < 12 ? " AM" : " PM") + " Coordinated Universal Time";
}

// ack-api-quirks (2026-10), DDB-TABLE-184, 185 and 326: after midnight they begin anew.
void check_may_decrease(std::int64_t decreases_today, std::int64_t last, std::int64_t now) {
    if (decreases_today < kFreeDecreases || now - last >= kHour) return;
    const std::int64_t midnight = (now / kDay + 1) * kDay;
    throw limit_exceeded(
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given "
        "UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be "
        "performed at most once every 3600 seconds. Number of decreases today: " +
        std::to_string(decreases_today) + ". Last decrease at " + long_time(last) +
        ". Next decrease can be made at " + long_time(std::min(last + kHour, midnight)));
}

void check_limit(const Context& ctx, std::int64_t units, const std::string& name,
                 const std::string& index) {
    if (units <= kMaxUnitsOfTable) return;
    throw limit_exceeded("The requested " + name + (index.empty() ? "" : " for index " + index) +
                         ", " + std::to_string(units) + ", is above the per " +
                         (index.empty() ? "table" : "index") + " maximum for the account in " +
                         ctx.caller.region +
                         ". Per table maximum: " + std::to_string(kMaxUnitsOfTable) +
                         ". Refer to the Amazon DynamoDB Developer Guide for current limits and "
                         "how to request higher limits.");
}

ApiError nothing_changes(const std::string& index, const Billing& old, const Billing& wanted) {
    const std::string whole = index.empty() ? "the table" : "the index " + index;
    const std::string part = index.empty() ? "the table" : "index " + index;
    return validation_error(
        "The provisioned throughput for " + whole +
        " will not change. The requested value equals the current value. Current "
        "ReadCapacityUnits provisioned for " +
        part + ": " + std::to_string(old.read_units) + ". Requested ReadCapacityUnits: " +
        std::to_string(wanted.read_units) + ". Current WriteCapacityUnits provisioned for " + part +
        ": " + std::to_string(old.write_units) +
        ". Requested WriteCapacityUnits: " + std::to_string(wanted.write_units) +
        ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request "
        "higher limits.");
}

std::string floor_text(WarmFloor floor, const std::string& name) {
    if (floor == WarmFloor::current) {
        return "current WarmThroughput, decreasing WarmThroughput is not supported";
    }
    if (floor == WarmFloor::provisioned) {
        return (name == "ReadUnitsPerSecond" ? "ReadCapacityUnits" : "WriteCapacityUnits") +
               std::string(" of ProvisionedThroughput");
    }
    return "initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/"
           "latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial";
}

// ack-api-quirks DDB-TABLE-154, 171; for what is written, and a table's warm units, by analogy.
void check_maximum(const Context& ctx, std::int64_t units, const std::string& name,
                   const std::string& of) {
    if (units <= kMaxUnitsOfTable) return;
    const std::string kind = name.find("Read") != std::string::npos ? "Read" : "Write";
    throw limit_exceeded("Subscriber limit exceeded: Requested " + name + " for " + of +
                         " exceeds TableMax" + kind + "CapacityUnits of the account in region " +
                         ctx.caller.region);
}

ApiError below_floor(const std::string& name, const std::string& of, WarmFloor floor) {
    return invalid_values("Requested " + name + " for " + of + " is lower than " +
                          floor_text(floor, name));
}

// -1 ends a limit that there is.
void check_on_demand_limit(const Context& ctx, const std::string& name, std::int64_t units,
                           const OnDemandCheck& check) {
    if (!check.is_on_demand) {
        const std::string of_index =
            check.index.empty()
                ? ""
                : (check.is_update ? " for index : " : " for index: ") + check.index;
        throw invalid_values(name + " for OnDemandThroughput" + of_index +
                             (check.is_update
                                  ? " cannot be specified when the table BillingMode is PROVISIONED"
                                  : " cannot be specified when table BillingMode is PROVISIONED."));
    }
    const std::string of =
        "OnDemandThroughput for " + (check.index.empty() ? "table" : "index : " + check.index);
    if (units > 0 || (units == -1 && check.is_update)) return check_maximum(ctx, units, name, of);
    throw invalid_values("Requested " + name + " for " + of + " is outside of valid range");
}

json::object warm(std::int64_t reads, std::int64_t writes) {
    return {{"ReadUnitsPerSecond", reads}, {"WriteUnitsPerSecond", writes}};
}

}  // namespace

bool is_on_demand(const json::object& description) {
    const json::value* summary = description.if_contains("BillingModeSummary");
    return summary && summary->at("BillingMode") == "PAY_PER_REQUEST";
}

Billing parse_units(const json::object& throughput) {
    static constexpr std::int64_t kMaxUnits = 1'000'000'000'000;
    const auto read = [&](std::string_view name) {
        const std::int64_t units = number_member(throughput, name, 0);
        if (units <= kMaxUnits) return units;
        throw validation_error("Given value " + std::to_string(units) + " for " +
                               std::string(name) + " is out of bounds");
    };
    Billing billing;
    billing.read_units = read("ReadCapacityUnits");
    billing.write_units = read("WriteCapacityUnits");
    return billing;
}

void check_limits(const Context& ctx, const Billing& billing, const std::string& index) {
    check_limit(ctx, billing.read_units, "ReadCapacityUnits", index);
    check_limit(ctx, billing.write_units, "WriteCapacityUnits", index);
}

json::object new_throughput(const Billing& billing) {
    return {{"NumberOfDecreasesToday", 0},
            {"ReadCapacityUnits", billing.read_units},
            {"WriteCapacityUnits", billing.write_units}};
}

std::int64_t decreases_today(const json::object& throughput, std::int64_t now) {
    const auto last = find_number(throughput, "LastDecreaseDateTime");
    const bool is_over = last && *last / kDay != now / kDay;
    return is_over ? 0 : number_member(throughput, "NumberOfDecreasesToday", 0);
}

json::object changed_throughput(const Context& ctx, const json::object& current,
                                const json::object& wanted, const std::string& index) {
    const Billing old = parse_units(current);
    const Billing next = parse_units(wanted);
    if (next.read_units == old.read_units && next.write_units == old.write_units) {
        throw nothing_changes(index, old, next);
    }
    check_limits(ctx, next, index);
    json::object changed = current;
    const std::int64_t now = to_milliseconds(ctx.now);
    if (next.read_units < old.read_units || next.write_units < old.write_units) {
        const std::int64_t before = decreases_today(current, now);
        check_may_decrease(before, number_member(current, "LastDecreaseDateTime", -kDay), now);
        changed["LastDecreaseDateTime"] = now;
        changed["NumberOfDecreasesToday"] = before + 1;
    }
    if (next.read_units > old.read_units || next.write_units > old.write_units) {
        changed["LastIncreaseDateTime"] = now;
    }
    changed["ReadCapacityUnits"] = next.read_units;
    changed["WriteCapacityUnits"] = next.write_units;
    return changed;
}

json::object throughput_meanwhile(const json::object& current, const json::object& changed,
                                  std::int64_t now) {
    json::object meanwhile = current;
    // Before the time of the new decrease makes the old ones today's.
    meanwhile["NumberOfDecreasesToday"] = decreases_today(current, now);
    for (const char* const member : {"LastIncreaseDateTime", "LastDecreaseDateTime"}) {
        if (const json::value* time = changed.if_contains(member)) meanwhile[member] = *time;
    }
    return meanwhile;
}

void check_on_demand_limits(const Context& ctx, const json::object& request,
                            const OnDemandCheck& check) {
    const json::object* limits = find_object(request, "OnDemandThroughput");
    if (!limits) return;
    for (const char* const name : {"MaxReadRequestUnits", "MaxWriteRequestUnits"}) {
        const auto units = find_number(*limits, name);
        if (units) check_on_demand_limit(ctx, name, *units, check);
    }
}

json::object merged_on_demand_limits(const json::object& current, const json::object& wanted) {
    json::object merged = current;
    for (const auto& [name, units] : wanted) merged[name] = units;
    return merged;
}

json::object without_ended_limits(const json::object& limits) {
    json::object left;
    for (const auto& [name, units] : limits) {
        if (units != -1) left[name] = units;
    }
    return left;
}

json::object initial_warm_throughput(const Billing& billing) {
    if (billing.is_on_demand) return warm(12000, 4000);
    return warm(billing.read_units, billing.write_units);
}

json::object raised_warm_throughput(const Context& ctx, const json::object& warm,
                                    const json::object& wanted, WarmFloor floor,
                                    const std::string& index) {
    json::object raised = warm;
    const std::string of = "WarmThroughput for " + (index.empty() ? "table" : "index " + index);
    for (const char* const name : {"ReadUnitsPerSecond", "WriteUnitsPerSecond"}) {
        const auto units = find_number(wanted, name);
        if (!units) continue;
        if (*units < number_member(warm, name, 0)) throw below_floor(name, of, floor);
        check_maximum(ctx, *units, name, of);
        raised[name] = *units;
    }
    return raised;
}

json::object greater_warm_throughput(const json::object& a, const json::object& b) {
    const auto greater = [&](std::string_view name) {
        return std::max(number_member(a, name, 0), number_member(b, name, 0));
    };
    return warm(greater("ReadUnitsPerSecond"), greater("WriteUnitsPerSecond"));
}

}  // namespace sbemu::dynamodb
