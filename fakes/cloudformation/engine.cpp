#include "fakes/cloudformation/engine.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/timers.h"
#include "fakes/cloudformation/errors.h"
#include "fakes/cloudformation/parameters.h"
#include "fakes/cloudformation/validation.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr std::string_view kService = "cloudformation";

bool lists(const json::array& list, std::string_view text) {
    return std::any_of(list.begin(), list.end(),
                       [&](const json::value& item) { return item.as_string() == text; });
}

bool is_gone(const StackResource& resource) {
    return resource.status == "DELETE_COMPLETE" || resource.status == "DELETE_SKIPPED";
}

// Members of the document that describe what is deployed; an update's rollback brings them back.
constexpr std::string_view kVersioned[] = {"Template", "TemplateDocument", "Parameters",
                                           "Tags",     "Capabilities",     "Description",
                                           "Outputs",  "NotificationARNs", "RoleARN"};

}  // namespace

Template template_of(const Stack& stack) {
    return {stack.document.at("TemplateDocument").as_object()};
}

Values stack_values(Context& ctx, const Stack& stack, const Template& parsed) {
    Values values;
    values.parameters = typed_parameters(parsed, stack.document.at("Parameters").as_object());
    values.account = ctx.caller.account;
    values.region = ctx.caller.region;
    values.stack_id = stack.id;
    values.stack_name = stack.name;
    if (const json::value* arns = stack.document.if_contains("NotificationARNs")) {
        values.notification_arns = arns->as_array();
    }
    values.resource = [&ctx, id = stack.id](
                          std::string_view logical_id,
                          std::string_view attribute) -> std::optional<json::value> {
        const auto resource = find_resource(ctx, id, logical_id);
        if (!resource || is_gone(*resource) || resource->physical_id.empty()) return std::nullopt;
        if (attribute.empty()) return json::value(resource->physical_id);
        const json::value* value = resource->attributes.if_contains(attribute);
        if (!value) return std::nullopt;
        return *value;
    };
    return values;
}

json::array dependencies_of(Evaluator& evaluator, const json::object& definition) {
    std::set<std::string> names;
    if (const json::value* properties = definition.if_contains("Properties")) {
        names = evaluator.references(*properties);
    }
    if (const json::value* depends = definition.if_contains("DependsOn")) {
        if (depends->is_string()) names.insert(std::string(depends->as_string()));
        if (depends->is_array()) {
            for (const json::value& name : depends->as_array()) names.insert(scalar_text(name));
        }
    }
    json::array list;
    for (const std::string& name : names) list.emplace_back(name);
    return list;
}

Engine::Engine(Context& ctx, Stack stack)
    : ctx_(ctx),
      stack_(std::move(stack)),
      template_(template_of(stack_)),
      values_(stack_values(ctx, stack_, template_)) {}

void Engine::set_status(const std::string& status, const std::string& reason) {
    stack_.status = status;
    if (reason.empty() || reason == "User Initiated") {
        stack_.document.erase("StatusReason");
    } else {
        stack_.document["StatusReason"] = reason;
    }
    const bool deleting = status == "DELETE_IN_PROGRESS" || status == "ROLLBACK_IN_PROGRESS";
    if (deleting) stack_.document["DeletionTime"] = to_milliseconds(ctx_.now);
    cloudformation::update_stack(ctx_, stack_);
    append_event(ctx_, {0,
                        stack_.id,
                        "",
                        stack_.name,
                        stack_.id,
                        "AWS::CloudFormation::Stack",
                        {},
                        status,
                        reason,
                        "",
                        stack_.text("ClientRequestToken")});
}

void Engine::schedule_step() { set_timer(ctx_, kService, "step", stack_.id, ctx_.now); }

void Engine::begin_create() {
    set_status("CREATE_IN_PROGRESS", "User Initiated");
    const std::string wrong = wrong_output_attribute(template_);
    if (!wrong.empty()) return fail_forward({}, wrong + ". ");
    plan_forward();
    if (const json::value* minutes = stack_.document.if_contains("TimeoutInMinutes")) {
        set_timer(ctx_, kService, "stack-timeout", stack_.id,
                  ctx_.now + std::chrono::minutes(minutes->to_number<std::int64_t>()));
    }
    schedule_step();
}

void Engine::begin_update() {
    stack_.document["LastUpdatedTime"] = to_milliseconds(ctx_.now);
    set_status("UPDATE_IN_PROGRESS", "User Initiated");
    const std::string wrong = wrong_output_attribute(template_);
    if (!wrong.empty()) return fail_forward({}, wrong + ". ");
    plan_forward();
    schedule_step();
}

void Engine::begin_delete(const json::array& retain) {
    // Whatever was under way is given up.
    cancel_timer(ctx_, kService, "stack-timeout", stack_.id);
    for (const Work& work : list_work(ctx_, stack_.id)) abandon_request(work);
    clear_work(ctx_, stack_.id);
    stack_.document["Retain"] = retain;
    set_status("DELETE_IN_PROGRESS", "User Initiated");
    plan_deletes(list_resources(ctx_, stack_.id));
    schedule_step();
}

// Creates and updates, in the order of the references.
void Engine::plan_forward() {
    Evaluator evaluator(template_, values_);
    for (const auto& [name, value] : template_.section("Resources")) {
        const json::object& definition = value.as_object();
        if (!evaluator.exists(definition)) continue;
        const auto existing = find_resource(ctx_, stack_.id, name);
        Work work;
        work.stack_id = stack_.id;
        work.logical_id = std::string(name);
        work.action = existing && !is_gone(*existing) ? "update" : "create";
        work.state = "waiting";
        work.after = dependencies_of(evaluator, definition);
        insert_work(ctx_, work);
    }
}

void Engine::plan_deletes(const std::vector<StackResource>& resources) {
    for (const StackResource& resource : resources) {
        if (is_gone(resource)) continue;
        Work work;
        work.stack_id = stack_.id;
        work.logical_id = resource.logical_id;
        work.action = "delete";
        work.state = "waiting";
        work.physical_id = resource.physical_id;
        work.properties = resource.properties;
        // Those that need it go first.
        for (const StackResource& other : resources) {
            if (!is_gone(other) && lists(other.dependencies, resource.logical_id)) {
                work.after.emplace_back(other.logical_id);
            }
        }
        insert_work(ctx_, work);
    }
}

void Engine::plan_rollback_of_create() {
    clear_work(ctx_, stack_.id);
    plan_deletes(list_resources(ctx_, stack_.id));
}

// Whatever the failed update touched goes back to what it was, in the old template's order.
void Engine::plan_rollback_of_update() {
    const std::vector<Work> forward = list_work(ctx_, stack_.id);
    clear_work(ctx_, stack_.id);
    std::set<std::string> touched;
    for (const Work& work : forward) {
        if (work.action == "update" && !work.before.empty()) touched.insert(work.logical_id);
    }
    for (const Work& work : forward) {
        if (work.action != "update" || work.before.empty()) continue;
        Work restore = work;
        restore.action = "restore";
        // A provider that refused has changed nothing; a custom resource's function may have.
        const bool refused =
            work.state == "failed" && work.request_id.empty() && !work.before.contains("Started");
        restore.before["Unchanged"] = refused;
        restore.state = "waiting";
        restore.request_id.clear();
        restore.before.erase("Asked");
        restore.before.erase("Noted");
        restore.after.clear();
        for (const json::value& name : work.before.at("Dependencies").as_array()) {
            if (touched.contains(scalar_text(name))) restore.after.push_back(name);
        }
        insert_work(ctx_, restore);
    }
}

// What nobody needs any more: resources that left the template (after a rollback: that the
// failed update had added), and the old ones of replacements, which are planned already.
void Engine::plan_cleanup(bool after_rollback) {
    std::vector<Work> later;
    for (const Work& work : list_work(ctx_, stack_.id)) {
        if (work.state == "later") later.push_back(work);
    }
    clear_work(ctx_, stack_.id);
    if (after_rollback) restore_previous_document();
    Evaluator evaluator(template_, values_);
    std::vector<StackResource> leaving;
    for (const StackResource& resource : list_resources(ctx_, stack_.id)) {
        const json::value* definition =
            template_.section("Resources").if_contains(resource.logical_id);
        if (!definition || !evaluator.exists(definition->as_object())) leaving.push_back(resource);
    }
    plan_deletes(leaving);
    for (Work& work : later) {
        work.state = "waiting";
        insert_work(ctx_, work);
    }
}

void Engine::restore_previous_document() {
    const json::object previous = stack_.document.at("Previous").as_object();
    for (const std::string_view member : kVersioned) {
        if (const json::value* value = previous.if_contains(member)) {
            stack_.document[member] = *value;
        } else {
            stack_.document.erase(member);
        }
    }
    cloudformation::update_stack(ctx_, stack_);
    template_ = template_of(stack_);
    values_ = stack_values(ctx_, stack_, template_);
}

void Engine::step() {
    if (!stack_.in_progress()) return;
    std::vector<Work> work = list_work(ctx_, stack_.id);
    while (start_ready_work(work)) work = list_work(ctx_, stack_.id);
    const bool forward =
        stack_.status == "CREATE_IN_PROGRESS" || stack_.status == "UPDATE_IN_PROGRESS";
    const bool failed = std::any_of(work.begin(), work.end(),
                                    [](const Work& item) { return item.state == "failed"; });
    if (forward && failed) return fail_forward(work, "");
    const bool busy = std::any_of(work.begin(), work.end(),
                                  [](const Work& item) { return item.state == "running"; });
    if (!busy) finish_phase(work);
}

// Starts all work whose predecessors are done; true if anything was started.
bool Engine::start_ready_work(std::vector<Work>& work) {
    std::map<std::string, std::string> state_of;
    for (const Work& item : work) {
        if (item.state != "later") state_of[item.logical_id] = item.state;
    }
    const bool forward =
        stack_.status == "CREATE_IN_PROGRESS" || stack_.status == "UPDATE_IN_PROGRESS";
    bool started = false;
    for (Work& item : work) {
        if (item.state != "waiting") continue;
        const bool ready =
            std::all_of(item.after.begin(), item.after.end(), [&](const json::value& name) {
                const auto found = state_of.find(scalar_text(name));
                return found == state_of.end() || found->second == "done";
            });
        if (!ready) continue;
        start_work(item);
        started = true;
        if (forward && item.state == "failed") return false;  // nothing new is begun after that
    }
    return started;
}

std::string Engine::failed_list(const std::vector<Work>& work) const {
    std::vector<std::string> created;
    std::vector<std::string> updated;
    for (const Work& item : work) {
        if (item.state != "failed" && item.state != "cancelled") continue;
        (item.action == "create" ? created : updated).push_back(item.logical_id);
    }
    std::string text;
    if (!created.empty()) {
        text += "The following resource(s) failed to create: [" + joined(created) + "]. ";
    }
    if (!updated.empty()) {
        text += "The following resource(s) failed to update: [" + joined(updated) + "]. ";
    }
    return text;
}

void Engine::fail_forward(const std::vector<Work>& work, const std::string& stack_reason) {
    std::vector<Work> all = work;
    for (Work& item : all) {
        if (item.state != "running") continue;
        const bool creating = item.action == "create";
        if (auto resource = find_resource(ctx_, stack_.id, item.logical_id)) {
            resource->status = creating ? "CREATE_FAILED" : "UPDATE_FAILED";
            resource->status_reason =
                creating ? "Resource creation cancelled" : "Resource update cancelled";
            resource_event(*resource, resource->status, resource->status_reason);
        }
        abandon_request(item);
        item.state = "cancelled";
        update_work(ctx_, item);
    }
    begin_rollback(stack_reason.empty() ? failed_list(all) : stack_reason);
}

// Nobody waits for the function's answer any more: it is stored and ignored when it comes.
void Engine::abandon_request(const Work& work) {
    if (work.request_id.empty()) return;
    auto request = find_request(ctx_, work.request_id);
    if (!request || request->state != "open") return;
    request->state = "abandoned";
    update_request(ctx_, *request);
    cancel_timer(ctx_, kService, "response-timeout", work.request_id);
}

void Engine::begin_rollback(const std::string& reason) {
    cancel_timer(ctx_, kService, "stack-timeout", stack_.id);
    const std::string on_failure = stack_.text("OnFailure");
    const json::value* disabled = stack_.document.if_contains("DisableRollback");
    const bool keep = on_failure == "DO_NOTHING" || (disabled && disabled->as_bool());
    const bool creating = stack_.status == "CREATE_IN_PROGRESS";
    if (keep) {
        clear_work(ctx_, stack_.id);
        stack_.document.erase("Previous");
        return set_status(creating ? "CREATE_FAILED" : "UPDATE_FAILED", reason);
    }
    if (creating && on_failure == "DELETE") {
        clear_work(ctx_, stack_.id);
        set_status("DELETE_IN_PROGRESS", reason + "Delete requested by user.");
        plan_deletes(list_resources(ctx_, stack_.id));
        return schedule_step();
    }
    if (creating) {
        set_status("ROLLBACK_IN_PROGRESS", reason + "Rollback requested by user.");
        plan_rollback_of_create();
    } else {
        set_status("UPDATE_ROLLBACK_IN_PROGRESS", reason);
        plan_rollback_of_update();
    }
    schedule_step();
}

void Engine::finish_phase(const std::vector<Work>& work) {
    const std::string status = stack_.status;
    if (status == "CREATE_IN_PROGRESS" || status == "UPDATE_IN_PROGRESS") {
        finish_forward();
    } else if (status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") {
        clear_work(ctx_, stack_.id);
        stack_.document.erase("Previous");
        set_status("UPDATE_COMPLETE");
    } else if (status == "UPDATE_ROLLBACK_IN_PROGRESS") {
        const bool failed = std::any_of(work.begin(), work.end(),
                                        [](const Work& item) { return item.state == "failed"; });
        if (failed) {
            const std::string reason = failed_list(work);
            clear_work(ctx_, stack_.id);
            return set_status("UPDATE_ROLLBACK_FAILED", reason);
        }
        set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
        plan_cleanup(true);
        schedule_step();
    } else if (status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS") {
        clear_work(ctx_, stack_.id);
        stack_.document.erase("Previous");
        set_status("UPDATE_ROLLBACK_COMPLETE");
    } else {
        finish_deletes(work);
    }
}

void Engine::finish_forward() {
    std::string error;
    if (!evaluate_outputs(error)) return fail_forward({}, error + ". ");
    cancel_timer(ctx_, kService, "stack-timeout", stack_.id);
    if (stack_.status == "CREATE_IN_PROGRESS") {
        clear_work(ctx_, stack_.id);
        return set_status("CREATE_COMPLETE");
    }
    set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    plan_cleanup(false);
    schedule_step();
}

bool Engine::evaluate_outputs(std::string& error) {
    Evaluator evaluator(template_, values_);
    json::array outputs;
    try {
        for (const auto& [name, value] : template_.section("Outputs")) {
            const json::object& definition = value.as_object();
            if (!evaluator.exists(definition)) continue;
            json::object output{
                {"OutputKey", name},
                {"OutputValue", scalar_text(evaluator.evaluate(definition.at("Value")))}};
            if (const json::value* text = definition.if_contains("Description")) {
                output["Description"] = *text;
            }
            outputs.push_back(std::move(output));
        }
    } catch (const ApiError& problem) {
        error = problem.what();
        return false;
    } catch (const UnresolvedReference& missing) {
        error = "CustomResource attribute error: Vendor response doesn't contain " +
                missing.attribute + " attribute in object " + stack_.id + "|" + missing.logical_id;
        return false;
    }
    stack_.document["Outputs"] = std::move(outputs);
    return true;
}

void Engine::finish_deletes(const std::vector<Work>& work) {
    std::vector<std::string> failed;
    for (const Work& item : work) {
        if (item.state == "failed") failed.push_back(item.logical_id);
    }
    const bool rollback = stack_.status == "ROLLBACK_IN_PROGRESS";
    clear_work(ctx_, stack_.id);
    stack_.document.erase("Retain");
    if (!failed.empty()) {
        return set_status(rollback ? "ROLLBACK_FAILED" : "DELETE_FAILED",
                          "The following resource(s) failed to delete: [" + joined(failed) + "]. ");
    }
    set_status(rollback ? "ROLLBACK_COMPLETE" : "DELETE_COMPLETE");
}

void Engine::time_out() {
    if (stack_.status != "CREATE_IN_PROGRESS") return;
    // Text assumed.
    fail_forward(list_work(ctx_, stack_.id),
                 "Stack creation time exceeded the specified timeout. ");
}

void step_timer(Context& ctx, std::string_view stack_id) {
    if (auto stack = find_stack(ctx, stack_id)) Engine(ctx, std::move(*stack)).step();
}

void stabilize_timer(Context& ctx, std::string_view number) {
    const auto work = find_work(ctx, std::stoll(std::string(number)));
    if (!work || work->state != "running") return;  // cancelled meanwhile
    if (auto stack = find_stack(ctx, work->stack_id))
        Engine(ctx, std::move(*stack)).check_stable(*work);
}

void stack_timeout_timer(Context& ctx, std::string_view stack_id) {
    if (auto stack = find_stack(ctx, stack_id)) Engine(ctx, std::move(*stack)).time_out();
}

}  // namespace sbemu::cloudformation
