// The custom-resource protocol from the handler's side (cloudformation.md 1): read the event, do
// the work, answer ResponseURL exactly once.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>

#include "handlers/runtime/aws.h"
#include "handlers/runtime/context.h"

namespace sbemu::streambot {

using lambda_runtime::Aws;
using lambda_runtime::AwsError;
using lambda_runtime::Context;

enum class RequestType { create, update, remove };

struct CustomResourceRequest {
    RequestType type = RequestType::create;
    std::string type_name;  // as sent: Create, Update, Delete
    std::string stack_id;
    std::string logical_resource_id;
    std::string request_id;
    std::string response_url;
    std::string physical_resource_id;  // "" on Create
    boost::json::object properties;
    std::optional<boost::json::object> old_properties;  // on Update

    // Nothing when the value is not an event of CloudFormation's.
    static std::optional<CustomResourceRequest> parse(const boost::json::value& event);
};

// A property that is a string, else "".
std::string text_property(const boost::json::object& properties, std::string_view name);

// The SUCCESS a piece of work ends with; it throws to answer FAILED, with what() as the Reason.
struct Success {
    std::string physical_resource_id;
    boost::json::value data;  // an object, or null
};

using Work = std::function<Success(const CustomResourceRequest& request)>;

// The id that FAILED answers to a Create carry. It owns nothing: a Delete of it removes nothing, so
// that rolling back a Create that was refused never removes what somebody else made.
std::string failed_create_id(const CustomResourceRequest& request);
bool is_failed_create_id(const std::string& physical_resource_id);

// Runs the work for the event and PUTs the outcome; the result is the body sent, as a JSON string
// (streambot.md 4.1), or the text "ERROR: Invalid CloudFormation event" without any request.
// Throws HandlerError when CloudFormation could not be told, so that Lambda delivers again.
boost::json::value answer(const boost::json::value& event, Context& context, Aws& aws,
                          const Work& work);

}  // namespace sbemu::streambot
