#include <boost/json.hpp>

#include "handlers/runtime/digest.h"
#include "handlers/runtime/text.h"
#include "handlers/runtime/timing.h"
#include "handlers/streambot/streambot.h"

namespace json = boost::json;

namespace sbemu::streambot {
namespace {

using lambda_runtime::Aws;
using lambda_runtime::AwsError;
using lambda_runtime::Context;
using lambda_runtime::HandlerError;
using lambda_runtime::Service;

void log_event(const json::value& event, Context& context) {
    const std::string text = context.event_text.empty()
                                 ? json::serialize(event)
                                 : lambda_runtime::compact_json(context.event_text);
    context.log("Start time: " + lambda_runtime::iso_time(context.started_ms));
    context.log("Event md5: " + lambda_runtime::md5_hex(text));
}

[[noreturn]] void refuse_row(const std::string& function_name, const std::string& why) {
    throw HandlerError("InvalidConfiguration",
                       "The configuration of " + function_name + " in " + kTableName + " " + why);
}

json::object get_item(Context& context, Aws& aws, const json::object& params) {
    const std::string region = lambda_runtime::region_of_arn(context.invoked_function_arn);
    try {
        return aws.call("dynamodb", region, "GetItem", params);
    } catch (const AwsError& error) {
        context.log("[error] Failed to load environment in " + region + ": " + error.what());
        throw;
    }
}

json::object variables_in(const json::object& item, const std::string& function_name) {
    const json::value* env = item.if_contains("env");
    const json::value* text =
        env != nullptr && env->is_object() ? env->get_object().if_contains("S") : nullptr;
    if (text == nullptr || !text->is_string()) refuse_row(function_name, "has no text env");
    boost::system::error_code error;
    json::value variables = json::parse(text->get_string(), error);
    if (error || !variables.is_object()) refuse_row(function_name, "is not a JSON object");
    return variables.get_object();
}

void load_configuration(Context& context, Aws& aws) {
    json::object key;
    key["name"] = json::object{{"S", context.function_name}};
    const json::object params{{"TableName", kTableName}, {"Key", key}};
    const json::object reply = get_item(context, aws, params);
    const json::value* item = reply.if_contains("Item");
    if (item == nullptr || !item->is_object()) {
        context.log("No environment found!");
        return;
    }
    context.log("Loaded environment: " + json::serialize(params));
    for (const auto& [name, value] : variables_in(item->get_object(), context.function_name)) {
        const std::string text =
            value.is_string() ? std::string(value.get_string()) : json::serialize(value);
        if (!context.set_variable(name, text)) {
            context.log(std::string(name) + " cannot be the name of a variable");
        }
    }
}

}  // namespace

Service with_configuration(Service service) {
    return [service = std::move(service)](const json::value& event, Context& context, Aws& aws) {
        log_event(event, context);
        load_configuration(context, aws);
        return service(event, context, aws);
    };
}

std::optional<Service> service_of(const std::string& handler) {
    if (handler == "index.env") return env;
    if (handler == "index.connector") return connector;
    return std::nullopt;
}

}  // namespace sbemu::streambot
