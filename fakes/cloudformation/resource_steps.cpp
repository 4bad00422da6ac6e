// The steps of one resource: begin, wait, finish or fail, each with its events.
#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/timers.h"
#include "emulator/store/store.h"
#include "fakes/cloudformation/custom_resource.h"
#include "fakes/cloudformation/engine.h"
#include "fakes/cloudformation/errors.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr Duration kStabilizePause{100};

constexpr const char* kReplacementReason =
    "Requested update requires the creation of a new physical resource; hence creating one.";
constexpr const char* kInitiated = "Resource creation Initiated";

bool differs(const json::object& one, const json::object& other, std::string_view member) {
    const json::value* a = one.if_contains(member);
    const json::value* b = other.if_contains(member);
    return (a != nullptr) != (b != nullptr) || (a && *a != *b);
}

// AWS's handlers take "it is gone already" for a finished delete.
bool means_gone(const ApiError& error) {
    return error.code == "ResourceNotFoundException" || error.code == "NoSuchEntity" ||
           error.code == "NoSuchBucket";
}

std::string handler_error_code(const ApiError& error) {
    const auto mentions = [&](std::string_view text) {
        return error.code.find(text) != std::string::npos;
    };
    if (mentions("AlreadyExists") || mentions("ResourceInUse") || mentions("ResourceConflict") ||
        mentions("AlreadyOwned")) {
        return "AlreadyExists";
    }
    if (mentions("NotFound") || mentions("NoSuch")) return "NotFound";
    if (mentions("AccessDenied")) return "AccessDenied";
    if (mentions("Throttl") || mentions("TooManyRequests")) return "Throttling";
    return error.status >= 500 ? "ServiceInternalError" : "InvalidRequest";
}

std::string service_title(const std::string& type) {
    static const std::map<std::string_view, std::string> kTitles{{"AWS::DynamoDB::", "DynamoDb"},
                                                                 {"AWS::IAM::", "Iam"},
                                                                 {"AWS::Kinesis::", "Kinesis"},
                                                                 {"AWS::Lambda::", "Lambda"},
                                                                 {"AWS::S3::", "S3"}};
    for (const auto& [prefix, title] : kTitles) {
        if (type.starts_with(prefix)) return title;
    }
    return "Lambda";
}

}  // namespace

std::string failure_reason(Context& ctx, const std::string& type, const ApiError& error) {
    if (error.code == "NotImplemented" || error.code == "ValidationError") return error.what();
    std::string message = std::string(error.what()) + " (Service: " + service_title(type) +
                          ", Status Code: " + std::to_string(error.status) +
                          ", Request ID: " + ctx.random.uuid() + ")";
    if (is_custom_type(type)) return message;
    return "Resource handler returned message: \"" + message +
           "\" (RequestToken: " + ctx.random.uuid() +
           ", HandlerErrorCode: " + handler_error_code(error) + ")";
}

void Engine::resource_event(const StackResource& resource, const std::string& status,
                            const std::string& reason) {
    StackResource row = resource;
    row.status = status;
    row.status_reason = reason;
    row.updated_at = ctx_.now;
    put_resource(ctx_, row);
    event_of(row, row.physical_id, status, reason);
}

void Engine::event_of(const StackResource& resource, const std::string& physical_id,
                      const std::string& status, const std::string& reason) {
    append_event(ctx_, {0,
                        stack_.id,
                        "",
                        resource.logical_id,
                        physical_id,
                        resource.type,
                        {},
                        status,
                        reason,
                        json::serialize(shown_properties(resource)),
                        stack_.text("ClientRequestToken")});
}

// Events show properties; what comes from a NoEcho parameter or attribute is masked.
json::object Engine::shown_properties(const StackResource& resource) const {
    const json::value* definition = template_.section("Resources").if_contains(resource.logical_id);
    if (!definition || !definition->as_object().contains("Properties")) return resource.properties;
    Values masked = values_;
    bool hides = false;
    for (const auto& [name, parameter] : template_.section("Parameters")) {
        const json::value* no_echo = parameter.as_object().if_contains("NoEcho");
        if (no_echo && scalar_text(*no_echo) == "true" && masked.parameters.contains(name)) {
            masked.parameters[name] = "****";
            hides = true;
        }
    }
    masked.resource = [&](std::string_view id, std::string_view attribute) {
        auto value = values_.resource(id, attribute);
        if (value && !attribute.empty() && values_.resource(id, kNoEchoAttribute)) {
            hides = true;
            value = json::value("*****");
        }
        return value;
    };
    try {
        json::object shown =
            Evaluator(template_, masked)
                .evaluate_object(definition->as_object().at("Properties").as_object());
        return hides ? shown : resource.properties;
    } catch (const UnresolvedReference&) {
        return resource.properties;
    } catch (const ApiError&) {
        return resource.properties;
    }
}

std::optional<ApiError> Engine::refuse_properties(const Provider& provider,
                                                  const StackResource& resource) const {
    for (const Property& property : provider.properties) {
        if (property.required && !resource.properties.contains(property.name)) {
            return validation_error("Property validation failure: [The property {/" +
                                    std::string(property.name) + "} is required]");
        }
    }
    const auto faults = property_faults(provider.properties, resource.properties);
    if (!faults.empty()) {
        std::string text =
            "Properties validation failed for resource " + resource.logical_id + " with message:";
        for (const std::string& fault : faults) text += "\n" + fault;
        return validation_error(text);
    }
    if (is_custom_type(resource.type)) return std::nullopt;  // takes any
    const std::string unknown = unknown_property(provider.properties, resource.properties);
    if (unknown.empty()) return std::nullopt;
    return not_implemented("the property " + unknown + " of " + resource.type);
}

ResourceRequest Engine::request_for(const Work& work, const StackResource& resource) const {
    return {
        stack_.id,           stack_.name, resource.logical_id, resource.type, resource.physical_id,
        resource.properties, {},          work.number,         false,         {}};
}

void Engine::start_work(Work& work) {
    work.state = "running";
    if (work.action == "create") start_create(work);
    if (work.action == "update") start_update(work);
    if (work.action == "restore") start_restore(work);
    if (work.action == "delete") start_delete(work);
}

// The properties of the template with their values; or the reason why there are none.
std::variant<json::object, std::string> Engine::resolve_properties(const std::string& logical_id) {
    const json::object& definition = template_.resource(logical_id);
    const json::value* properties = definition.if_contains("Properties");
    if (!properties) return json::object{};
    try {
        return Evaluator(template_, values_).evaluate_object(properties->as_object());
    } catch (const ApiError& error) {
        return std::string(error.what());
    } catch (const UnresolvedReference& missing) {
        // facts/cloudformation.md 1.6.
        const std::string request =
            find_last_request(ctx_, stack_.id, missing.logical_id).value_or("");
        return "CustomResource attribute error: Vendor response doesn't contain " +
               missing.attribute + " attribute in object " + stack_.id + "|" + missing.logical_id +
               "|" + request;
    }
}

StackResource Engine::described_resource(const Work& work) const {
    const json::object& definition = template_.resource(work.logical_id);
    StackResource resource;
    resource.stack_id = stack_.id;
    resource.logical_id = work.logical_id;
    resource.type = scalar_text(definition.at("Type"));
    resource.dependencies = work.after;
    resource.deletion_policy = text_property(definition, "DeletionPolicy", "Delete");
    resource.update_replace_policy = text_property(definition, "UpdateReplacePolicy", "Delete");
    return resource;
}

void Engine::start_create(Work& work) {
    StackResource resource = described_resource(work);
    const auto resolved = resolve_properties(work.logical_id);
    if (const auto* properties = std::get_if<json::object>(&resolved)) {
        resource.properties = *properties;
    }
    resource_event(resource, "CREATE_IN_PROGRESS");
    if (const auto* problem = std::get_if<std::string>(&resolved)) return fail_work(work, *problem);
    work.properties = resource.properties;
    update_work(ctx_, work);
    const Provider& provider = *find_provider(resource.type);
    if (const auto refused = refuse_properties(provider, resource)) {
        return fail_work(work, refused->what());
    }
    act(work, provider.create, request_for(work, resource));
}

void Engine::start_update(Work& work) {
    StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    const StackResource wanted = described_resource(work);
    const auto resolved = resolve_properties(work.logical_id);
    work.physical_id = resource.physical_id;
    work.before = {{"PhysicalId", resource.physical_id},
                   {"Properties", resource.properties},
                   {"Attributes", resource.attributes},
                   {"Dependencies", resource.dependencies}};
    if (const auto* problem = std::get_if<std::string>(&resolved)) {
        resource_event(resource, "UPDATE_IN_PROGRESS");
        return fail_work(work, *problem);
    }
    work.properties = std::get<json::object>(resolved);
    resource.dependencies = wanted.dependencies;
    resource.deletion_policy = wanted.deletion_policy;
    resource.update_replace_policy = wanted.update_replace_policy;
    if (work.properties == resource.properties) {  // nothing to do, and no event
        put_resource(ctx_, resource);
        work.before.clear();
        work.state = "done";
        return update_work(ctx_, work);
    }
    update_work(ctx_, work);
    const Provider& provider = *find_provider(resource.type);
    StackResource changed = resource;
    changed.properties = work.properties;
    const bool replaces = std::any_of(
        provider.properties.begin(), provider.properties.end(), [&](const Property& property) {
            return property.replaces &&
                   differs(work.properties, resource.properties, property.name);
        });
    event_of(changed, resource.physical_id, "UPDATE_IN_PROGRESS",
             replaces ? kReplacementReason : "");
    resource.status = "UPDATE_IN_PROGRESS";
    put_resource(ctx_, resource);
    if (const auto refused = refuse_properties(provider, changed)) {
        return fail_work(work, refused->what());
    }
    ResourceRequest request = request_for(work, changed);
    if (!replaces) {
        request.old_properties = resource.properties;
        return act(work, provider.update, request);
    }
    if (!provider.name_property.empty() && work.properties.contains(provider.name_property) &&
        !differs(work.properties, resource.properties, provider.name_property)) {
        return fail_work(work,
                         "CloudFormation cannot update a stack when a custom-named resource "
                         "requires replacing. Rename " +
                             text_property(work.properties, provider.name_property) +
                             " and update the stack again.");
    }
    request.physical_id.clear();
    act(work, provider.create, request);
}

void Engine::start_restore(Work& work) {
    StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    const json::object old_properties = work.before.at("Properties").as_object();
    const std::string old_id = scalar_text(work.before.at("PhysicalId"));
    const json::object attempted = work.properties;
    work.physical_id = resource.physical_id;
    work.properties = old_properties;
    const bool custom = is_custom_type(resource.type);
    const bool replaced = !custom && resource.physical_id != old_id;
    if (replaced) leave_behind(resource.physical_id, attempted, resource);
    if (replaced || work.before.at("Unchanged").as_bool()) {
        // The old one was never touched: it only has to be the stack's again.
        resource.physical_id = old_id;
        resource.properties = old_properties;
        resource.attributes = work.before.at("Attributes").as_object();
        work.state = "done";
        update_work(ctx_, work);
        return resource_event(resource, "UPDATE_COMPLETE");
    }
    update_work(ctx_, work);
    StackResource back = resource;
    back.properties = old_properties;
    event_of(back, resource.physical_id, "UPDATE_IN_PROGRESS", "");
    ResourceRequest request = request_for(work, back);
    request.old_properties = attempted;
    act(work, find_provider(resource.type)->update, request);
}

// Plans the delete of a physical resource that a replacement left, for the cleanup phase.
void Engine::leave_behind(const std::string& physical_id, const json::object& properties,
                          const StackResource& resource) {
    Work work;
    work.stack_id = stack_.id;
    work.logical_id = resource.logical_id;
    work.action = "delete";
    work.state = "later";
    work.physical_id = physical_id;
    work.properties = properties;
    work.before = {{"Replaced", true}, {"Policy", resource.update_replace_policy}};
    insert_work(ctx_, work);
}

void Engine::start_delete(Work& work) {
    StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    const bool replaced = work.before.contains("Replaced");
    resource.physical_id = work.physical_id;
    resource.properties = work.properties;
    std::string policy =
        replaced ? scalar_text(work.before.at("Policy")) : resource.deletion_policy;
    const bool undoes_create = stack_.status == "ROLLBACK_IN_PROGRESS" ||
                               stack_.status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS";
    if (policy == "RetainExceptOnCreate") policy = undoes_create ? "Delete" : "Retain";
    if (const json::value* retain = stack_.document.if_contains("Retain")) {
        for (const json::value& name : retain->as_array()) {
            if (scalar_text(name) == resource.logical_id) policy = "Retain";
        }
    }
    if (policy == "Retain") return finish_delete(work, true);
    if (resource.physical_id.empty() && is_custom_type(resource.type) &&
        find_last_request(ctx_, stack_.id, resource.logical_id)) {
        // Its function may have made something: it hears of the delete under an id of ours
        // (facts/cloudformation.md 1.9).
        resource.physical_id = generated_name(ctx_, request_for(work, resource), 255);
        work.physical_id = resource.physical_id;
    }
    if (resource.physical_id.empty()) return finish_delete(work, false);
    update_work(ctx_, work);
    event_of(resource, resource.physical_id, "DELETE_IN_PROGRESS", "");
    if (!replaced) {
        resource.status = "DELETE_IN_PROGRESS";
        put_resource(ctx_, resource);
    }
    act(work, find_provider(resource.type)->remove, request_for(work, resource));
}

void Engine::act(Work& work, Progress (*action)(Context&, const ResourceRequest&),
                 const ResourceRequest& request) {
    // The one place besides the kernel where an ApiError ends: the resource fails, the stack
    // goes on.
    Progress progress;
    std::optional<ApiError> problem;
    {
        Savepoint savepoint(ctx_.store);
        const Outbox before = ctx_.outbox;
        try {
            progress = action(ctx_, request);
            savepoint.commit();
        } catch (const ApiError& error) {
            ctx_.outbox.restore(before);
            problem = error;
        }
    }
    if (problem) {
        const bool gone = work.action == "delete" && means_gone(*problem);
        if (!gone) return fail_work(work, failure_reason(ctx_, request.type, *problem));
        progress = Progress::done(request.physical_id);
    }
    if (progress.state == State::done) return finish_work(work, progress);
    work.state = "running";
    work.request_id = progress.request_id;
    if (!work.before.empty()) work.before["Started"] = true;
    if (!progress.noted.empty()) work.before["Noted"] = progress.noted;
    update_work(ctx_, work);
    if (progress.state == State::waiting) return;
    if (request.physical_id.empty()) {  // a creation, perhaps as part of a replacement
        StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
        resource.physical_id = progress.physical_id;
        resource_event(resource,
                       work.action == "create" ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS",
                       kInitiated);
    }
    set_timer(ctx_, "cloudformation", "stabilize", std::to_string(work.number), ctx_.now);
}

void Engine::check_stable(Work work) {
    const StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    ResourceRequest request = request_for(work, resource);
    request.properties = work.properties;
    request.is_deletion = work.action == "delete";
    request.noted = object_property(work.before, "Noted");
    if (work.action != "create" && work.before.contains("Properties")) {
        request.old_properties = work.before.at("Properties").as_object();
    }
    Progress progress = Progress::done(resource.physical_id);
    std::optional<ApiError> problem;
    bool stable = false;
    {
        Savepoint savepoint(ctx_.store);
        const Outbox before = ctx_.outbox;
        try {
            stable = find_provider(resource.type)->stable(ctx_, request, progress.attributes);
            savepoint.commit();
        } catch (const ApiError& error) {
            ctx_.outbox.restore(before);
            problem = error;
        }
    }
    if (problem) {
        fail_work(work, failure_reason(ctx_, resource.type, *problem));
    } else if (stable) {
        finish_work(work, progress);
    } else {
        const std::string key = std::to_string(work.number);
        // Asked at once the first time after a change, then at intervals.
        const bool again = work.before.contains("Asked");
        work.before["Asked"] = true;
        update_work(ctx_, work);
        set_timer(ctx_, "cloudformation", "stabilize", key,
                  again ? ctx_.now + kStabilizePause : ctx_.now);
        return;
    }
    step();
}

void Engine::finish_work(Work work, const Progress& progress) {
    if (work.action == "create") return finish_create(work, progress);
    if (work.action == "delete") return finish_delete(work, false);
    finish_update(work, progress);
}

void Engine::finish_create(Work& work, const Progress& progress) {
    StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    if (resource.physical_id.empty()) {
        resource.physical_id = progress.physical_id;
        resource_event(resource, "CREATE_IN_PROGRESS", kInitiated);
    }
    save_done(work, resource, progress, "CREATE_COMPLETE", "");
}

void Engine::finish_update(Work& work, const Progress& progress) {
    StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    std::string reason;
    if (progress.physical_id != work.physical_id) {
        const json::object& left = work.action == "restore"
                                       ? resource.properties
                                       : work.before.at("Properties").as_object();
        leave_behind(work.physical_id, left, resource);
        if (is_custom_type(resource.type)) {
            reason = "Requested update required the provider to create a new physical resource";
        } else if (resource.physical_id != progress.physical_id) {
            resource.physical_id = progress.physical_id;
            resource_event(resource, "UPDATE_IN_PROGRESS", kInitiated);
        }
    }
    save_done(work, resource, progress, "UPDATE_COMPLETE", reason);
}

void Engine::save_done(Work& work, StackResource& resource, const Progress& progress,
                       const std::string& status, const std::string& reason) {
    resource.physical_id = progress.physical_id;
    resource.attributes = progress.attributes;
    resource.properties = work.properties;
    resource_event(resource, status, reason);
    work.state = "done";
    update_work(ctx_, work);
}

void Engine::finish_delete(Work& work, bool skipped) {
    StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    const std::string status = skipped ? "DELETE_SKIPPED" : "DELETE_COMPLETE";
    StackResource gone = resource;
    gone.physical_id = work.physical_id;
    gone.properties = work.properties;
    work.state = "done";
    update_work(ctx_, work);
    if (work.before.contains("Replaced")) return event_of(gone, work.physical_id, status, "");
    resource_event(gone, status);
    // A stack that goes keeps the list of what it had; one that stays has it no more.
    const bool stack_goes =
        stack_.status == "DELETE_IN_PROGRESS" || stack_.status == "ROLLBACK_IN_PROGRESS";
    if (!stack_goes || work.physical_id.empty()) {
        delete_resource(ctx_, stack_.id, work.logical_id);
    }
}

void Engine::fail_work(Work work, const std::string& reason, const std::string& physical_id) {
    StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    work.state = "failed";
    update_work(ctx_, work);
    const std::string status = work.action == "create"   ? "CREATE_FAILED"
                               : work.action == "delete" ? "DELETE_FAILED"
                                                         : "UPDATE_FAILED";
    if (work.before.contains("Replaced")) {  // the stack's own resource is a newer one
        return event_of(resource, work.physical_id, status, reason);
    }
    if (!physical_id.empty() && work.action != "delete") resource.physical_id = physical_id;
    resource_event(resource, status, reason);
}

}  // namespace sbemu::cloudformation
