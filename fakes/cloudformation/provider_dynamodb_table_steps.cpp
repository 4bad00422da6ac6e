// The changes of a table, one call after the other.
#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/kms_keys.h"
#include "emulator/core/members.h"
#include "emulator/core/model.h"
#include "fakes/cloudformation/provider_dynamodb_table.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr const char* kIndexes = "GlobalSecondaryIndexes";
constexpr const char* kThroughput = "ProvisionedThroughput";

// One resource on its way: what the template says and what there is.
class Steps {
  public:
    Steps(Context& ctx, const ResourceRequest& resource, const json::object& table)
        : ctx_(ctx),
          resource_(resource),
          table_(table),
          wanted_(conform_request("dynamodb", "CreateTable", create_table_request(resource))) {}

    bool take_next() {
        // Indexes that go need no throughput in another billing mode; those that come do.
        return protection() || index_removal() || billing() || index_throughput() || stream() ||
               index_creation() || table_class() || encryption() || limits() || time_to_live() ||
               recovery() || tags() || policy() || take_insights_step(ctx_, resource_) ||
               take_destination_step(ctx_, resource_);
    }

  private:
    // Whether an update is about this property; a new table has what CreateTable took.
    bool changed(std::string_view property) const { return is_changed(resource_, property); }

    // What comes too soon is asked for again with the next look at the table.
    void call(std::string_view operation, json::object members) const {
        members["TableName"] = resource_.physical_id;
        const auto answer =
            ctx_.try_call("dynamodb", operation, conform_request("dynamodb", operation, members));
        const auto* error = std::get_if<ApiError>(&answer);
        if (error && error->code != "ThrottlingException") throw *error;
    }

    std::string arn() const { return text_property(table_, "TableArn"); }

    bool protection() const {
        const bool wanted = flag_member(wanted_, "DeletionProtectionEnabled");
        if (!changed("DeletionProtectionEnabled") ||
            wanted == flag_member(table_, "DeletionProtectionEnabled")) {
            return false;
        }
        call("UpdateTable", {{"DeletionProtectionEnabled", wanted}});
        return true;
    }

    std::string current_mode() const {
        return text_property(object_property(table_, "BillingModeSummary"), "BillingMode",
                             "PROVISIONED");
    }

    static bool has_units(const json::object& described, const json::object& wanted) {
        const json::object& units = object_property(wanted, kThroughput);
        const json::object& current = object_property(described, kThroughput);
        return is_same(units, current, "ReadCapacityUnits") &&
               is_same(units, current, "WriteCapacityUnits");
    }

    bool billing() const {
        if (!changed("BillingMode") && !changed(kThroughput)) return false;
        const std::string mode = text_property(wanted_, "BillingMode", "PROVISIONED");
        const bool on_demand = mode == "PAY_PER_REQUEST";
        const bool switches = mode != current_mode();
        if (!switches && (on_demand || has_units(table_, wanted_))) return false;
        json::object members;
        if (switches) members["BillingMode"] = mode;
        if (!on_demand) members[kThroughput] = object_property(wanted_, kThroughput);
        json::array updates;
        if (switches && !on_demand) updates = updates_of_indexes();
        if (!updates.empty()) members["GlobalSecondaryIndexUpdates"] = std::move(updates);
        call("UpdateTable", std::move(members));
        return true;
    }

    // Those whose throughput or limits are not what they should be.
    json::array updates_of_indexes() const {
        json::array updates;
        for (const json::value& described : list_property(table_, kIndexes)) {
            const json::object& current = described.as_object();
            const std::string name = text_property(current, "IndexName");
            const json::object* wanted = find_index(list_property(wanted_, kIndexes), name);
            if (!wanted) continue;
            json::object update{{"IndexName", name}};
            if (find_object(*wanted, kThroughput) && !has_units(current, *wanted)) {
                update[kThroughput] = object_property(*wanted, kThroughput);
            }
            for (const char* const member : {"OnDemandThroughput", "WarmThroughput"}) {
                const json::object& units = object_property(*wanted, member);
                const json::object& now = object_property(current, member);
                const bool differs = std::any_of(units.begin(), units.end(), [&](const auto& unit) {
                    return !is_same(units, now, unit.key());
                });
                if (differs) update[member] = units;
            }
            if (update.size() > 1) updates.push_back(json::object{{"Update", std::move(update)}});
        }
        return updates;
    }

    bool index_throughput() const {
        if (!changed(kIndexes)) return false;
        json::array updates = updates_of_indexes();
        if (updates.empty()) return false;
        call("UpdateTable", {{"GlobalSecondaryIndexUpdates", std::move(updates)}});
        return true;
    }

    bool index_removal() const {
        if (!changed(kIndexes)) return false;
        const json::array& wanted = list_property(wanted_, kIndexes);
        for (const json::value& index : list_property(table_, kIndexes)) {
            const std::string name = text_property(index.as_object(), "IndexName");
            if (find_index(wanted, name)) continue;
            const json::object action{{"Delete", {{"IndexName", name}}}};
            call("UpdateTable", {{"GlobalSecondaryIndexUpdates", json::array{action}}});
            return true;
        }
        return false;
    }

    bool index_creation() const {
        if (!changed(kIndexes)) return false;
        const json::array& current = list_property(table_, kIndexes);
        for (const json::value& index : list_property(wanted_, kIndexes)) {
            if (find_index(current, text_property(index.as_object(), "IndexName"))) continue;
            const json::object action{{"Create", index}};
            call("UpdateTable",
                 {{"AttributeDefinitions", list_property(wanted_, "AttributeDefinitions")},
                  {"GlobalSecondaryIndexUpdates", json::array{action}}});
            return true;
        }
        return false;
    }

    // Another view type is another stream.
    bool stream() const {
        if (!changed("StreamSpecification")) return false;
        const std::string wanted =
            text_property(object_property(wanted_, "StreamSpecification"), "StreamViewType");
        const std::string current =
            text_property(object_property(table_, "StreamSpecification"), "StreamViewType");
        if (wanted == current) return false;
        json::object specification{{"StreamEnabled", current.empty()}};
        if (current.empty()) specification["StreamViewType"] = wanted;
        call("UpdateTable", {{"StreamSpecification", std::move(specification)}});
        return true;
    }

    bool table_class() const {
        if (!changed("TableClass")) return false;
        const std::string wanted = text_property(wanted_, "TableClass", "STANDARD");
        if (wanted ==
            text_property(object_property(table_, "TableClassSummary"), "TableClass", "STANDARD")) {
            return false;
        }
        call("UpdateTable", {{"TableClass", wanted}});
        return true;
    }

    bool encryption() const {
        if (!changed("SSESpecification")) return false;
        const json::object& wanted = object_property(wanted_, "SSESpecification");
        const json::object& current = object_property(table_, "SSEDescription");
        const bool enable = flag_member(wanted, "Enabled");
        const std::string key = text_property(wanted, "KMSMasterKeyId");
        const bool has_key = key.empty() || text_property(current, "KMSMasterKeyArn") ==
                                                kms_key_arn(ctx_.caller, key);
        if (enable == !current.empty() && (!enable || has_key)) return false;
        call("UpdateTable",
             {{"SSESpecification", enable ? wanted : json::object{{"Enabled", false}}}});
        return true;
    }

    bool limits() const {
        for (const char* const member : {"OnDemandThroughput", "WarmThroughput"}) {
            if (!changed(member)) continue;
            const json::object& wanted = object_property(wanted_, member);
            const json::object& current = object_property(table_, member);
            const bool differs = std::any_of(wanted.begin(), wanted.end(), [&](const auto& unit) {
                return !is_same(wanted, current, unit.key());
            });
            if (!differs) continue;
            call("UpdateTable", {{member, wanted}});
            return true;
        }
        return false;
    }

    json::object ask(std::string_view operation, std::string_view member) const {
        return ctx_.call("dynamodb", operation, {{"TableName", resource_.physical_id}})
            .result.at(member)
            .as_object();
    }

    // On the attribute that the template names; off if it names none.
    bool time_to_live() const {
        const json::object& wanted =
            object_property(resource_.properties, "TimeToLiveSpecification");
        if (wanted.empty() && !changed("TimeToLiveSpecification")) return false;
        const json::object current = ask("DescribeTimeToLive", "TimeToLiveDescription");
        const std::string attribute = text_property(wanted, "AttributeName");
        const bool enable = !wanted.empty() && text_property(wanted, "Enabled", "true") == "true";
        const std::string old_attribute = text_property(current, "AttributeName");
        if (enable ? old_attribute == attribute : old_attribute.empty()) return false;
        const bool first_disable = !old_attribute.empty();
        call("UpdateTimeToLive",
             {{"TimeToLiveSpecification",
               {{"Enabled", !first_disable},
                {"AttributeName", first_disable ? old_attribute : attribute}}}});
        return true;
    }

    bool recovery() const {
        const char* const property = "PointInTimeRecoverySpecification";
        const json::object& wanted = object_property(resource_.properties, property);
        if (wanted.empty() && !changed(property)) return false;
        const json::object current =
            ask("DescribeContinuousBackups", "ContinuousBackupsDescription")
                .at("PointInTimeRecoveryDescription")
                .as_object();
        const bool enable = text_property(wanted, "PointInTimeRecoveryEnabled") == "true";
        const bool is_enabled = text_property(current, "PointInTimeRecoveryStatus") == "ENABLED";
        const std::string days = text_property(wanted, "RecoveryPeriodInDays", "35");
        if (enable == is_enabled &&
            (!enable || text_property(current, "RecoveryPeriodInDays") == days)) {
            return false;
        }
        json::object specification{{"PointInTimeRecoveryEnabled", enable}};
        if (enable) specification["RecoveryPeriodInDays"] = days;
        call("UpdateContinuousBackups", {{property, std::move(specification)}});
        return true;
    }

    json::array current_tags() const {
        json::array tags;
        json::object request{{"ResourceArn", arn()}};
        while (true) {
            const json::object page = ctx_.call("dynamodb", "ListTagsOfResource", request).result;
            for (const json::value& tag : list_property(page, "Tags")) tags.push_back(tag);
            const auto next = find_text(page, "NextToken");
            if (!next) return tags;
            request["NextToken"] = *next;
        }
    }

    bool tags() const {
        if (!changed("Tags")) return false;
        const json::array& wanted = list_property(wanted_, "Tags");
        const json::array current = current_tags();
        json::array added;
        json::array removed;
        for (const json::value& tag : wanted) {
            if (std::find(current.begin(), current.end(), tag) == current.end()) {
                added.push_back(tag);
            }
        }
        for (const json::value& tag : current) {
            const bool stays = std::any_of(wanted.begin(), wanted.end(), [&](const auto& each) {
                return each.at("Key") == tag.at("Key");
            });
            if (!stays) removed.push_back(tag.at("Key"));
        }
        if (!added.empty()) return change_tags("TagResource", "Tags", added);
        if (!removed.empty()) return change_tags("UntagResource", "TagKeys", removed);
        return false;
    }

    // A step, also if it has to wait for the one before it (ack-api-quirks DDB-TABLE-440).
    bool change_tags(std::string_view operation, const char* member, json::array& tags) const {
        const auto answer = ctx_.try_call("dynamodb", operation,
                                          {{"ResourceArn", arn()}, {member, std::move(tags)}});
        const auto* error = std::get_if<ApiError>(&answer);
        if (error && error->code != "LimitExceededException") throw *error;
        return true;
    }

    // Putting the same policy again changes nothing, so it is done once: with the last step, or
    // when the change before it is far enough away.
    bool policy() const {
        if (!changed("ResourcePolicy")) return false;
        const auto wanted = find_text(wanted_, "ResourcePolicy");
        json::object request{{"ResourceArn", arn()}};
        if (wanted) request["Policy"] = *wanted;
        const auto answer = ctx_.try_call(
            "dynamodb", wanted ? "PutResourcePolicy" : "DeleteResourcePolicy", request);
        const auto* error = std::get_if<ApiError>(&answer);
        if (!error) return false;
        if (error->code == "ResourceInUseException" || error->code == "ThrottlingException") {
            return true;
        }
        throw *error;
    }

    Context& ctx_;
    const ResourceRequest& resource_;
    const json::object& table_;
    const json::object wanted_;
};

}  // namespace

bool take_next_step(Context& ctx, const ResourceRequest& resource, const json::object& table) {
    return Steps(ctx, resource, table).take_next();
}

}  // namespace sbemu::cloudformation
