#include "handlers/streambot/custom_resource.h"

#include "handlers/runtime/runtime_loop.h"
#include "handlers/runtime/text.h"

namespace json = boost::json;

namespace sbemu::streambot {
namespace {

constexpr std::string_view kFailedCreatePrefix = "streambot-failed/";
constexpr std::size_t kBodyBytesMax = 4096;  // cloudformation.md 1.6

std::optional<RequestType> request_type(const std::string& name) {
    if (name == "Create") return RequestType::create;
    if (name == "Update") return RequestType::update;
    if (name == "Delete") return RequestType::remove;
    return std::nullopt;
}

// Control characters in a Reason make DescribeStackEvents' XML unreadable (cloudformation.md 1.6).
std::string printable(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return text;
}

struct Outcome {
    bool is_success = false;
    std::string reason;
    std::string physical_resource_id;
    json::value data;
};

std::string body_text(const CustomResourceRequest& request, const Outcome& outcome,
                      std::string_view reason) {
    // In the order of streambot.md 4.1.
    return json::serialize(json::object{
        {"Status", outcome.is_success ? "SUCCESS" : "FAILED"},
        {"Reason", reason},
        {"PhysicalResourceId", outcome.physical_resource_id},
        {"StackId", request.stack_id},
        {"LogicalResourceId", request.logical_resource_id},
        {"RequestId", request.request_id},
        {"Data", outcome.data},
    });
}

// CloudFormation refuses a body over 4096 bytes, so a long Reason loses its end.
std::string body_of(const CustomResourceRequest& request, const Outcome& outcome) {
    std::string_view reason = outcome.reason;
    std::string body = body_text(request, outcome, reason);
    while (body.size() > kBodyBytesMax && !reason.empty()) {
        const std::size_t excess = body.size() - kBodyBytesMax;
        reason =
            lambda_runtime::utf8_prefix(reason, reason.size() - std::min(excess, reason.size()));
        body = body_text(request, outcome, reason);
    }
    return body;
}

Outcome failure(const CustomResourceRequest& request, const std::string& message,
                const std::string& code) {
    std::string reason = message;
    if (reason.empty()) {
        reason = "An unexpected error occurred" + (code.empty() ? "" : ": " + code);
    }
    // A FAILED answer with another id would change the id CloudFormation keeps (cloudformation.md
    // 1.9), so Update and Delete give back the one they were given.
    const bool has_id =
        request.type != RequestType::create && !request.physical_resource_id.empty();
    return {false, printable(reason),
            has_id ? request.physical_resource_id : failed_create_id(request), nullptr};
}

Outcome carry_out(const CustomResourceRequest& request, Context& context, const Work& work) {
    try {
        Success success = work(request);
        return {true, "", std::move(success.physical_resource_id), std::move(success.data)};
    } catch (const AwsError& error) {
        context.log(error.code + ": " + error.what());
        return failure(request, error.what(), error.code);
    } catch (const std::exception& error) {
        context.log(std::string("Error: ") + error.what());
        return failure(request, error.what(), "");
    }
}

[[noreturn]] void report_undelivered(Context& context, const std::string& why) {
    context.log("Failed to respond to CloudFormation: " + why);
    throw lambda_runtime::HandlerError("Error", "Failed to respond to CloudFormation");
}

// 4xx will not become better by asking again (an expired URL, a wrong signature): it is logged and
// the invocation ends well, as Streambot's does (streambot.md 4.5).
void deliver(const CustomResourceRequest& request, const std::string& body, Context& context,
             Aws& aws) {
    // The query of a presigned URL is a credential; it stays out of the log.
    context.log("Send response to: " +
                request.response_url.substr(0, request.response_url.find('?')));
    context.log("Response body: " + body);
    int status = 0;
    try {
        status = aws.put(request.response_url, body);
    } catch (const AwsError& error) {
        report_undelivered(context, error.code + ": " + error.what());
    }
    context.log("Response status: " + std::to_string(status));
    if (status >= 500) report_undelivered(context, "status " + std::to_string(status));
    if (status >= 300) context.log("CloudFormation did not take the response; not trying again");
}

}  // namespace

std::string text_property(const json::object& properties, std::string_view name) {
    const json::value* value = properties.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<CustomResourceRequest> CustomResourceRequest::parse(const json::value& event) {
    const json::object* object = event.if_object();
    if (object == nullptr) return std::nullopt;
    const json::value* properties = object->if_contains("ResourceProperties");
    if (properties == nullptr || !properties->is_object()) return std::nullopt;

    CustomResourceRequest request;
    request.type_name = text_property(*object, "RequestType");
    request.stack_id = text_property(*object, "StackId");
    request.logical_resource_id = text_property(*object, "LogicalResourceId");
    request.request_id = text_property(*object, "RequestId");
    request.response_url = text_property(*object, "ResponseURL");
    const auto type = request_type(request.type_name);
    if (!type || request.stack_id.empty() || request.logical_resource_id.empty() ||
        request.request_id.empty() || request.response_url.empty()) {
        return std::nullopt;
    }
    request.type = *type;
    request.physical_resource_id = text_property(*object, "PhysicalResourceId");
    request.properties = properties->get_object();
    const json::value* old_properties = object->if_contains("OldResourceProperties");
    if (old_properties != nullptr && old_properties->is_object()) {
        request.old_properties = old_properties->get_object();
    }
    return request;
}

std::string failed_create_id(const CustomResourceRequest& request) {
    return std::string(kFailedCreatePrefix) + request.request_id;
}

bool is_failed_create_id(const std::string& physical_resource_id) {
    return physical_resource_id.rfind(kFailedCreatePrefix, 0) == 0;
}

json::value answer(const json::value& event, Context& context, Aws& aws, const Work& work) {
    const auto request = CustomResourceRequest::parse(event);
    if (!request) return "ERROR: Invalid CloudFormation event";
    const std::string body = body_of(*request, carry_out(*request, context, work));
    deliver(*request, body, context, aws);
    return json::value(body);
}

}  // namespace sbemu::streambot
