// Errors in the caller's protocol and the service's own manner.
#include <boost/json.hpp>

#include "emulator/wire/protocols.h"
#include "emulator/wire/values.h"
#include "emulator/wire/xml.h"

namespace sbemu::wire {
namespace {

namespace json = boost::json;
using model::Shape;

const Shape* exception_of(const Call& call, const ApiError& error) {
    const Shape* shape = model::find_shape(call.service, error.code);
    return shape && shape->is_exception ? shape : nullptr;
}

// The code as clients see it: the model's ChangeSetNotFoundException is "ChangeSetNotFound".
std::string_view wire_code(const ApiError& error, const Shape* exception) {
    return exception && !exception->error_code.empty() ? exception->error_code : error.code;
}

void append_field(std::string& body, std::string_view name, const json::value& value) {
    body += body.ends_with('{') ? "" : ",";
    append_json_string(body, name);
    body += ':';
    append_json(body, value);
}

void append_message(std::string& body, std::string_view key, const ApiError& error) {
    const std::string_view message = error.what();
    if (!message.empty()) append_field(body, key, json::value(message));
}

// facts/dynamodb-kinesis.md 1.1 and 3.1
HttpResponse write_json_error(const Call& call, const ApiError& error) {
    const Shape* exception = exception_of(call, error);
    const bool dynamodb = call.service.starts_with("dynamodb");
    std::string type;
    std::string_view key = "message";
    if (dynamodb && error.code == "ValidationException") {
        type = "com.amazon.coral.validate#";
    } else if (dynamodb && exception) {
        type = "com.amazonaws.dynamodb.v20120810#";
    } else if (dynamodb) {
        type = "com.amazon.coral.service#";
    }
    if (exception && exception->find("Message")) key = "Message";
    if (error.code == "SerializationException" || error.code == "AccessDeniedException") {
        key = "Message";
    }
    type += wire_code(error, exception);
    HttpResponse response;
    response.status = error.status;
    response.headers.emplace_back("Content-Type", call.content_type.empty()
                                                      ? "application/x-amz-json-1.1"
                                                      : call.content_type);
    std::string& body = response.body;
    body = "{";
    append_field(body, "__type", json::value(type));
    append_message(body, key, error);
    for (const auto& [name, value] : error.fields) append_field(body, name, value);
    body += '}';
    return response;
}

// facts/lambda.md section 0
HttpResponse write_rest_json_error(const Call& call, const ApiError& error) {
    const Shape* exception = exception_of(call, error);
    HttpResponse response;
    response.status = error.status;
    response.headers.emplace_back("Content-Type", "application/json");
    response.headers.emplace_back("x-amzn-ErrorType", std::string(wire_code(error, exception)));
    std::string& body = response.body;
    body = "{";
    std::string_view key = "Message";
    if (exception) {
        append_field(body, "Type", json::value(error.status >= 500 ? "Service" : "User"));
        if (exception->find("message")) key = "message";
    } else if (error.code == "ValidationException") {
        key = "message";
    }
    append_message(body, key, error);
    for (const auto& [name, value] : error.fields) {
        const model::Member* member = exception ? exception->find(name) : nullptr;
        if (member && member->location == model::Location::header) {
            response.headers.emplace_back(member->wire_name, header_text(*member, value));
        } else if (name != "Type" || !exception) {
            append_field(body, name, value);
        }
    }
    body += '}';
    return response;
}

void append_element(std::string& body, std::string_view name, const json::value& value) {
    std::string text;
    if (value.is_string()) {
        text = value.get_string();
    } else {
        append_json(text, value);
    }
    body.append("<").append(name) += '>';
    append_escaped(body, text);
    body.append("</").append(name) += '>';
}

// facts/cloudformation.md section 6
HttpResponse write_query_error(const Call& call, const ApiError& error,
                               std::string_view request_id) {
    const model::Service* service = model::find_service(call.service);
    HttpResponse response;
    response.status = error.status;
    response.headers.emplace_back("Content-Type", "text/xml");
    std::string& body = response.body;
    body = "<ErrorResponse xmlns=\"" + (service ? service->xml_namespace : "") + "\"><Error>";
    append_element(body, "Type", json::value(error.status >= 500 ? "Receiver" : "Sender"));
    append_element(body, "Code", json::value(wire_code(error, exception_of(call, error))));
    append_element(body, "Message", json::value(error.what()));
    for (const auto& [name, value] : error.fields) append_element(body, name, value);
    body += "</Error>";
    append_element(body, "RequestId", json::value(request_id));
    body += "</ErrorResponse>";
    return response;
}

HttpResponse write_s3_error(const ApiError& error, std::string_view request_id) {
    HttpResponse response;
    response.status = error.status;
    if (error.status == 304) return response;
    response.headers.emplace_back("Content-Type", "application/xml");
    std::string& body = response.body;
    body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>";
    append_element(body, "Code", json::value(error.code));
    append_element(body, "Message", json::value(error.what()));
    for (const auto& [name, value] : error.fields) append_element(body, name, value);
    append_element(body, "RequestId", json::value(request_id));
    append_element(body, "HostId", json::value(request_id));
    body += "</Error>";
    return response;
}

}  // namespace

HttpResponse write_error(const Call& call, const ApiError& error, std::string_view request_id) {
    if (call.protocol == "json") return write_json_error(call, error);
    if (call.protocol == "query") return write_query_error(call, error, request_id);
    if (call.protocol == "rest-json") return write_rest_json_error(call, error);
    return write_s3_error(error, request_id);
}

}  // namespace sbemu::wire
