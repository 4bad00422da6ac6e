#include <boost/json.hpp>

#include "handlers/runtime/text.h"
#include "handlers/streambot/custom_resource.h"
#include "handlers/streambot/streambot.h"

namespace json = boost::json;

namespace sbemu::streambot {
namespace {

std::string row_id(const std::string& function_name) {
    return std::string(kTableName) + "/" + function_name;
}

// Every property but the two that are not variables, in the event's order.
json::object variables_of(const json::object& properties) {
    json::object variables;
    for (const auto& [name, value] : properties) {
        if (name != "ServiceToken" && name != "FunctionName") variables.emplace(name, value);
    }
    return variables;
}

json::object attribute(const std::string& text) { return {{"S", text}}; }

void put_row(const CustomResourceRequest& request, const std::string& function_name,
             const std::string& region, Aws& aws) {
    json::object item;
    item["name"] = attribute(function_name);
    item["env"] = attribute(json::serialize(variables_of(request.properties)));
    aws.call("dynamodb", region, "PutItem", {{"TableName", kTableName}, {"Item", item}});
}

void delete_row(const std::string& function_name, const std::string& region, Aws& aws) {
    json::object key;
    key["name"] = attribute(function_name);
    aws.call("dynamodb", region, "DeleteItem", {{"TableName", kTableName}, {"Key", key}});
}

// The row is the managed thing, and FunctionName is its key. As long as that stays, so does the id,
// whatever its form (Streambot's own ids are log stream names): a new one would make CloudFormation
// delete the old one, which is the same, living row.
std::string id_after_put(const CustomResourceRequest& request, const std::string& function_name) {
    const bool is_same_row =
        !request.old_properties ||
        text_property(*request.old_properties, "FunctionName") == function_name;
    const bool keeps_id = request.type == RequestType::update && is_same_row &&
                          !request.physical_resource_id.empty() &&
                          !is_failed_create_id(request.physical_resource_id);
    return keeps_id ? request.physical_resource_id : row_id(function_name);
}

Success manage_row(const CustomResourceRequest& request, Context& context, Aws& aws) {
    const std::string function_name = text_property(request.properties, "FunctionName");
    const std::string region = lambda_runtime::region_of_arn(context.invoked_function_arn);
    if (request.type == RequestType::remove) {
        // A Create that named no function, or was refused, made no row, and its rollback must pass.
        if (!function_name.empty() && !is_failed_create_id(request.physical_resource_id)) {
            context.log("Delete config for " + function_name);
            delete_row(function_name, region, aws);
        }
        return {request.physical_resource_id.empty() ? row_id(function_name)
                                                     : request.physical_resource_id,
                nullptr};
    }
    if (function_name.empty()) throw std::invalid_argument("Invalid StreambotEnv parameters");
    context.log(request.type_name + " config for " + function_name);
    put_row(request, function_name, region, aws);
    return {id_after_put(request, function_name), nullptr};
}

}  // namespace

json::value env(const json::value& event, Context& context, Aws& aws) {
    return answer(event, context, aws, [&](const CustomResourceRequest& request) {
        return manage_row(request, context, aws);
    });
}

}  // namespace sbemu::streambot
