// DescribeContributorInsights, ListContributorInsights, UpdateContributorInsights. Facts:
// ack-api-quirks (2026-10), DDB-TABLE-089 to 097, 112, 116, 337 to 344. What happens to a request
// while another is under way is assumed, as is what is not told while it is ENABLING or DISABLING.
#include "fakes/dynamodb/contributor_insights.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "emulator/core/encoding.h"
#include "emulator/core/latency.h"
#include "emulator/core/members.h"
#include "emulator/core/timers.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_indexes.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/table_settings.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr const char* kAllKeys = "ACCESSED_AND_THROTTLED_KEYS";
constexpr std::size_t kMaxRules = 100;  // CloudWatch's, of an account in a region
constexpr std::int64_t kMaxResults = 100;

// A table, or one of its global indexes.
struct Subject {
    Table table;
    std::string index;  // empty: the table itself
};

using Insights = std::optional<ContributorInsights>;  // nothing: they never were enabled

ApiError index_not_found(const Subject& subject) {
    return {"ResourceNotFoundException", "Requested resource not found: Index: " + subject.index +
                                             " not found for table: " + subject.table.name};
}

Index& index_of(Subject& subject) {
    auto& indexes = subject.table.indexes;
    return *std::find_if(indexes.begin(), indexes.end(),
                         [&](const Index& each) { return each.name == subject.index; });
}

// An index that is not being filled yet is not there yet.
Subject subject_of(Context& ctx, const json::object& request) {
    Subject subject{existing_table(ctx, request), text_member(request, "IndexName")};
    if (subject.index.empty()) return subject;
    const Index* index = subject.table.find_index(subject.index);
    if (!index || !index->is_global || GlobalIndexDetails::of(*index).backfilling == false) {
        throw index_not_found(subject);
    }
    return subject;
}

Insights insights_of(const Subject& subject) {
    if (subject.index.empty()) return TableSettings::of(subject.table).insights;
    return GlobalIndexDetails::of(*subject.table.find_index(subject.index)).insights;
}

void save(Context& ctx, Subject& subject, const ContributorInsights& insights) {
    if (subject.index.empty()) {
        TableSettings settings = TableSettings::of(subject.table);
        settings.insights = insights;
        settings.save_in(subject.table);
    } else {
        Index& index = index_of(subject);
        GlobalIndexDetails details = GlobalIndexDetails::of(index);
        details.insights = insights;
        details.save_in(index);
    }
    update_table(ctx, subject.table);
}

// "DynamoDBContributorInsights-PKC-env-1791500895719": accessed (C) and throttled (T) partition
// keys, and sort keys if there are.
std::vector<std::string> rules_of(const Subject& subject, const ContributorInsights& insights) {
    const bool has_sort_key = subject.index.empty()
                                  ? subject.table.sort.has_value()
                                  : !subject.table.find_index(subject.index)->sort.empty();
    std::vector<std::string> kinds;
    for (const std::string what : {"C", "T"}) {
        if (what == "C" && insights.mode != kAllKeys) continue;
        kinds.push_back("PK" + what);
        if (has_sort_key) kinds.push_back("SK" + what);
    }
    const std::string name =
        subject.table.name + (subject.index.empty() ? "" : "-" + subject.index) + "-";
    const std::string end = "-" + name + std::to_string(insights.rules_made);
    for (std::string& kind : kinds) {
        kind.insert(0, "DynamoDBContributorInsights-");
        kind += end;
    }
    return kinds;
}

std::vector<Subject> subjects_of(const Table& table) {
    std::vector<Subject> subjects{{table, ""}};
    for (const Index& index : table.indexes) {
        if (index.is_global) subjects.push_back({table, index.name});
    }
    return subjects;
}

// By the tables' names, each before its indexes.
std::vector<Subject> all_subjects(Context& ctx) {
    constexpr std::int64_t kAll = -1;
    std::vector<Subject> all;
    for (const std::string& name : list_table_names(ctx, "", kAll)) {
        for (Subject& subject : subjects_of(*find_table(ctx, name))) {
            all.push_back(std::move(subject));
        }
    }
    return all;
}

std::size_t count_rules(Context& ctx) {
    std::size_t count = 0;
    for (const Subject& subject : all_subjects(ctx)) {
        const Insights insights = insights_of(subject);
        const bool has_rules = insights && insights->status == "ENABLED";
        if (has_rules) count += rules_of(subject, *insights).size();
    }
    return count;
}

void check_updatable(const Subject& subject) {
    const auto refuse = [](const std::string& what) {
        throw validation_error(
            "Table or Index is not in a valid state to update Key Access Insights: " + what +
            " must be ACTIVE to enable ContributorInsights.");
    };
    if (subject.table.status == "CREATING") refuse("TableStatus");
    if (subject.index.empty()) return;
    if (subject.table.find_index(subject.index)->status == "CREATING") refuse("IndexStatus");
}

std::string arn_of(const Context& ctx, const Subject& subject) {
    const std::string table = table_arn(ctx.caller, subject.table.name);
    return subject.index.empty() ? table : table + "/index/" + subject.index;
}

void settle_in(Context& ctx, const Subject& subject, Duration usual) {
    set_timer(ctx, "dynamodb", "settle-insights", arn_of(ctx, subject),
              ctx.now + usual_duration(ctx, usual));
}

// Nothing happens if it is enabled in this mode. In another, its rules keep their time.
void enable(Context& ctx, Subject& subject, ContributorInsights& insights, std::string mode) {
    const bool has_rules = insights.status == "ENABLED" || insights.status == "ENABLING";
    if (has_rules && insights.mode == mode) return;
    const std::int64_t now = to_milliseconds(ctx.now);
    if (!has_rules) insights.rules_made = now;
    insights.status = "ENABLING";
    insights.mode = std::move(mode);
    insights.updated = now;
    save(ctx, subject, insights);
    settle_in(ctx, subject, usual::kEnableInsights);
}

void disable(Context& ctx, Subject& subject, ContributorInsights& insights) {
    if (insights.status == "DISABLED" || insights.status == "DISABLING") return;
    insights.status = "DISABLING";
    insights.updated = to_milliseconds(ctx.now);
    save(ctx, subject, insights);
    settle_in(ctx, subject, usual::kDisableInsights);
}

json::object describe_names(const Subject& subject) {
    json::object described{{"TableName", subject.table.name}};
    if (!subject.index.empty()) described["IndexName"] = subject.index;
    return described;
}

// TableName, IndexName, ContributorInsightsStatus, ContributorInsightsMode.
json::object summarize(const Subject& subject, const Insights& insights) {
    json::object summary = describe_names(subject);
    summary["ContributorInsightsStatus"] = insights ? insights->status : "DISABLED";
    if (insights) summary["ContributorInsightsMode"] = insights->mode;
    return summary;
}

// The model has no least number; its text for others is assumed.
std::int64_t page_limit(const json::object& request) {
    const std::int64_t limit = number_member(request, "MaxResults", kMaxResults);
    if (limit >= 1) return limit;
    throw validation_error("1 validation error detected: Value '" + std::to_string(limit) +
                           "' at 'maxResults' failed to satisfy constraint: Member must have "
                           "value greater than or equal to 1");
}

// A token holds the names that a page ended with.
std::string token_of(const Subject& subject) {
    return base64_encode(subject.table.name + "/" + subject.index);
}

// Where the next page begins, also if what the last one ended with is gone. That other tokens are
// refused, and how, is assumed.
std::vector<Subject>::const_iterator page_after(const std::vector<Subject>& subjects,
                                                const std::string& token) {
    const auto last = std::find_if(subjects.begin(), subjects.end(),
                                   [&](const Subject& each) { return token_of(each) == token; });
    if (last != subjects.end()) return std::next(last);
    const auto names = base64_decode(token);
    const auto slash = names ? names->find('/') : std::string::npos;
    if (slash == std::string::npos) throw validation_error("Invalid NextToken");
    const std::string table = names->substr(0, slash);
    return std::find_if(subjects.begin(), subjects.end(),
                        [&](const Subject& each) { return each.table.name > table; });
}

}  // namespace

ContributorInsights ContributorInsights::of(const json::object& written) {
    return {text_member(written, "status"), text_member(written, "mode"),
            number_member(written, "rules_made", 0), number_member(written, "updated", 0),
            flag_member(written, "has_failed")};
}

json::object ContributorInsights::written() const {
    return {{"status", status},
            {"mode", mode},
            {"rules_made", rules_made},
            {"updated", updated},
            {"has_failed", has_failed}};
}

json::object describe_contributor_insights(Context& ctx, const json::object& request) {
    const Subject subject = subject_of(ctx, request);
    const Insights insights = insights_of(subject);
    json::object described = summarize(subject, insights);
    if (!insights) return described;
    if (insights->status == "ENABLED") {
        const auto rules = rules_of(subject, *insights);
        described["ContributorInsightsRuleList"] = json::array(rules.begin(), rules.end());
    }
    described["LastUpdateDateTime"] = insights->updated;
    if (insights->has_failed) {
        described["FailureException"] = {
            {"ExceptionName", "LimitExceededException"},
            {"ExceptionDescription",
             "Amazon CloudWatch Contributor Insights rule limit reached. Please disable "
             "Contributor Insights for other tables/indexes OR disable other CloudWatch "
             "Contributor Insights rules before retrying."}};
    }
    return described;
}

// Everything that is not DISABLED. AWS also gives empty pages when all tables are listed, as many
// as it likes (DDB-TABLE-344).
json::object list_contributor_insights(Context& ctx, const json::object& request) {
    const auto limit = static_cast<std::size_t>(page_limit(request));
    const bool is_of_one = find_text(request, "TableName").has_value();
    const auto subjects = is_of_one ? subjects_of(existing_table(ctx, request)) : all_subjects(ctx);
    const auto token = find_text(request, "NextToken");
    auto next = token ? page_after(subjects, *token) : subjects.begin();
    json::object reply;
    json::array& page = reply["ContributorInsightsSummaries"].emplace_array();
    std::string ends_with;
    for (; next != subjects.end(); ++next) {
        const Insights insights = insights_of(*next);
        if (!insights || insights->status == "DISABLED") continue;
        if (page.size() == limit) {
            reply["NextToken"] = ends_with;
            break;
        }
        page.push_back(summarize(*next, insights));
        ends_with = token_of(*next);
    }
    return reply;
}

json::object update_contributor_insights(Context& ctx, const json::object& request) {
    Subject subject = subject_of(ctx, request);
    check_updatable(subject);
    const Insights before = insights_of(subject);
    if (request.at("ContributorInsightsAction") == "DISABLE") {
        if (!before) return summarize(subject, before);
        ContributorInsights insights = *before;
        disable(ctx, subject, insights);
        return summarize(subject, insights);
    }
    ContributorInsights insights = before.value_or(ContributorInsights{});
    enable(ctx, subject, insights, text_member(request, "ContributorInsightsMode", kAllKeys));
    return summarize(subject, insights);
}

void settle_contributor_insights(Context& ctx, std::string_view arn) {
    const auto [table_name, index_name] = names_in_arn(arn);
    auto table = find_table(ctx, table_name);
    if (!table || (!index_name.empty() && !table->find_index(index_name))) return;
    Subject subject{*std::move(table), index_name};
    Insights insights = insights_of(subject);
    if (!insights || (insights->status != "ENABLING" && insights->status != "DISABLING")) return;
    if (insights->status == "DISABLING") {
        insights->status = "DISABLED";
        insights->has_failed = false;
    } else {
        const std::size_t rules = rules_of(subject, *insights).size();
        insights->has_failed = count_rules(ctx) + rules > kMaxRules;
        insights->status = insights->has_failed ? "FAILED" : "ENABLED";
    }
    insights->updated = to_milliseconds(ctx.now);
    save(ctx, subject, *insights);
}

}  // namespace sbemu::dynamodb
