// What CloudFormation keeps: stacks, their resources, the work under way, events, and the ledger
// of custom-resource requests. All SQL of this service is in rows.cpp.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu::cloudformation {

struct Stack {
    std::string id;  // the ARN
    std::string name;
    std::string status;
    Time created_at{};
    // Everything else: Template (text), Parameters {name: text}, Tags, Capabilities, Outputs,
    // StatusReason, LastUpdatedTime, DeletionTime, ClientRequestToken, ... ; Previous holds the
    // same members as they were before the update under way.
    boost::json::object document;

    bool in_progress() const { return status.ends_with("_IN_PROGRESS"); }
    std::string text(std::string_view member) const;  // "" if absent
};

// A resource that the stack has, or has had since the operation under way began.
struct StackResource {
    std::string stack_id;
    std::string logical_id;
    std::string type;
    std::string physical_id;
    std::string status;
    std::string status_reason;
    Time updated_at{};
    boost::json::object properties;   // as resolved when last applied
    boost::json::object attributes;   // for Fn::GetAtt
    boost::json::array dependencies;  // logical ids that must outlive it
    std::string deletion_policy;      // "Delete", "Retain", ...
    std::string update_replace_policy;
};

// One thing the running operation has to do. Which ones there are decides the next step.
struct Work {
    std::int64_t number = 0;
    std::string stack_id;
    std::string logical_id;
    std::string action;  // "create", "update", "restore" (an update undone), "delete"
    // "waiting", "running", "done", "failed", "cancelled"; "later": for the cleanup phase
    std::string state;
    boost::json::array after;  // logical ids whose work must be done first
    std::string physical_id;   // that the resource had when this began
    // What the resource was: {PhysicalId, Properties, Attributes, Dependencies}, for the rollback;
    // {Replaced: true, Policy} for the delete of what a replacement left behind. A restore adds
    // Attempted, what the update wanted; Started, Asked and Noted say how far the work is.
    boost::json::object before;
    boost::json::object properties;  // being applied
    std::string request_id;          // of the custom-resource request that it waits for
};

struct StackEvent {
    std::int64_t number = 0;
    std::string stack_id;
    std::string event_id;
    std::string logical_id;
    std::string physical_id;
    std::string type;
    Time at{};
    std::string status;
    std::string reason;
    std::string properties;  // JSON text; empty on stack events
    std::string token;
};

// A request sent to a custom resource's function: the ledger.
struct CustomRequest {
    std::string request_id;
    std::string stack_id;
    std::string logical_id;
    std::int64_t work = 0;
    std::string query;  // of the ResponseURL, to which the PUT must match
    Time expires_at{};
    std::string state;     // "open", "answered", "timed out", "abandoned"
    std::string response;  // the body as it came
    std::string verdict;   // "" or the reason why the response was refused
};

extern const std::string_view kSchema;

void insert_stack(Context& ctx, const Stack& stack);
void update_stack(Context& ctx, const Stack& stack);
// By name (a deleted stack has lost it) or by ARN.
std::optional<Stack> find_stack(Context& ctx, std::string_view name_or_id);
std::vector<Stack> list_stacks(Context& ctx);  // newest first, deleted ones too

void put_resource(Context& ctx, const StackResource& resource);
void delete_resource(Context& ctx, std::string_view stack_id, std::string_view logical_id);
std::optional<StackResource> find_resource(Context& ctx, std::string_view stack_id,
                                           std::string_view logical_id);
std::vector<StackResource> list_resources(Context& ctx, std::string_view stack_id);
std::optional<std::string> find_stack_of_resource(Context& ctx, std::string_view physical_id);

Work insert_work(Context& ctx, const Work& work);
void update_work(Context& ctx, const Work& work);
std::optional<Work> find_work(Context& ctx, std::int64_t number);
std::vector<Work> list_work(Context& ctx, std::string_view stack_id);
void clear_work(Context& ctx, std::string_view stack_id);

// Keeps events of one stack apart in time: clients tell them apart by it
// (facts/cloudformation.md, "Twenty things" 5).
void append_event(Context& ctx, StackEvent event);
std::vector<StackEvent> list_events(Context& ctx, std::string_view stack_id);  // newest first

void insert_request(Context& ctx, const CustomRequest& request);
void update_request(Context& ctx, const CustomRequest& request);
std::optional<CustomRequest> find_request(Context& ctx, std::string_view request_id);
// The request id sent last for a resource; nothing if none ever was.
std::optional<std::string> find_last_request(Context& ctx, std::string_view stack_id,
                                             std::string_view logical_id);

}  // namespace sbemu::cloudformation
