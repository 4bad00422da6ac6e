#include "handlers/runtime/aws_protocols.h"

#include <boost/json.hpp>

#include "handlers/runtime/text.h"

namespace json = boost::json;

namespace sbemu::lambda_runtime {
namespace {

constexpr const char* kMappingsPath = "/2015-03-31/event-source-mappings";

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string required(const json::object& params, const std::string& name) {
    std::string text = text_of(params, name);
    if (text.empty()) {
        throw AwsError("ValidationException", "Missing required key '" + name + "' in params", 400);
    }
    return text;
}

[[noreturn]] void refuse(const std::string& service, const std::string& operation) {
    throw AwsError("NotImplemented", service + "." + operation + " is not built into this client",
                   501);
}

// Any operation: JSON 1.0 has one shape. One try waits 500 ms, as Streambot's does (streambot.md
// "What the handlers do"): DynamoDB answers in a few, so waiting longer only loses tries.
AwsRequest dynamodb_request(const std::string& operation, const json::object& params) {
    AwsRequest request{"POST", "/", {}, {}, json::serialize(params), "", 500};
    request.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                       {"X-Amz-Target", "DynamoDB_20120810." + operation}};
    return request;
}

std::string mapping_path(const json::object& params) {
    std::string path = kMappingsPath;
    path += '/';
    path += percent_encode(required(params, "UUID"));
    return path;
}

// Methods and paths: lambda.md 1.1.
AwsRequest lambda_request(const std::string& operation, const json::object& params) {
    AwsRequest request;
    json::object body = params;
    body.erase("UUID");
    const bool has_body =
        operation == "CreateEventSourceMapping" || operation == "UpdateEventSourceMapping";
    if (operation == "ListEventSourceMappings") {
        request.method = "GET";
        request.path = kMappingsPath;
        for (const auto& [name, value] : params) {
            request.query.emplace_back(
                name, value.is_string() ? std::string(value.as_string()) : json::serialize(value));
        }
    } else if (operation == "CreateEventSourceMapping") {
        request.method = "POST";
        request.path = kMappingsPath;
    } else if (operation == "UpdateEventSourceMapping") {
        request.method = "PUT";
        request.path = mapping_path(params);
    } else if (operation == "DeleteEventSourceMapping" || operation == "GetEventSourceMapping") {
        request.method = operation == "GetEventSourceMapping" ? "GET" : "DELETE";
        request.path = mapping_path(params);
    } else {
        refuse("lambda", operation);
    }
    if (has_body) {
        request.headers = {{"Content-Type", "application/json"}};
        request.body = json::serialize(body);
    }
    return request;
}

AwsRequest s3_request(const std::string& operation, const json::object& params) {
    if (operation != "PutObject") refuse("s3", operation);
    AwsRequest request;
    request.method = "PUT";
    request.bucket = required(params, "Bucket");
    request.path.append("/").append(percent_encode_path(required(params, "Key")));
    const std::string content_type = text_of(params, "ContentType");
    request.headers = {
        {"Content-Type", content_type.empty() ? "application/octet-stream" : content_type}};
    request.body = text_of(params, "Body");
    return request;
}

std::string xml_text(std::string_view xml, const std::string& tag) {
    const auto begin = xml.find("<" + tag + ">");
    if (begin == xml.npos) return {};
    const auto text = begin + tag.size() + 2;
    const auto end = xml.find("</" + tag + ">", text);
    return end == xml.npos ? std::string() : std::string(xml.substr(text, end - text));
}

json::object object_of(std::string_view body) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 128;
    const json::value value = json::parse(body, error, {}, options);
    if (error || !value.is_object()) {
        throw AwsError("SerializationError", "The answer is not a JSON object", 0);
    }
    return value.as_object();
}

// com.amazonaws.dynamodb.v20120810#ResourceNotFoundException and
// ResourceNotFoundException:http://... both name ResourceNotFoundException.
std::string bare_code(std::string code) {
    code = code.substr(0, code.find(':'));
    const auto hash = code.rfind('#');
    return hash == code.npos ? code : code.substr(hash + 1);
}

AwsError json_error(const HttpResponse& response) {
    std::string code = response.header("x-amzn-errortype").value_or("");
    std::string message;
    boost::system::error_code error;
    const json::value body = json::parse(response.body, error);
    if (!error && body.is_object()) {
        if (code.empty()) code = text_of(body.get_object(), "__type");
        // lambda.md 0: the key's case depends on the exception.
        message = text_of(body.get_object(), "message");
        if (message.empty()) message = text_of(body.get_object(), "Message");
    }
    return {bare_code(code), message, response.status};
}

}  // namespace

AwsRequest aws_request(const std::string& service, const std::string& operation,
                       const json::object& params) {
    if (service == "dynamodb") return dynamodb_request(operation, params);
    if (service == "lambda") return lambda_request(operation, params);
    if (service == "s3") return s3_request(operation, params);
    refuse(service, operation);
}

json::object aws_output(const std::string& service, const HttpResponse& response) {
    if (service == "s3") return {{"ETag", response.header("etag").value_or("")}};
    return response.body.empty() ? json::object() : object_of(response.body);
}

AwsError aws_error(const std::string& service, const HttpResponse& response) {
    AwsError error = service == "s3" ? AwsError(xml_text(response.body, "Code"),
                                                xml_text(response.body, "Message"), response.status)
                                     : json_error(response);
    if (error.code.empty()) error.code = std::to_string(response.status);
    error.request_id = response.header("x-amzn-requestid")
                           .value_or(response.header("x-amz-request-id").value_or(""));
    return error;
}

}  // namespace sbemu::lambda_runtime
