// What CloudFormation tells of stacks, their resources and events. Shapes: facts/cloudformation.md
// 2.5, 2.6 and 2.12.
#include <algorithm>
#include <boost/json.hpp>

#include "fakes/cloudformation/engine.h"
#include "fakes/cloudformation/errors.h"
#include "fakes/cloudformation/operations.h"
#include "fakes/cloudformation/parameters.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr std::size_t kPageSize = 100;

// One page of a list; NextToken is the place where the next page starts.
json::object page_of(const json::object& request, std::string_view member, json::array all) {
    const std::string token = text_property(request, "NextToken", "0");
    const bool valid =
        token.size() < 10 && token.find_first_not_of("0123456789") == std::string::npos;
    if (!valid) throw validation_error("Invalid NextToken");  // assumed
    const std::size_t start = std::min(all.size(), static_cast<std::size_t>(std::stoul(token)));
    const std::size_t end = std::min(all.size(), start + kPageSize);
    json::array page;
    for (std::size_t i = start; i < end; ++i) page.push_back(std::move(all[i]));
    json::object result{{member, std::move(page)}};
    if (end < all.size()) result["NextToken"] = std::to_string(end);
    return result;
}

json::object drift() { return {{"StackDriftStatus", "NOT_CHECKED"}}; }

json::object description_of(const Stack& stack) {
    const json::object& document = stack.document;
    json::object result{{"StackId", stack.id},
                        {"StackName", stack.name},
                        {"CreationTime", to_milliseconds(stack.created_at)},
                        {"StackStatus", stack.status},
                        {"DisableRollback", document.at("DisableRollback")},
                        {"NotificationARNs", document.at("NotificationARNs")},
                        {"Tags", document.at("Tags")},
                        {"RollbackConfiguration", json::object{}},
                        {"DriftInformation", drift()}};
    if (stack.status != "DELETE_COMPLETE") result["EnableTerminationProtection"] = false;
    const Template parsed = template_of(stack);
    const json::object& parameters = document.at("Parameters").as_object();
    if (!parameters.empty()) result["Parameters"] = describe_parameters(parsed, parameters);
    if (!document.at("Capabilities").as_array().empty()) {
        result["Capabilities"] = document.at("Capabilities");
    }
    for (const auto& [member, name] : {std::pair{"Description", "Description"},
                                       {"LastUpdatedTime", "LastUpdatedTime"},
                                       {"DeletionTime", "DeletionTime"},
                                       {"StatusReason", "StackStatusReason"},
                                       {"TimeoutInMinutes", "TimeoutInMinutes"},
                                       {"RoleARN", "RoleARN"}}) {
        if (const json::value* value = document.if_contains(member)) result[name] = *value;
    }
    const json::value* outputs = document.if_contains("Outputs");
    if (outputs && !outputs->as_array().empty()) result["Outputs"] = *outputs;
    return result;
}

json::object resource_common(const StackResource& resource) {
    json::object result{{"LogicalResourceId", resource.logical_id},
                        {"ResourceType", resource.type},
                        {"ResourceStatus", resource.status},
                        {"DriftInformation", {{"StackResourceDriftStatus", "NOT_CHECKED"}}}};
    if (!resource.physical_id.empty()) result["PhysicalResourceId"] = resource.physical_id;
    if (!resource.status_reason.empty()) result["ResourceStatusReason"] = resource.status_reason;
    return result;
}

Stack known_stack(Context& ctx, const json::object& request, const ApiError& unknown) {
    auto stack = find_stack(ctx, text_property(request, "StackName"));
    if (!stack) throw unknown;
    return std::move(*stack);
}

}  // namespace

json::object describe_stacks(Context& ctx, const json::object& request) {
    const std::string name = text_property(request, "StackName");
    json::array list;
    if (!name.empty()) {
        const auto stack = find_stack(ctx, name);
        if (!stack) throw stack_not_found(name);
        list.push_back(description_of(*stack));
        return {{"Stacks", std::move(list)}};
    }
    for (const Stack& stack : list_stacks(ctx)) {
        if (stack.status != "DELETE_COMPLETE") list.push_back(description_of(stack));
    }
    return page_of(request, "Stacks", std::move(list));
}

json::object list_stacks_operation(Context& ctx, const json::object& request) {
    const json::value* filter = request.if_contains("StackStatusFilter");
    json::array list;
    for (const Stack& stack : list_stacks(ctx)) {
        if (filter && !filter->as_array().empty()) {
            const json::array& wanted = filter->as_array();
            if (std::find(wanted.begin(), wanted.end(), json::value(stack.status)) == wanted.end())
                continue;
        }
        json::object summary{{"StackId", stack.id},
                             {"StackName", stack.name},
                             {"CreationTime", to_milliseconds(stack.created_at)},
                             {"StackStatus", stack.status},
                             {"DriftInformation", drift()}};
        for (const auto& [member, title] : {std::pair{"Description", "TemplateDescription"},
                                            {"LastUpdatedTime", "LastUpdatedTime"},
                                            {"DeletionTime", "DeletionTime"},
                                            {"StatusReason", "StackStatusReason"}}) {
            if (const json::value* value = stack.document.if_contains(member))
                summary[title] = *value;
        }
        list.push_back(std::move(summary));
    }
    return page_of(request, "StackSummaries", std::move(list));
}

json::object describe_stack_events(Context& ctx, const json::object& request) {
    const std::string name = text_property(request, "StackName");
    const Stack stack =
        known_stack(ctx, request, validation_error("Stack [" + name + "] does not exist"));
    json::array list;
    for (const StackEvent& event : list_events(ctx, stack.id)) {
        json::object item{{"StackId", stack.id},
                          {"EventId", event.event_id},
                          {"StackName", stack.name},
                          {"LogicalResourceId", event.logical_id},
                          {"PhysicalResourceId", event.physical_id},
                          {"ResourceType", event.type},
                          {"Timestamp", to_milliseconds(event.at)},
                          {"ResourceStatus", event.status}};
        if (!event.reason.empty()) item["ResourceStatusReason"] = event.reason;
        if (!event.properties.empty()) item["ResourceProperties"] = event.properties;
        if (!event.token.empty()) item["ClientRequestToken"] = event.token;
        list.push_back(std::move(item));
    }
    return page_of(request, "StackEvents", std::move(list));
}

json::object describe_stack_resource(Context& ctx, const json::object& request) {
    const std::string name = text_property(request, "StackName");
    const std::string logical_id = text_property(request, "LogicalResourceId");
    const Stack stack =
        known_stack(ctx, request, validation_error("Stack '" + name + "' does not exist"));
    const auto resource = find_resource(ctx, stack.id, logical_id);
    if (!resource) {
        throw validation_error("Resource " + logical_id + " does not exist for stack " + name);
    }
    json::object detail = resource_common(*resource);
    detail["StackId"] = stack.id;
    detail["StackName"] = stack.name;
    detail["LastUpdatedTimestamp"] = to_milliseconds(resource->updated_at);
    const Template parsed = template_of(stack);
    json::value metadata = json::object{};
    if (const json::value* definition = parsed.section("Resources").if_contains(logical_id)) {
        if (const json::value* given = definition->as_object().if_contains("Metadata"))
            metadata = *given;
    }
    detail["Metadata"] = json::serialize(metadata);
    return {{"StackResourceDetail", std::move(detail)}};
}

json::object describe_stack_resources(Context& ctx, const json::object& request) {
    std::string name = text_property(request, "StackName");
    const std::string physical_id = text_property(request, "PhysicalResourceId");
    if (name.empty() && !physical_id.empty()) {
        const auto owner = find_stack_of_resource(ctx, physical_id);
        if (!owner) throw validation_error("Stack for " + physical_id + " does not exist");
        name = *owner;
    }
    const auto stack = find_stack(ctx, name);
    if (!stack) throw stack_not_found(name);
    const std::string wanted = text_property(request, "LogicalResourceId");
    json::array list;
    for (const StackResource& resource : list_resources(ctx, stack->id)) {
        if (!wanted.empty() && resource.logical_id != wanted) continue;
        if (list.size() == kPageSize) break;  // AWS answers the first 100 and has no pages here
        json::object item = resource_common(resource);
        item["StackId"] = stack->id;
        item["StackName"] = stack->name;
        item["Timestamp"] = to_milliseconds(resource.updated_at);
        list.push_back(std::move(item));
    }
    return {{"StackResources", std::move(list)}};
}

json::object list_stack_resources(Context& ctx, const json::object& request) {
    const std::string name = text_property(request, "StackName");
    const Stack stack = known_stack(ctx, request, stack_not_found(name));
    json::array list;
    for (const StackResource& resource : list_resources(ctx, stack.id)) {
        json::object item = resource_common(resource);
        item["LastUpdatedTimestamp"] = to_milliseconds(resource.updated_at);
        list.push_back(std::move(item));
    }
    return page_of(request, "StackResourceSummaries", std::move(list));
}

json::object get_template(Context& ctx, const json::object& request) {
    if (request.contains("ChangeSetName")) throw not_implemented("change sets");
    const std::string name = text_property(request, "StackName");
    if (name.empty()) {
        throw validation_error("StackName is required if ChangeSetName is not specified.");
    }
    const Stack stack = known_stack(ctx, request, stack_not_found(name));
    return {{"TemplateBody", stack.text("Template")},
            {"StagesAvailable", json::array{"Original", "Processed"}}};
}

}  // namespace sbemu::cloudformation
