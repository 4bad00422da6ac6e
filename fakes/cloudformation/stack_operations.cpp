// CreateStack, UpdateStack, DeleteStack: check everything that can be checked, then leave the
// rest to the engine.
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "fakes/cloudformation/engine.h"
#include "fakes/cloudformation/errors.h"
#include "fakes/cloudformation/operations.h"
#include "fakes/cloudformation/parameters.h"
#include "fakes/cloudformation/validation.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr std::size_t kLongestBody = 51200;

struct Location {
    std::string bucket;
    std::string key;
};

// https://bucket.s3.region.amazonaws.com/key, https://s3.region.amazonaws.com/bucket/key, or any
// other host (this emulator's own address) in path style.
Location template_location(const std::string& url) {
    const auto scheme = url.find("://");
    const auto slash = scheme == std::string::npos ? scheme : url.find('/', scheme + 3);
    const bool is_http = url.starts_with("https://") || url.starts_with("http://");
    if (!is_http || slash == std::string::npos) {
        throw validation_error("TemplateURL must be a supported URL.");
    }
    const std::string host = url.substr(scheme + 3, slash - scheme - 3);
    const std::string path = percent_decode(url.substr(slash + 1, url.find('?') - slash - 1));
    for (const char* mark : {".s3.", ".s3-"}) {
        const auto at = host.find(mark);
        if (at != std::string::npos && host.find("amazonaws.com") != std::string::npos) {
            return {host.substr(0, at), path};
        }
    }
    const auto cut = path.find('/');
    if (cut == std::string::npos) throw validation_error("TemplateURL must be a supported URL.");
    return {path.substr(0, cut), path.substr(cut + 1)};
}

std::string template_body(Context& ctx, const json::object& request) {
    const std::string body = text_property(request, "TemplateBody");
    const std::string url = text_property(request, "TemplateURL");
    if (body.empty() == url.empty()) {
        throw validation_error("Either Template URL or Template Body must be specified.");
    }
    if (body.size() > kLongestBody) {
        throw validation_error("1 validation error detected: Value '" + body +
                               "' at 'templateBody' failed to satisfy constraint: Member must have "
                               "length less than or equal to 51200");
    }
    if (!body.empty()) return body;
    const Location location = template_location(url);
    const auto fetched =
        ctx.try_call("s3", "GetObject", {{"Bucket", location.bucket}, {"Key", location.key}});
    if (const auto* error = std::get_if<ApiError>(&fetched)) {
        throw validation_error("S3 error: " + std::string(error->what()));
    }
    return std::get<Outcome>(fetched).body;
}

json::value member_or(const json::object& request, std::string_view name, json::value fallback) {
    const json::value* value = request.if_contains(name);
    return value ? *value : std::move(fallback);
}

bool flag(const json::object& request, std::string_view name) {
    const json::value* value = request.if_contains(name);
    return value && scalar_text(*value) == "true";
}

// What sbemu takes no notice of must not be taken silently.
void refuse_unsupported(const json::object& request) {
    for (const char* name :
         {"StackPolicyBody", "StackPolicyURL", "RollbackConfiguration", "ResourceTypes",
          "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL"}) {
        const json::value* value = request.if_contains(name);
        const bool empty = !value || (value->is_object() && value->as_object().empty()) ||
                           (value->is_array() && value->as_array().empty());
        if (!empty) throw not_implemented(std::string("the parameter ") + name);
    }
    const json::value* arns = request.if_contains("NotificationARNs");
    if (arns && !arns->as_array().empty()) throw not_implemented("stack notifications to SNS");
    if (flag(request, "EnableTerminationProtection")) {
        throw not_implemented("termination protection");
    }
}

// Puts the template, its values and the request's settings into the stack's document.
void set_document(Context& ctx, Stack& stack, const json::object& request, const std::string& body,
                  const json::object& previous_parameters) {
    Template parsed = parse_template(body);
    json::object& document = stack.document;
    document["Parameters"] = parameter_values(parsed, request, previous_parameters);
    document["Template"] = body;
    document["TemplateDocument"] = parsed.document;
    document["Capabilities"] = member_or(request, "Capabilities", json::array{});
    document["NotificationARNs"] = json::array{};
    document["Tags"] = member_or(request, "Tags", member_or(document, "Tags", json::array{}));
    if (const json::value* text = parsed.document.if_contains("Description")) {
        document["Description"] = *text;
    } else {
        document.erase("Description");
    }
    for (const char* name : {"ClientRequestToken", "RoleARN"}) {
        if (const json::value* value = request.if_contains(name)) document[name] = *value;
    }
    document["DisableRollback"] = flag(request, "DisableRollback");
    check_template(parsed, stack_values(ctx, stack, parsed));
    check_capabilities(parsed, request);
}

// Whether an update would change anything: a resource's properties as far as they are known
// already, the set of resources, outputs, tags.
bool changes_anything(Context& ctx, const Stack& before, const Stack& after) {
    const Template old_template = template_of(before);
    const Template new_template = template_of(after);
    if (before.document.at("Tags") != after.document.at("Tags")) return true;
    const Values values = stack_values(ctx, after, new_template);
    Evaluator evaluator(new_template, values);
    std::size_t existing = 0;
    for (const auto& [name, value] : new_template.section("Resources")) {
        const json::object& definition = value.as_object();
        if (!evaluator.exists(definition)) continue;
        const auto resource = find_resource(ctx, after.id, name);
        if (!resource) return true;
        ++existing;
        const json::value* properties = definition.if_contains("Properties");
        try {
            const json::object resolved =
                properties ? evaluator.evaluate_object(properties->as_object()) : json::object{};
            if (resolved != resource->properties) return true;
        } catch (const UnresolvedReference&) {
            return true;
        }
        if (text_property(definition, "DeletionPolicy", "Delete") != resource->deletion_policy) {
            return true;
        }
    }
    if (existing != list_resources(ctx, after.id).size()) return true;
    json::object outputs;
    for (const auto& [name, value] : new_template.section("Outputs")) {
        const json::object& definition = value.as_object();
        if (!evaluator.exists(definition)) continue;
        try {
            outputs[name] = scalar_text(evaluator.evaluate(definition.at("Value")));
        } catch (const UnresolvedReference&) {
            return true;
        }
    }
    json::object old_outputs;
    if (const json::value* list = before.document.if_contains("Outputs")) {
        for (const json::value& output : list->as_array()) {
            old_outputs[output.at("OutputKey").as_string()] = output.at("OutputValue");
        }
    }
    return outputs != old_outputs;
}

void refuse_changed_types(const Template& before, const Template& after) {
    std::string changed;
    for (const auto& [name, value] : after.section("Resources")) {
        const json::value* old = before.section("Resources").if_contains(name);
        if (!old || old->as_object().at("Type") == value.as_object().at("Type")) continue;
        changed += (changed.empty() ? "" : ", ") + std::string(name);
    }
    if (!changed.empty()) {
        throw validation_error(
            "Update of resource type is not permitted. The new template "
            "modifies resource type of the following resources: [" +
            changed + "]");
    }
}

constexpr std::string_view kUpdatable[] = {"CREATE_COMPLETE", "UPDATE_COMPLETE",
                                           "UPDATE_ROLLBACK_COMPLETE", "CREATE_FAILED",
                                           "UPDATE_FAILED"};

// Members that the rollback of an update brings back.
constexpr std::string_view kVersioned[] = {"Template", "TemplateDocument", "Parameters",
                                           "Tags",     "Capabilities",     "Description",
                                           "Outputs",  "NotificationARNs", "RoleARN"};

}  // namespace

json::object create_stack(Context& ctx, const json::object& request) {
    refuse_unsupported(request);
    const std::string name = text_property(request, "StackName");
    const std::string on_failure = text_property(request, "OnFailure");
    if (!on_failure.empty() && request.contains("DisableRollback")) {
        throw validation_error(
            "You cannot specify both OnFailure and DisableRollback.");  // assumed
    }
    if (find_stack(ctx, name)) {
        throw ApiError("AlreadyExistsException", "Stack [" + name + "] already exists");
    }
    Stack stack;
    stack.name = name;
    stack.id =
        ctx.caller.arn("cloudformation", "stack/" + name + "/" + ctx.random.time_uuid(ctx.now));
    stack.status = "CREATE_IN_PROGRESS";
    stack.created_at = ctx.now;
    set_document(ctx, stack, request, template_body(ctx, request), {});
    for (const char* member : {"OnFailure", "TimeoutInMinutes"}) {
        if (const json::value* value = request.if_contains(member)) stack.document[member] = *value;
    }
    insert_stack(ctx, stack);
    Engine(ctx, stack).begin_create();
    return {{"StackId", stack.id}};
}

json::object update_stack_operation(Context& ctx, const json::object& request) {
    refuse_unsupported(request);
    const std::string name = text_property(request, "StackName");
    auto stack = find_stack(ctx, name);
    if (!stack) throw validation_error("Stack [" + name + "] does not exist");
    if (std::find(std::begin(kUpdatable), std::end(kUpdatable), stack->status) ==
        std::end(kUpdatable)) {
        throw validation_error("Stack:" + stack->id + " is in " + stack->status +
                               " state and can not be updated.");
    }
    const Stack before = *stack;
    const std::string body = flag(request, "UsePreviousTemplate") ? before.text("Template")
                                                                  : template_body(ctx, request);
    stack->document.erase("ClientRequestToken");
    stack->document.erase("OnFailure");
    stack->document.erase("TimeoutInMinutes");
    set_document(ctx, *stack, request, body, before.document.at("Parameters").as_object());
    refuse_changed_types(template_of(before), template_of(*stack));
    if (!changes_anything(ctx, before, *stack)) {
        throw validation_error("No updates are to be performed.");
    }
    json::object previous;
    for (const std::string_view member : kVersioned) {
        if (const json::value* value = before.document.if_contains(member)) {
            previous[member] = *value;
        }
    }
    stack->document["Previous"] = std::move(previous);
    Engine(ctx, *stack).begin_update();
    return {{"StackId", stack->id}};
}

json::object delete_stack(Context& ctx, const json::object& request) {
    auto stack = find_stack(ctx, text_property(request, "StackName"));
    const json::value retain = member_or(request, "RetainResources", json::array{});
    // An unknown or deleted stack is deleted already.
    if (!stack || stack->status == "DELETE_COMPLETE" || stack->status == "DELETE_IN_PROGRESS") {
        return {};
    }
    if (text_property(request, "DeletionMode") == "FORCE_DELETE_STACK") {
        throw not_implemented("DeletionMode FORCE_DELETE_STACK");
    }
    if (!retain.as_array().empty() && stack->status != "DELETE_FAILED") {
        throw validation_error("Invalid operation on stack " + stack->id +
                               ". Cannot specify RetainResources unless the stack is in "
                               "DELETE_FAILED state.");  // assumed
    }
    if (stack->status.starts_with("UPDATE_") && stack->in_progress()) {
        throw validation_error("Stack [" + stack->name + "] cannot be deleted while in status " +
                               stack->status);  // assumed
    }
    stack->document.erase("ClientRequestToken");
    if (const json::value* token = request.if_contains("ClientRequestToken")) {
        stack->document["ClientRequestToken"] = *token;
    }
    Engine(ctx, *stack).begin_delete(retain.as_array());
    return {};
}

json::object validate_template(Context& ctx, const json::object& request) {
    const Template parsed = parse_template(template_body(ctx, request));
    check_references(parsed);
    json::array parameters;
    for (const auto& [name, value] : parsed.section("Parameters")) {
        const json::object& definition = value.as_object();
        json::object parameter{{"ParameterKey", name}, {"NoEcho", flag(definition, "NoEcho")}};
        if (const json::value* fallback = definition.if_contains("Default")) {
            parameter["DefaultValue"] = scalar_text(*fallback);
        }
        if (const json::value* text = definition.if_contains("Description")) {
            parameter["Description"] = *text;
        }
        parameters.push_back(std::move(parameter));
    }
    json::object result{{"Parameters", std::move(parameters)}};
    if (const json::value* text = parsed.document.if_contains("Description")) {
        result["Description"] = *text;
    }
    const std::string capability = required_capability(parsed);
    if (capability.empty()) return result;
    std::string types;
    for (const auto& [name, value] : parsed.section("Resources")) {
        const std::string type = scalar_text(value.as_object().at("Type"));
        const bool listed = ("[" + types + "]").find(type) != std::string::npos;
        if (type.starts_with("AWS::IAM::") && !listed) types += (types.empty() ? "" : ", ") + type;
    }
    result["Capabilities"] = json::array{capability};
    result["CapabilitiesReason"] =
        "The following resource(s) require capabilities: [" + types + "]";
    return result;
}

}  // namespace sbemu::cloudformation
