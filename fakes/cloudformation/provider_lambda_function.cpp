#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "emulator/core/model.h"
#include "fakes/cloudformation/inline_code.h"
#include "fakes/cloudformation/provider.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr Property kCode[] = {
    {.name = "ZipFile"}, {.name = "S3Bucket"}, {.name = "S3Key"}, {.name = "S3ObjectVersion"}};
constexpr Property kEnvironment[] = {{.name = "Variables", .kind = Kind::text_map}};
constexpr Property kEphemeralStorage[] = {
    {.name = "Size", .kind = Kind::integer, .required = true}};
constexpr Property kTracing[] = {{.name = "Mode"}};
constexpr Property kLogging[] = {{.name = "LogFormat"},
                                 {.name = "LogGroup"},
                                 {.name = "ApplicationLogLevel"},
                                 {.name = "SystemLogLevel"}};
constexpr Property kProperties[] = {
    {.name = "Code", .kind = Kind::object, .required = true, .members = kCode},
    {.name = "FunctionName", .replaces = true},
    {.name = "Handler"},
    {.name = "Role", .required = true},
    {.name = "Runtime"},
    {.name = "Timeout", .kind = Kind::integer},
    {.name = "MemorySize", .kind = Kind::integer},
    {.name = "Description"},
    {.name = "Environment", .kind = Kind::object, .members = kEnvironment},
    {.name = "Architectures", .kind = Kind::list},
    {.name = "Tags", .kind = Kind::list, .members = kTagMembers},
    {.name = "PackageType", .replaces = true},
    {.name = "EphemeralStorage", .kind = Kind::object, .members = kEphemeralStorage},
    {.name = "TracingConfig", .kind = Kind::object, .members = kTracing},
    {.name = "LoggingConfig", .kind = Kind::object, .members = kLogging}};

constexpr std::string_view kAttributes[] = {"Arn"};

// The template's ZipFile is source text; the API's is a package.
json::object code_of(const json::object& properties) {
    json::object code = properties.at("Code").as_object();
    if (const json::value* source = code.if_contains("ZipFile")) {
        code["ZipFile"] = base64_encode(
            package_inline_code(text_property(properties, "Runtime"), source->as_string()));
    }
    return code;
}

Progress create(Context& ctx, const ResourceRequest& resource) {
    json::object request = resource.properties;
    request["Code"] = code_of(resource.properties);
    if (!request.contains("FunctionName")) {
        request["FunctionName"] = generated_name(ctx, resource, 64);
    }
    if (json::value* list = request.if_contains("Tags")) {
        json::object map;
        for (const json::value& tag : list->as_array()) {
            map[text_property(tag.as_object(), "Key")] = text_property(tag.as_object(), "Value");
        }
        request["Tags"] = std::move(map);
    }
    const std::string name = text_property(request, "FunctionName");
    ctx.call("lambda", "CreateFunction", conform_request("lambda", "CreateFunction", request));
    return Progress::stabilizing(name);
}

// The configuration as the template wants it. What an update leaves out has its default again.
json::object wanted_configuration(const ResourceRequest& resource) {
    static const json::object kDefaults{{"Timeout", 3},
                                        {"MemorySize", 128},
                                        {"Description", ""},
                                        {"Environment", {{"Variables", json::object{}}}}};
    json::object wanted{{"FunctionName", resource.physical_id}};
    for (const char* property :
         {"Handler", "Role", "Runtime", "Timeout", "MemorySize", "Description", "Environment",
          "EphemeralStorage", "TracingConfig", "LoggingConfig"}) {
        if (const json::value* value = resource.properties.if_contains(property)) {
            wanted[property] = *value;
        } else if (resource.old_properties.contains(property)) {
            const json::value* fallback = kDefaults.if_contains(property);
            if (!fallback) {
                throw not_implemented(std::string("removing ") + property +
                                      " of AWS::Lambda::Function");
            }
            wanted[property] = *fallback;
        }
    }
    return conform_request("lambda", "UpdateFunctionConfiguration", wanted);
}

// Whether `actual` has all of `wanted`: Lambda answers defaults that the template leaves out
// (LoggingConfig's LogFormat).
bool has_all(const json::value& actual, const json::value& wanted) {
    if (!wanted.is_object() || !actual.is_object()) return actual == wanted;
    for (const auto& [name, value] : wanted.as_object()) {
        const json::value* member = actual.as_object().if_contains(name);
        if (!member || !has_all(*member, value)) return false;
    }
    return true;
}

// Variables are replaced as a whole, so one too many is a difference too.
bool is_as_wanted(const std::string& name, const json::value* actual, const json::value& wanted) {
    if (name == "Environment") {
        return (actual ? *actual : json::value(json::object{{"Variables", json::object{}}})) ==
               wanted;
    }
    return actual && has_all(*actual, wanted);
}

// Brings the configuration in line with the template; false if there was nothing to change.
bool update_configuration(Context& ctx, const ResourceRequest& resource,
                          const json::object& configuration) {
    const json::object wanted = wanted_configuration(resource);
    bool differs = false;
    for (const auto& [name, value] : wanted) {
        if (name == "FunctionName") continue;
        differs = differs || !is_as_wanted(name, configuration.if_contains(name), value);
    }
    if (differs) ctx.call("lambda", "UpdateFunctionConfiguration", wanted);
    return differs;
}

json::object configuration_of(Context& ctx, const ResourceRequest& resource) {
    return ctx.call("lambda", "GetFunctionConfiguration", {{"FunctionName", resource.physical_id}})
        .result;
}

// Code first; Lambda refuses a second update while one runs, so stable() does the configuration.
Progress update(Context& ctx, const ResourceRequest& resource) {
    for (const char* property : {"Tags", "Architectures"}) {
        const json::value* now = resource.properties.if_contains(property);
        const json::value* then = resource.old_properties.if_contains(property);
        if ((now != nullptr) != (then != nullptr) || (now && *now != *then)) {
            throw not_implemented(std::string("changing ") + property +
                                  " of AWS::Lambda::Function");
        }
    }
    // Inline code is packed for its runtime, so a changed runtime may change the package.
    json::object code = code_of(resource.properties);
    if (code != code_of(resource.old_properties)) {
        code["FunctionName"] = resource.physical_id;
        ctx.call("lambda", "UpdateFunctionCode",
                 conform_request("lambda", "UpdateFunctionCode", code));
    } else {
        update_configuration(ctx, resource, configuration_of(ctx, resource));
    }
    return Progress::stabilizing(resource.physical_id);
}

Progress remove(Context& ctx, const ResourceRequest& resource) {
    ctx.call("lambda", "DeleteFunction", {{"FunctionName", resource.physical_id}});
    return Progress::done(resource.physical_id);
}

bool stable(Context& ctx, const ResourceRequest& resource, json::object& attributes) {
    const json::object configuration = configuration_of(ctx, resource);
    if (configuration.at("State") != "Active") return false;
    const json::value* status = configuration.if_contains("LastUpdateStatus");
    if (status && *status == "InProgress") return false;
    const bool is_update = !resource.old_properties.empty();
    if (is_update && update_configuration(ctx, resource, configuration)) return false;
    attributes["Arn"] = configuration.at("FunctionArn");
    return true;
}

}  // namespace

// Ref: the function's name.
const Provider& lambda_function_provider() {
    static constexpr Provider kProvider{"AWS::Lambda::Function",
                                        kProperties,
                                        "FunctionName",
                                        kAttributes,
                                        create,
                                        update,
                                        remove,
                                        stable};
    return kProvider;
}

}  // namespace sbemu::cloudformation
