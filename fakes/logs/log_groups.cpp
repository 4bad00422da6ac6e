// Log groups and how long they keep their events.
#include <algorithm>

#include "emulator/core/members.h"
#include "fakes/logs/errors.h"
#include "fakes/logs/operations.h"
#include "fakes/logs/requests.h"

namespace sbemu::logs {
namespace json = boost::json;
namespace {

constexpr std::int64_t kRetentions[] = {1,    3,    5,    7,    14,   30,  60,  90,
                                        120,  150,  180,  365,  400,  545, 731, 1096,
                                        1827, 2192, 2557, 2922, 3288, 3653};
constexpr std::int64_t kDefaultPage = 50;  // API_DescribeLogGroups

void refuse_unsupported_settings(const json::object& request) {
    if (request.contains("kmsKeyId")) throw not_implemented("log groups encrypted by kmsKeyId");
    const auto log_group_class = find_text(request, "logGroupClass");
    if (log_group_class && *log_group_class != "STANDARD") {
        throw not_implemented("log groups of logGroupClass " + *log_group_class);
    }
    if (flag_member(request, "deletionProtectionEnabled")) {
        throw not_implemented("log groups with deletionProtectionEnabled");
    }
}

json::object describe(const Caller& caller, const LogGroup& group) {
    json::object result{
        {"logGroupName", group.name},  {"creationTime", group.created},
        {"metricFilterCount", 0},      {"arn", group_arn(caller, group) + ":*"},
        {"logGroupClass", "STANDARD"}, {"logGroupArn", group_arn(caller, group)},
    };
    if (group.retention) result["retentionInDays"] = *group.retention;
    return result;
}

}  // namespace

json::object create_log_group(Context& ctx, const json::object& request) {
    LogGroup group;
    group.name = text_member(request, "logGroupName");
    refuse_unsupported_settings(request);
    if (const json::object* tags = find_object(request, "tags")) group.tags = *tags;
    if (find_group(ctx, group.name)) throw already_exists("log group");
    group.created = to_milliseconds(ctx.now);
    insert_group(ctx, group);
    return {};
}

json::object describe_log_groups(Context& ctx, const json::object& request) {
    const auto prefix = find_text(request, "logGroupNamePrefix");
    const auto pattern = find_text(request, "logGroupNamePattern");
    if (prefix && pattern) {
        throw invalid_parameter(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
    }
    if (flag_member(request, "includeLinkedAccounts") || request.contains("accountIdentifiers")) {
        throw not_implemented("log groups of other accounts (accountIdentifiers)");
    }
    json::array groups;
    for (const LogGroup& group : list_groups(ctx)) {
        if (prefix && !group.name.starts_with(*prefix)) continue;
        if (pattern && group.name.find(*pattern) == std::string::npos) continue;
        json::object entry = describe(ctx.caller, group);
        if (!pattern) {  // recorded: test_describe_log_groups_with_{prefix,pattern}
            entry["deletionProtectionEnabled"] = false;
            entry["storedBytes"] = 0;  // AWS counts hours later; so early it says 0
        }
        groups.push_back(std::move(entry));
    }
    json::object result;
    put_page(result, "logGroups", request, groups, "logGroupName", kDefaultPage);
    return result;
}

json::object delete_log_group(Context& ctx, const json::object& request) {
    erase_group(ctx, require_group(ctx, request));
    return {};
}

json::object put_retention_policy(Context& ctx, const json::object& request) {
    LogGroup group = require_group(ctx, request);
    const std::int64_t days = find_number(request, "retentionInDays").value_or(0);
    if (std::find(std::begin(kRetentions), std::end(kRetentions), days) == std::end(kRetentions)) {
        std::string known;
        for (const std::int64_t retention : kRetentions) {
            known += (known.empty() ? "" : ", ") + std::to_string(retention);
        }
        // The order in which AWS lists the set is assumed.
        throw invalid_parameter("1 validation error detected: Value '" + std::to_string(days) +
                                "' at 'retentionInDays' failed to satisfy constraint: Member must "
                                "satisfy enum value set: [" +
                                known + "]");
    }
    group.retention = days;
    update_group(ctx, group);
    erase_expired_events(ctx, group);
    return {};
}

json::object delete_retention_policy(Context& ctx, const json::object& request) {
    LogGroup group = require_group(ctx, request);
    erase_expired_events(ctx, group);  // they do not come back
    group.retention.reset();
    update_group(ctx, group);
    return {};
}

}  // namespace sbemu::logs
