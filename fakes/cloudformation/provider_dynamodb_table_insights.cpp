// ContributorInsightsSpecification of a table and of its global indexes.
#include <boost/json.hpp>

#include "fakes/cloudformation/provider_dynamodb_table.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr const char* kSpecification = "ContributorInsightsSpecification";
constexpr const char* kIndexes = "GlobalSecondaryIndexes";
constexpr const char* kStatus = "ContributorInsightsStatus";
constexpr const char* kMode = "ContributorInsightsMode";

// `subject` names the table, and the index if it is one's.
bool take_step(Context& ctx, const json::object& subject, const json::object& wanted) {
    const json::object current =
        ctx.call("dynamodb", "DescribeContributorInsights", subject).result;
    const std::string status = text_property(current, kStatus);
    if (status == "ENABLING" || status == "DISABLING") return true;
    const bool enable = text_property(wanted, "Enabled") == "true";
    const std::string mode = text_property(wanted, "Mode");
    const bool has_mode = mode.empty() || mode == text_property(current, kMode);
    if (enable && status == "FAILED" && has_mode) {
        throw ApiError(
            "GeneralServiceException",
            text_property(object_property(current, "FailureException"), "ExceptionDescription"));
    }
    if (enable ? status == "ENABLED" && has_mode : status == "DISABLED") return false;
    json::object request = subject;
    request["ContributorInsightsAction"] = enable ? "ENABLE" : "DISABLE";
    if (enable && !mode.empty()) request[kMode] = mode;
    ctx.call("dynamodb", "UpdateContributorInsights", request);
    return true;
}

}  // namespace

bool take_insights_step(Context& ctx, const ResourceRequest& resource) {
    const json::object table{{"TableName", resource.physical_id}};
    const json::object& wanted = object_property(resource.properties, kSpecification);
    const bool is_meant = !wanted.empty() || is_changed(resource, kSpecification);
    if (is_meant && take_step(ctx, table, wanted)) return true;
    const json::array& before = list_property(resource.old_properties, kIndexes);
    for (const json::value& value : list_property(resource.properties, kIndexes)) {
        const json::object& index = value.as_object();
        const std::string name = text_property(index, "IndexName");
        const json::object* old_index = find_index(before, name);
        const json::object& of_index = object_property(index, kSpecification);
        const bool was_meant = old_index && old_index->contains(kSpecification);
        if (of_index.empty() && !was_meant) continue;
        json::object subject = table;
        subject["IndexName"] = name;
        if (take_step(ctx, subject, of_index)) return true;
    }
    return false;
}

}  // namespace sbemu::cloudformation
