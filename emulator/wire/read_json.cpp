// JSON 1.0 and 1.1: everything in the body, the operation in X-Amz-Target.
#include <boost/json.hpp>

#include "emulator/core/json_text.h"
#include "emulator/wire/compression.h"
#include "emulator/wire/json_body.h"
#include "emulator/wire/protocols.h"
#include "emulator/wire/values.h"

namespace sbemu::wire {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostDynamodbBytes = 16U << 20U;
constexpr std::size_t kMostUnpackedBytes = 64U << 20U;

Answer plain(int status, std::string content_type, std::string body) {
    Answer answer;
    answer.response.status = status;
    answer.response.headers.emplace_back("Content-Type", std::move(content_type));
    answer.response.body = std::move(body);
    return answer;
}

std::string_view media_type(std::string_view content_type) {
    return trimmed(content_type.substr(0, content_type.find(';')));
}

// facts/dynamodb-kinesis.md 1.1: the outermost checks, in AWS's order.
void check_dynamodb(const Reading& reading) {
    const HttpRequest& request = reading.request;
    if (request.body.size() > kMostDynamodbBytes) {
        throw ApiError("RequestTooLarge", "Request size exceeded 16777216 bytes", 413);  // assumed
    }
    if (request.method == "GET" && reading.url.path == "/") {
        throw plain(200, "text/plain",
                    "healthy: dynamodb." + reading.call.caller.region + ".amazonaws.com ");
    }
    const std::string_view type = media_type(request.header("content-type"));
    const bool known = equal_ignoring_case(type, "application/x-amz-json-1.0") ||
                       equal_ignoring_case(type, "application/x-amz-json-1.1") ||
                       equal_ignoring_case(type, "application/json");
    if (request.method != "POST" || !known) {
        throw plain(404, "text/plain", "<UnknownOperationException/>\n");
    }
}

// facts/dynamodb-kinesis.md 3.1; assumed to hold for Logs too.
void check_kinesis(const Reading& reading) {
    const HttpRequest& request = reading.request;
    if (request.method != "POST") {
        throw plain(
            403, "application/xml",
            "<AccessDeniedException>\n  <Message>Unable to determine service/operation name "
            "to be authorized</Message>\n</AccessDeniedException>\n");
    }
    const std::string_view type = media_type(request.header("content-type"));
    if (starts_ignoring_case(type, "application/x-amz-cbor-1")) {
        throw ApiError(
            "NotImplemented",
            "sbemu does not implement CBOR yet. Java clients send JSON when the variable "
            "AWS_CBOR_DISABLE is true.",
            501);
    }
    if (!equal_ignoring_case(type, "application/x-amz-json-1.1")) {
        throw plain(404, "application/json",
                    R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException",)"
                    R"("message":null},"Version":"1.0"})");
    }
}

bool read_boolean(json::value& value) {
    if (!value.is_string()) return false;
    const std::string text = lower(value.get_string());
    if (text == "true" || text == "1" || text == "yes") value = true;
    if (text == "false" || text == "0" || text == "no") value = false;
    return value.is_bool();
}

bool read_booleans(const model::Shape& shape, json::value& value);

// DynamoDB takes texts for booleans (facts/dynamodb-kinesis.md 1.2). Says whether there were any.
bool read_booleans(const model::Shape& structure, json::object& object) {
    bool changes = false;
    for (auto& [name, value] : object) {
        const model::Member* member = structure.find(name);
        if (member) changes |= read_booleans(*member->shape, value);
    }
    return changes;
}

bool read_booleans(const model::Shape& shape, json::value& value) {
    if (!shape.has_booleans) return false;
    if (shape.type == model::Type::boolean) return read_boolean(value);
    bool changes = false;
    if (shape.type == model::Type::structure && value.is_object()) {
        changes = read_booleans(shape, value.get_object());
    } else if (shape.type == model::Type::map && value.is_object()) {
        for (auto& entry : value.get_object()) {
            changes |= read_booleans(*shape.value().shape, entry.value());
        }
    } else if (shape.type == model::Type::list && value.is_array()) {
        for (json::value& entry : value.get_array()) {
            changes |= read_booleans(*shape.element().shape, entry);
        }
    }
    return changes;
}

}  // namespace

json::object parse_json_object(std::string_view body) {
    boost::system::error_code error;
    json::value value = parse_json(body, error);
    if (error == json::error::too_deep) {
        throw ApiError("SerializationException", "The body is nested in more than " +
                                                     std::to_string(kDeepestJson) + " levels");
    }
    if (error || !value.is_object()) throw ApiError("SerializationException", "");
    return std::move(value.get_object());
}

void unpack_body(HttpRequest& request, std::string_view service) {
    const std::string_view coding = trimmed(request.header("content-encoding"));
    if (coding.empty() || equal_ignoring_case(coding, "identity")) return;
    std::optional<std::string> body;
    if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "deflate")) {
        body = inflate(request.body, kMostUnpackedBytes);
    }
    if (!body) {
        const bool dynamodb = service.starts_with("dynamodb");
        throw ApiError(dynamodb ? "InternalServerError" : "SerializationException",
                       dynamodb ? "" : "The body is not " + std::string(coding) + " data",
                       dynamodb ? 500 : 400);
    }
    request.body = std::move(*body);
}

void read_json(Reading& reading) {
    Call& call = reading.call;
    const bool dynamodb = call.service.starts_with("dynamodb");
    dynamodb ? check_dynamodb(reading) : check_kinesis(reading);
    unpack_body(reading.request, call.service);
    call.params = parse_json_object(reading.request.body);
    const model::Operation* operation =
        model::find_operation(call.service, reading.destination.target);
    if (!operation) throw ApiError("UnknownOperationException", "");
    call.operation = operation->name;
    bool changes = false;
    if (operation->input) {
        read_times(*operation->input, call.params);
        changes = operation->input->has_times;
        if (dynamodb) changes |= read_booleans(*operation->input, call.params);
    }
    if (!changes) call.params_text = std::move(reading.request.body);
}

}  // namespace sbemu::wire
