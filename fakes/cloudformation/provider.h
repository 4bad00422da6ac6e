// What CloudFormation must know about a resource type: how to create, change and delete one by
// calling the service's own operations, and when it is complete.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "emulator/core/context.h"
#include "fakes/cloudformation/properties.h"

namespace sbemu::cloudformation {

// What a provider is asked to act on.
struct ResourceRequest {
    std::string stack_id;
    std::string stack_name;
    std::string logical_id;
    std::string type;
    std::string physical_id;             // empty on create
    boost::json::object properties;      // as wanted; on delete, as they are
    boost::json::object old_properties;  // on update
    std::int64_t work = 0;               // the work item that waits for the answer
    bool is_deletion = false;            // what Provider::stable is asked about
    boost::json::object noted;           // what the Progress noted that stable is asked about
};

enum class State {
    done,         // complete: physical_id and attributes are final
    stabilizing,  // physical_id is known; ask Provider::stable until it says so
    waiting,      // a custom resource's function answers later, under request_id
};

struct Progress {
    State state = State::done;
    std::string physical_id;
    boost::json::object attributes;  // Fn::GetAtt
    std::string request_id;          // waiting: by which the answer is known
    boost::json::object noted;       // stabilizing: what Provider::stable has to know

    static Progress done(std::string physical_id, boost::json::object attributes = {}) {
        return {State::done, std::move(physical_id), std::move(attributes), {}, {}};
    }
    static Progress stabilizing(std::string physical_id, boost::json::object noted = {}) {
        return {State::stabilizing, std::move(physical_id), {}, {}, std::move(noted)};
    }
    static Progress waiting(std::string request_id) {
        return {State::waiting, {}, {}, std::move(request_id), {}};
    }
};

// The functions act by ctx.call and throw the service's ApiError.
struct Provider {
    std::string_view type;                 // "AWS::DynamoDB::Table", or "Custom::" as a prefix
    std::span<const Property> properties;  // others are refused by name,
                                           // but for custom resources
    std::string_view name_property;        // with which the user names it; may be empty
    std::span<const std::string_view> attributes;  // for Fn::GetAtt; empty: any
    Progress (*create)(Context&, const ResourceRequest&);
    Progress (*update)(Context&, const ResourceRequest&);
    Progress (*remove)(Context&, const ResourceRequest&);
    // Whether it is complete, and then its attributes. Null: create and update answer done.
    bool (*stable)(Context&, const ResourceRequest&, boost::json::object& attributes);
};

// All there are, custom resources first.
std::span<const Provider* const> providers();
// Nothing if sbemu does not know the type.
const Provider* find_provider(std::string_view type);

inline bool is_custom_type(std::string_view type) {
    return type.starts_with("Custom::") || type == "AWS::CloudFormation::CustomResource";
}

const Provider& custom_resource_provider();
const Provider& dynamodb_table_provider();
const Provider& iam_role_provider();
const Provider& kinesis_stream_provider();
const Provider& lambda_function_provider();
const Provider& s3_bucket_provider();

// "<stack>-<logical id>-<12 characters>", cut to `limit` as AWS cuts it
// (facts/cloudformation.md 2.2).
std::string generated_name(Context& ctx, const ResourceRequest& request, std::size_t limit);

// The value of a text property, or the fallback.
std::string text_property(const boost::json::object& properties, std::string_view name,
                          std::string_view fallback = "");
// Empty if it is absent or something else. Refers into `properties`.
const boost::json::object& object_property(const boost::json::object& properties,
                                           std::string_view name);
const boost::json::array& list_property(const boost::json::object& properties,
                                        std::string_view name);
// Whether both have the same value of it, or neither has one.
bool is_same(const boost::json::object& one, const boost::json::object& other,
             std::string_view property);
// Whether an update is about this property; never so for a new resource.
bool is_changed(const ResourceRequest& resource, std::string_view property);

}  // namespace sbemu::cloudformation
