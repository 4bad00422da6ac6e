#include "fakes/cloudformation/provider.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/cloudformation/intrinsics.h"

namespace sbemu::cloudformation {

std::span<const Provider* const> providers() {
    static const Provider* const kProviders[] = {
        &custom_resource_provider(), &dynamodb_table_provider(),  &iam_role_provider(),
        &kinesis_stream_provider(),  &lambda_function_provider(), &s3_bucket_provider()};
    return kProviders;
}

const Provider* find_provider(std::string_view type) {
    if (is_custom_type(type)) return &custom_resource_provider();
    for (const Provider* provider : providers()) {
        if (provider->type == type) return provider;
    }
    return nullptr;
}

std::string generated_name(Context& ctx, const ResourceRequest& request, std::size_t limit) {
    constexpr std::size_t kSuffix = 12;
    constexpr std::size_t kLeastLogicalId = 24;
    std::string stack = request.stack_name;
    std::string logical = request.logical_id;
    const std::size_t budget = limit - kSuffix - 2;
    if (stack.size() + logical.size() > budget) {
        // The logical id keeps what the stack name leaves, but at least 24 characters.
        const std::size_t left = stack.size() < budget ? budget - stack.size() : 0;
        logical.resize(std::min(logical.size(), std::max(left, kLeastLogicalId)));
        stack.resize(std::min(stack.size(), budget - logical.size()));
    }
    return stack + "-" + logical + "-" + ctx.random.text(kSuffix, kAlphanumeric);
}

std::string text_property(const boost::json::object& properties, std::string_view name,
                          std::string_view fallback) {
    const boost::json::value* value = properties.if_contains(name);
    return value ? scalar_text(*value) : std::string(fallback);
}

const boost::json::object& object_property(const boost::json::object& properties,
                                           std::string_view name) {
    static const boost::json::object kNothing;
    const boost::json::object* found = find_object(properties, name);
    return found ? *found : kNothing;
}

const boost::json::array& list_property(const boost::json::object& properties,
                                        std::string_view name) {
    static const boost::json::array kNothing;
    const boost::json::array* found = find_array(properties, name);
    return found ? *found : kNothing;
}

bool is_same(const boost::json::object& one, const boost::json::object& other,
             std::string_view property) {
    const boost::json::value* here = one.if_contains(property);
    const boost::json::value* there = other.if_contains(property);
    return here && there ? *here == *there : here == there;
}

bool is_changed(const ResourceRequest& resource, std::string_view property) {
    return !resource.old_properties.empty() &&
           !is_same(resource.properties, resource.old_properties, property);
}

}  // namespace sbemu::cloudformation
