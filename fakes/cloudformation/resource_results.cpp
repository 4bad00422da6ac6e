// How the work on one resource goes on and ends: waited for, finished or failed, each with its
// events.
#include <boost/json.hpp>
#include <map>

#include "emulator/core/timers.h"
#include "emulator/store/store.h"
#include "fakes/cloudformation/custom_resource.h"
#include "fakes/cloudformation/engine.h"
#include "fakes/cloudformation/errors.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr Duration kStabilizePause{100};

constexpr const char* kInitiated = "Resource creation Initiated";

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

// What Provider::stable is asked.
ResourceRequest Engine::stable_request_for(const Work& work, const StackResource& resource) const {
    ResourceRequest request = request_for(work, resource);
    request.properties = work.properties;
    request.is_deletion = work.action == "delete";
    // What a replacement left is not the stack's resource any more.
    if (request.is_deletion) request.physical_id = work.physical_id;
    request.noted = object_property(work.before, "Noted");
    if (work.action == "update")
        request.old_properties = object_property(work.before, "Properties");
    if (work.action == "restore")
        request.old_properties = object_property(work.before, "Attempted");
    return request;
}

void Engine::check_stable(Work work) {
    const StackResource resource = *find_resource(ctx_, stack_.id, work.logical_id);
    const ResourceRequest request = stable_request_for(work, resource);
    Progress progress = Progress::done(request.physical_id);
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
