// What a template says of a table, as CreateTable takes it, and what an update of it may not say.
#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/model.h"
#include "fakes/cloudformation/provider_dynamodb_table.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr const char* kIndexes = "GlobalSecondaryIndexes";

// AWS replaces the table then.
void refuse_changed_types(const ResourceRequest& resource) {
    const json::array& had = list_property(resource.old_properties, "AttributeDefinitions");
    for (const json::value& wanted : list_property(resource.properties, "AttributeDefinitions")) {
        const std::string name = text_property(wanted.as_object(), "AttributeName");
        for (const json::value& before : had) {
            if (text_property(before.as_object(), "AttributeName") != name ||
                is_same(wanted.as_object(), before.as_object(), "AttributeType")) {
                continue;
            }
            throw not_implemented("AWS::DynamoDB::Table whose attribute " + name +
                                  " changes its type, which replaces the table,");
        }
    }
}

}  // namespace

const json::object* find_index(const json::array& indexes, std::string_view name) {
    for (const json::value& index : indexes) {
        if (text_property(index.as_object(), "IndexName") == name) return &index.as_object();
    }
    return nullptr;
}

json::object create_table_request(const ResourceRequest& resource) {
    json::object request = resource.properties;
    request.erase("TimeToLiveSpecification");
    request.erase("PointInTimeRecoverySpecification");
    request.erase("KinesisStreamSpecification");
    request.erase("ContributorInsightsSpecification");
    if (json::value* indexes = request.if_contains(kIndexes)) {
        for (json::value& index : indexes->as_array()) {
            index.as_object().erase("ContributorInsightsSpecification");
        }
    }
    // The template says only the view type; the API wants the switch too.
    if (json::value* stream = request.if_contains("StreamSpecification")) {
        stream->as_object()["StreamEnabled"] = true;
    }
    if (json::value* encryption = request.if_contains("SSESpecification")) {
        json::object& specification = encryption->as_object();
        if (const json::value* enabled = specification.if_contains("SSEEnabled")) {
            specification["Enabled"] = *enabled;
            specification.erase("SSEEnabled");
        }
    }
    if (const json::value* policy = request.if_contains("ResourcePolicy")) {
        const json::value& document = policy->at("PolicyDocument");
        request["ResourcePolicy"] = document.is_string()
                                        ? std::string(std::string_view(document.get_string()))
                                        : json::serialize(document);
    }
    return request;
}

// Texts: what CloudFormation's handler is known to answer (assumed).
void check_index_changes(const ResourceRequest& resource) {
    refuse_changed_types(resource);
    const json::array& wanted = list_property(resource.properties, kIndexes);
    const json::array& had = list_property(resource.old_properties, kIndexes);
    std::size_t made_or_deleted = 0;
    for (const json::value& index : wanted) {
        const json::object& now = index.as_object();
        const json::object* before = find_index(had, text_property(now, "IndexName"));
        if (!before) {
            ++made_or_deleted;
        } else if (!is_same(now, *before, "KeySchema") || !is_same(now, *before, "Projection")) {
            throw ApiError("ValidationException",
                           "Cannot update GSI's properties other than Provisioned Throughput and "
                           "Contributor Insights Specification. You can create a new GSI with a "
                           "different name.");
        }
    }
    for (const json::value& index : had) {
        if (!find_index(wanted, text_property(index.as_object(), "IndexName"))) ++made_or_deleted;
    }
    if (made_or_deleted <= 1) return;
    throw ApiError("ValidationException",
                   "Cannot perform more than one GSI creation or deletion in a single update");
}

}  // namespace sbemu::cloudformation
