// Tags of functions; `Resource` is a function's ARN.
#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "fakes/lambda/errors.h"
#include "fakes/lambda/functions.h"
#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

constexpr std::size_t kTagLimit = 50;  // facts/lambda.md 3.7

Function tagged_function(Context& ctx, const json::object& request) {
    const std::string resource = required_text(request, "Resource");
    const auto arn = parse_arn(resource);
    if (arn && !arn->resource.starts_with("function:")) {
        throw not_implemented("lambda tags of " + resource);
    }
    const FunctionReference reference = parse_function_name(ctx, resource, std::nullopt);
    if (reference.qualifier) {
        throw invalid_parameter(
            "Tags on function aliases and versions are not supported. Please specify a function "
            "ARN.");
    }
    auto function = find_function(ctx, reference.name);
    if (!function) throw function_not_found(function_arn(ctx, reference.name));
    return std::move(*function);
}

}  // namespace

json::object list_tags(Context& ctx, const json::object& request) {
    return {{"Tags", tagged_function(ctx, request).tags}};
}

json::object tag_resource(Context& ctx, const json::object& request) {
    Function function = tagged_function(ctx, request);
    if (!asks_for(request, "Tags")) {
        throw invalid_parameter("An error occurred and the request cannot be processed.");
    }
    for (const auto& [key, value] : *find_object(request, "Tags")) function.tags[key] = value;
    if (function.tags.size() > kTagLimit) {
        throw invalid_parameter("Number of tags exceeds resource tag limit.");
    }
    update_function(ctx, function);
    return {};
}

json::object untag_resource(Context& ctx, const json::object& request) {
    Function function = tagged_function(ctx, request);
    if (const json::array* keys = find_array(request, "TagKeys")) {
        for (const json::value& key : *keys) {
            if (key.is_string()) function.tags.erase(key.get_string());
        }
    }
    update_function(ctx, function);
    return {};
}

}  // namespace sbemu::lambda
