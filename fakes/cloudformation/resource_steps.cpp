// How the work on one resource begins, and its events. How it ends: resource_results.cpp.
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

constexpr const char* kReplacementReason =
    "Requested update requires the creation of a new physical resource; hence creating one.";

}  // namespace

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
                   !is_same(work.properties, resource.properties, property.name);
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
        is_same(work.properties, resource.properties, provider.name_property)) {
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
    work.before["Attempted"] = attempted;
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

}  // namespace sbemu::cloudformation
