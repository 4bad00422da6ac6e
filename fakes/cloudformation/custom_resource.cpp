#include "fakes/cloudformation/custom_resource.h"

#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/blobs.h"
#include "emulator/core/encoding.h"
#include "emulator/core/faults.h"
#include "emulator/core/json_text.h"
#include "emulator/core/timers.h"
#include "fakes/cloudformation/engine.h"
#include "fakes/cloudformation/errors.h"
#include "fakes/cloudformation/provider.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

using namespace std::chrono_literals;

constexpr Property kProperties[] = {{.name = "ServiceToken", .required = true}};
constexpr std::int64_t kLongestTimeoutSeconds = 3600;
constexpr Duration kUrlLifetime = 7200s;
constexpr std::size_t kLongestResponse = 4096;

// Every leaf becomes text: true -> "true", 14 -> "14" (facts/cloudformation.md 1.2).
json::value with_text_leaves(const json::value& value) {
    if (const json::object* object = value.if_object()) {
        json::object result;
        for (const auto& [key, member] : *object) result[key] = with_text_leaves(member);
        return result;
    }
    if (const json::array* array = value.if_array()) {
        json::array result;
        for (const json::value& item : *array) result.push_back(with_text_leaves(item));
        return result;
    }
    return json::value(scalar_text(value));
}

std::string without_dashes(std::string text) {
    std::erase(text, '-');
    return text;
}

// The query of the ResponseURL. Nobody but this emulator verifies the signature, so it is drawn.
std::string signed_query(Context& ctx) {
    const std::string stamp = compact_time(ctx.now);
    const std::string scope = stamp.substr(0, 8) + "/" + ctx.caller.region + "/s3/aws4_request";
    // Each drawn by itself: compilers evaluate the parts of one expression in orders of their own.
    const std::string signature = ctx.random.hex(64);
    const std::string access_key = "AKIA" + ctx.random.text(16, kUpperAlphanumeric);
    return "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=" + stamp +
           "&X-Amz-SignedHeaders=host&X-Amz-Expires=7200&X-Amz-Credential=" +
           percent_encode(access_key + "/" + scope) + "&X-Amz-Signature=" + signature;
}

std::string response_url(Context& ctx, const CustomRequest& request) {
    const std::string& region = ctx.caller.region;
    return "https://cloudformation-custom-resource-response-" + without_dashes(region) + ".s3." +
           region + ".amazonaws.com/" +
           percent_encode(request.stack_id + "|" + request.logical_id + "|" + request.request_id,
                          "/") +
           "?" + request.query;
}

std::chrono::seconds response_timeout(const json::object& properties) {
    const json::value* given = properties.if_contains("ServiceTimeout");
    if (!given) return std::chrono::seconds(kLongestTimeoutSeconds);
    const std::string text = scalar_text(*given);
    const bool is_number = !text.empty() && text.size() <= 4 &&
                           text.find_first_not_of("0123456789") == std::string::npos;
    const std::int64_t seconds = is_number ? std::stoll(text) : 0;
    if (seconds < 1 || seconds > kLongestTimeoutSeconds) {
        throw validation_error(
            "Property validation failure: [Value of property "
            "{/ServiceTimeout} is not between 1 and 3600]");  // assumed
    }
    return std::chrono::seconds(seconds);
}

Progress send(Context& ctx, const char* request_type, const ResourceRequest& resource) {
    const std::string token = text_property(resource.properties, "ServiceToken");
    const auto arn = parse_arn(token);
    if (arn && arn->service == "sns") throw not_implemented("an SNS topic as ServiceToken");
    if (!arn || arn->service != "lambda") throw validation_error("Invalid service token.");
    const auto timeout = response_timeout(resource.properties);

    CustomRequest request;
    request.request_id = ctx.random.uuid();
    request.stack_id = resource.stack_id;
    request.logical_id = resource.logical_id;
    request.work = resource.work;
    request.query = signed_query(ctx);
    request.expires_at = ctx.now + kUrlLifetime;
    request.state = "open";
    insert_request(ctx, request);

    json::object event{{"RequestType", request_type},
                       {"ServiceToken", token},
                       {"ResponseURL", response_url(ctx, request)},
                       {"StackId", resource.stack_id},
                       {"RequestId", request.request_id},
                       {"LogicalResourceId", resource.logical_id}};
    if (!resource.physical_id.empty()) event["PhysicalResourceId"] = resource.physical_id;
    event["ResourceType"] = resource.type;
    if (resource.properties.contains("ServiceTimeout")) {
        event["ServiceTimeout"] = text_property(resource.properties, "ServiceTimeout");
    }
    event["ResourceProperties"] = with_text_leaves(resource.properties);
    if (std::string_view(request_type) == "Update") {
        event["OldResourceProperties"] = with_text_leaves(resource.old_properties);
    }
    Context at_function = ctx.as({ctx.caller.account, arn->region, ctx.caller.access_key});
    at_function.call("lambda", "Invoke", {{"FunctionName", token}, {"InvocationType", "Event"}},
                     json::serialize(event));
    set_timer(ctx, "cloudformation", "response-timeout", request.request_id, ctx.now + timeout);
    return Progress::waiting(request.request_id);
}

Progress create(Context& ctx, const ResourceRequest& resource) {
    return send(ctx, "Create", resource);
}

Progress update(Context& ctx, const ResourceRequest& resource) {
    if (text_property(resource.properties, "ServiceToken") !=
        text_property(resource.old_properties, "ServiceToken")) {
        throw validation_error("Modifying service token is not allowed.");
    }
    return send(ctx, "Update", resource);
}

Progress remove(Context& ctx, const ResourceRequest& resource) {
    return send(ctx, "Delete", resource);
}

Verdict failure(const std::string& reason, const std::string& physical_id = "") {
    return {false, reason, physical_id, {}};
}

Verdict invalid(const std::string& what) { return failure("Invalid Response object: " + what); }

std::string text_member(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : "";
}

// Control characters would make the XML of DescribeStackEvents invalid
// (facts/cloudformation.md 1.6, last paragraph).
std::string printable(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = ' ';
    }
    return text;
}

}  // namespace

Verdict judge_response(const std::string& body, const CustomRequest& request) {
    if (body.size() > kLongestResponse) return failure("Response object is too long.");
    boost::system::error_code error;
    const json::value parsed = parse_json(body, error);
    // The texts of this function that name no source in facts/cloudformation.md 1.6 are assumed.
    if (error || !parsed.is_object()) return invalid("Response is not valid JSON");
    const json::object& response = parsed.as_object();
    for (const auto& [name, expected] : {std::pair{"StackId", &request.stack_id},
                                         {"RequestId", &request.request_id},
                                         {"LogicalResourceId", &request.logical_id}}) {
        if (text_member(response, name) != *expected) {
            return invalid(std::string("Value of property ") + name +
                           " does not match the request");
        }
    }
    const json::value* id = response.if_contains("PhysicalResourceId");
    const std::string status = text_member(response, "Status");
    if (status != "SUCCESS" && status != "FAILED") {
        const json::value* given = response.if_contains("Status");
        return invalid("'" + (given ? scalar_text(*given) : "") +
                       "' is not a valid ResponseStatus");
    }
    if (!id || id->is_null() || (id->is_string() && id->as_string().empty())) {
        return failure("Invalid PhysicalResourceId");
    }
    if (!id->is_string()) {
        return invalid("Value of property PhysicalResourceId must be of type String");
    }
    const std::string physical_id(id->as_string());
    if (physical_id.size() > 1024) return failure("Invalid PhysicalResourceId");
    if (status == "FAILED") {
        return failure(
            "Received response status [FAILED] from custom resource. Message returned: " +
                printable(text_member(response, "Reason")) + " (RequestId: " + request.request_id +
                ")",
            physical_id);
    }
    Verdict verdict{true, "", physical_id, {}};
    if (const json::value* data = response.if_contains("Data"); data && !data->is_null()) {
        if (!data->is_object()) return invalid("Value of property Data must be an object");
        verdict.data = data->as_object();
    }
    const json::value* no_echo = response.if_contains("NoEcho");
    if (no_echo && scalar_text(*no_echo) == "true") verdict.data[kNoEchoAttribute] = true;
    return verdict;
}

namespace {

json::object take_response(Context& ctx, const json::object& call) {
    const std::string key = text_member(call, "Key");
    const auto last_bar = key.rfind('|');
    auto request =
        last_bar == std::string::npos ? std::nullopt : find_request(ctx, key.substr(last_bar + 1));
    if (!request ||
        key != request->stack_id + "|" + request->logical_id + "|" + request->request_id ||
        text_member(call, "Query") != request->query) {
        throw ApiError("SignatureDoesNotMatch",
                       "The request signature we calculated does not match the signature you "
                       "provided. Check your key and signing method.",
                       403);
    }
    if (ctx.now > request->expires_at) {
        throw ApiError("AccessDenied", "Request has expired", 403);
    }
    json::object answer{{"ETag", "\"" + hex_encode(md5(ctx.body)) + "\""}};
    // A second or late PUT is stored by S3 and read by nobody (facts/cloudformation.md 1.4).
    if (request->state != "open") return answer;
    const Verdict verdict = judge_response(std::string(ctx.body), *request);
    request->state = "answered";
    request->response = std::string(ctx.body.substr(0, kLongestResponse));
    request->verdict = verdict.reason;
    update_request(ctx, *request);
    cancel_timer(ctx, "cloudformation", "response-timeout", request->request_id);

    const auto arn = parse_arn(request->stack_id);
    Context stack_context = ctx.as({arn->account, arn->region, ""});
    auto stack = find_stack(stack_context, request->stack_id);
    const auto work = find_work(ctx, request->work);
    if (!stack || !work || work->state != "running") return answer;
    Engine engine(stack_context, std::move(*stack));
    if (verdict.success) {
        Progress progress = Progress::done(verdict.physical_id, verdict.data);
        engine.finish_work(*work, progress);
    } else {
        engine.fail_work(*work, verdict.reason, verdict.physical_id);
    }
    engine.step();
    return answer;
}

}  // namespace

// Faults of its own: "late" answers now and lets the response count later, "twice" takes it twice.
json::object put_response(Context& ctx, const json::object& call) {
    const FaultedCall faulted{"cloudformation", "PutResponse", call};
    if (const auto fault = take_fault(ctx, faulted, "late")) {
        json::object kept = call;
        kept["Blob"] = ctx.body_blob;
        set_timer(ctx, "cloudformation", "late-response", json::serialize(kept),
                  ctx.now + Duration{fault->at("Delay").as_int64()});
        return {{"ETag", "\"" + hex_encode(md5(ctx.body)) + "\""}};
    }
    json::object answer = take_response(ctx, call);
    if (take_fault(ctx, faulted, "twice")) take_response(ctx, call);
    return answer;
}

void late_response_timer(Context& ctx, std::string_view kept_call) {
    const json::object call = parse_json(kept_call).as_object();
    const std::string hash = text_member(call, "Blob");
    const std::string body = hash.empty() ? "" : get_blob(ctx.store, hash);
    Context arrived = ctx.as(ctx.caller);
    arrived.body = body;
    take_response(arrived, call);
}

void response_timeout_timer(Context& ctx, std::string_view request_id) {
    auto request = find_request(ctx, request_id);
    if (!request || request->state != "open") return;
    request->state = "timed out";
    update_request(ctx, *request);
    auto stack = find_stack(ctx, request->stack_id);
    const auto work = find_work(ctx, request->work);
    if (!stack || !work || work->state != "running") return;
    Engine engine(ctx, std::move(*stack));
    engine.fail_work(*work,
                     "CloudFormation did not receive a response from your Custom Resource. Please "
                     "check your logs for requestId [" +
                         request->request_id +
                         "]. If you are using the Python cfn-response module, you may need to "
                         "update your Lambda function code so that CloudFormation can attach the "
                         "updated version.");
    engine.step();
}

const Provider& custom_resource_provider() {
    static constexpr Provider kProvider{"Custom::", kProperties, "",     {},
                                        create,     update,      remove, nullptr};
    return kProvider;
}

}  // namespace sbemu::cloudformation
