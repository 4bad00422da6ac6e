#include "fakes/lambda/configuration.h"

#include <boost/json.hpp>
#include <set>

#include "emulator/core/encoding.h"
#include "fakes/lambda/errors.h"
#include "fakes/lambda/names.h"
#include "fakes/lambda/request.h"
#include "fakes/lambda/runtimes.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

constexpr std::size_t kVariablesLimit = 4096;

const std::set<std::string_view> kReservedVariables{
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
};

// facts/lambda.md 3.4 and 4.5.
void check_variables(const json::object& variables) {
    constexpr std::string_view kRefused =
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided ";
    std::string reserved;
    for (const auto& [name, value] : variables) {
        if (!kReservedVariables.contains(name)) continue;
        if (!reserved.empty()) reserved += ", ";
        reserved += std::string_view(name);
    }
    if (!reserved.empty()) {
        throw invalid_parameter(std::string(kRefused) +
                                "contains reserved keys that are currently not supported for "
                                "modification. Reserved keys used in this request: " +
                                reserved);
    }
    const std::string measured = json::serialize(variables);
    if (measured.size() > kVariablesLimit) {
        throw invalid_parameter(std::string(kRefused) +
                                "exceeded the 4KB limit. String measured: " + measured);
    }
}

void take_environment(const json::object& request, json::object& settings) {
    const json::object* environment = find_object(request, "Environment");
    if (!environment) return;
    json::object variables;
    if (const json::object* given = find_object(*environment, "Variables")) variables = *given;
    check_variables(variables);
    settings["Environment"] = json::object{{"Variables", std::move(variables)}};
}

void refuse_what_is_not_there(const json::object& request) {
    for (const std::string_view member :
         {"Layers", "FileSystemConfigs", "ImageConfig", "CodeSigningConfigArn", "KMSKeyArn",
          "CapacityProviderConfig", "DurableConfig", "TenancyConfig", "PublishTo"}) {
        if (asks_for(request, member)) throw not_implemented("lambda " + std::string(member));
    }
    const auto refuse = [&](std::string_view member, std::string_view inner) {
        const json::object* object = find_object(request, member);
        if (object && asks_for(*object, inner)) {
            throw not_implemented("lambda " + std::string(member) + "." + std::string(inner));
        }
    };
    refuse("VpcConfig", "SubnetIds");
    refuse("VpcConfig", "SecurityGroupIds");
    refuse("DeadLetterConfig", "TargetArn");
    const auto refuse_value = [&](std::string_view member, std::string_view inner,
                                  std::string_view value) {
        const json::object* object = find_object(request, member);
        if (object && find_text(*object, inner) == value) {
            throw not_implemented("lambda " + std::string(member) + "." + std::string(inner) + " " +
                                  std::string(value));
        }
    };
    refuse_value("SnapStart", "ApplyOn", "PublishedVersions");
    refuse_value("TracingConfig", "Mode", "Active");
    refuse_value("LoggingConfig", "LogFormat", "JSON");
}

void take_architectures(const json::object& request, json::object& settings) {
    const json::array* architectures = find_array(request, "Architectures");
    if (!architectures) return;
    if (architectures->size() != 1) {
        std::string list;
        for (const json::value& architecture : *architectures) {
            if (!list.empty()) list += ", ";
            if (architecture.is_string()) list += std::string_view(architecture.get_string());
        }
        throw ApiError("ValidationException",
                       "1 validation error detected: Value '[" + list +
                           "]' at 'architectures' failed to satisfy constraint: Member must have "
                           "length less than or equal to 1");
    }
    settings["Architectures"] = *architectures;
}

}  // namespace

void take_settings(const json::object& request, const std::string& function_name,
                   json::object& settings) {
    refuse_what_is_not_there(request);
    if (settings.empty()) {  // facts/lambda.md 3.2
        settings = {{"Architectures", json::array{"x86_64"}},
                    {"Description", ""},
                    {"EphemeralStorage", {{"Size", 512}}},
                    {"LoggingConfig",
                     {{"LogFormat", "Text"}, {"LogGroup", "/aws/lambda/" + function_name}}},
                    {"MemorySize", 128},
                    {"Timeout", 3}};
    }
    if (const auto runtime = find_text(request, "Runtime")) check_runtime(*runtime);
    for (const std::string_view member : {"Description", "Handler", "Role", "Runtime"}) {
        if (const auto text = find_text(request, member)) settings[member] = *text;
    }
    for (const std::string_view member : {"MemorySize", "Timeout"}) {
        if (const auto number = find_number(request, member)) settings[member] = *number;
    }
    if (const json::object* storage = find_object(request, "EphemeralStorage")) {
        if (const auto size = find_number(*storage, "Size")) {
            settings["EphemeralStorage"] = json::object{{"Size", *size}};
        }
    }
    if (const json::object* logging = find_object(request, "LoggingConfig")) {
        if (const auto group = find_text(*logging, "LogGroup")) {
            settings["LoggingConfig"].as_object()["LogGroup"] = *group;
        }
    }
    take_environment(request, settings);
    take_architectures(request, settings);
}

json::object listed_configuration_of(const Context& ctx, const Function& function,
                                     const std::string& arn) {
    json::object configuration = function.settings;
    configuration["CodeSha256"] = function.code_sha256;
    configuration["CodeSize"] = function.code_size;
    configuration["FunctionArn"] = arn;
    configuration["FunctionName"] = function.name;
    std::string modified = iso_time(from_milliseconds(function.last_modified));
    modified.replace(modified.size() - 1, 1, "+0000");  // facts/lambda.md 0
    configuration["LastModified"] = modified;
    configuration["PackageType"] = "Zip";
    configuration["RevisionId"] = function.revision_id;
    configuration["RuntimeVersionConfig"] =
        json::object{{"RuntimeVersionArn",
                      runtime_version_arn(ctx, function.settings.at("Runtime").as_string())}};
    configuration["SnapStart"] = json::object{{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}};
    configuration["TracingConfig"] = json::object{{"Mode", "PassThrough"}};
    configuration["Version"] = kLatest;
    return configuration;
}

json::object configuration_of(const Context& ctx, const Function& function,
                              const std::string& arn) {
    json::object configuration = listed_configuration_of(ctx, function, arn);
    if (!function.active) {
        configuration["State"] = "Pending";
        configuration["StateReason"] = "The function is being created.";
        configuration["StateReasonCode"] = "Creating";
        return configuration;
    }
    configuration["State"] = "Active";
    configuration["LastUpdateStatus"] = function.updating ? "InProgress" : "Successful";
    if (function.updating) {  // the reason really is this one (facts/lambda.md 3.2)
        configuration["LastUpdateStatusReason"] = "The function is being created.";
        configuration["LastUpdateStatusReasonCode"] = "Creating";
    }
    return configuration;
}

json::object host_function_of(const Context& ctx, const Function& function) {
    json::object variables;
    if (const json::object* environment = find_object(function.settings, "Environment")) {
        variables = environment->at("Variables").as_object();
    }
    return {{"Environment", function.environment},
            {"FunctionArn", function_arn(ctx, function.name)},
            {"FunctionName", function.name},
            {"Version", kLatest},
            {"Runtime", function.settings.at("Runtime")},
            {"Handler", function.settings.at("Handler")},
            {"CodeHash", function.code_hash},
            {"MemorySize", memory_size_of(function)},
            {"Timeout", timeout_of(function)},
            {"Variables", std::move(variables)},
            {"LogGroup", log_group_of(function)},
            {"Role", function.settings.at("Role")},
            {"Account", ctx.caller.account},
            {"Region", ctx.caller.region}};
}

std::string runtime_version_arn(const Context& ctx, std::string_view runtime) {
    return "arn:aws:lambda:" + ctx.caller.region + "::runtime:" + hex_encode(sha256(runtime));
}

std::int64_t timeout_of(const Function& function) {
    return function.settings.at("Timeout").to_number<std::int64_t>();
}

std::int64_t memory_size_of(const Function& function) {
    return function.settings.at("MemorySize").to_number<std::int64_t>();
}

std::string log_group_of(const Function& function) {
    return std::string(
        function.settings.at("LoggingConfig").as_object().at("LogGroup").as_string());
}

}  // namespace sbemu::lambda
