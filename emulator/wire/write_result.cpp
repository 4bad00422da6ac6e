// Results in the caller's protocol.
#include <boost/json.hpp>

#include "emulator/wire/protocols.h"
#include "emulator/wire/values.h"
#include "emulator/wire/xml.h"

namespace sbemu::wire {
namespace {

namespace json = boost::json;
using model::Location;
using model::Member;
using model::Operation;
using model::Shape;
using model::Type;

constexpr std::string_view kXmlDeclaration = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                                             "\n";
constexpr std::string_view kS3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

HttpResponse write_json(const Call& call, const Operation& operation, const Outcome& outcome) {
    HttpResponse response;
    // Operations that answer nothing have an empty body (facts/dynamodb-kinesis.md 1.1, 3.4).
    if (!operation.output) return response;
    constexpr std::size_t kUsualHeaders = 4;
    response.headers.reserve(kUsualHeaders);
    response.headers.emplace_back("Content-Type", call.content_type);
    response.body = outcome.result_text;
    if (response.body.empty()) {
        append_json_object(response.body, *operation.output, outcome.result);
    }
    return response;
}

HttpResponse write_query(const Operation& operation, const Outcome& outcome,
                         std::string_view request_id) {
    HttpResponse response;
    response.headers.emplace_back("Content-Type", "text/xml");
    std::string& body = response.body;
    body.reserve(512);
    body += '<' + operation.name + "Response xmlns=\"" + operation.service->xml_namespace + "\">";
    if (operation.output) {
        const std::string& wrapper = operation.result_wrapper;
        if (!wrapper.empty()) body += '<' + wrapper + '>';
        append_xml_members(body, *operation.output, outcome.result);
        if (!wrapper.empty()) body += "</" + wrapper + '>';
    }
    body += "<ResponseMetadata><RequestId>";
    append_escaped(body, request_id);
    body += "</RequestId></ResponseMetadata></" + operation.name + "Response>";
    return response;
}

void add_header(HttpResponse& response, const std::string& name, std::string value) {
    // A header is one line.
    std::erase_if(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    response.headers.emplace_back(name, std::move(value));
}

// Moves what is bound to status and headers there; says whether members are left for the body.
void write_bindings(const Operation& operation, const json::object& result, bool is_head,
                    HttpResponse& response) {
    for (const Member& member : operation.output->members) {
        if (member.location == Location::body) continue;
        const json::value* value = result.if_contains(member.name);
        if (!value || value->is_null()) continue;
        if (member.location == Location::status) {
            if (value->is_int64()) response.status = static_cast<int>(value->get_int64());
        } else if (member.location == Location::prefix_headers && value->is_object()) {
            for (const auto& [key, entry] : value->get_object()) {
                add_header(response, member.wire_name + std::string(key),
                           header_text(member.shape->value(), entry));
            }
        } else if (member.location == Location::header) {
            if (!is_head && member.wire_name == "Content-Length") continue;  // the host counts
            add_header(response, member.wire_name, header_text(member, *value));
        }
    }
}

bool has_header(const HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (equal_ignoring_case(key, name)) return true;
    }
    return false;
}

HttpResponse write_rest_json(const Call& call, const Operation& operation, const Outcome& outcome) {
    HttpResponse response;
    response.status = operation.status;
    if (!operation.output) return response;
    const Shape& output = *operation.output;
    write_bindings(operation, outcome.result, call.method == "HEAD", response);
    if (response.status == 204) return response;
    if (output.payload && output.payload->shape->is_scalar()) {
        response.body = outcome.body;
    } else if (output.payload) {
        const json::value* payload = outcome.result.if_contains(output.payload->name);
        if (payload) append_json(response.body, *output.payload, *payload);
    } else {
        append_json_object(response.body, output, outcome.result);
    }
    if (!has_header(response, "Content-Type")) {
        response.headers.emplace_back("Content-Type", "application/json");
    }
    return response;
}

// The API models do not name root elements; the S3 API reference does.
std::string_view root_element(const Operation& operation) {
    static constexpr std::pair<std::string_view, std::string_view> kRoots[] = {
        {"CompleteMultipartUpload", "CompleteMultipartUploadResult"},
        {"CreateMultipartUpload", "InitiateMultipartUploadResult"},
        {"CreateSession", "CreateSessionResult"},
        {"DeleteObjects", "DeleteResult"},
        {"GetBucketAccelerateConfiguration", "AccelerateConfiguration"},
        {"GetBucketAcl", "AccessControlPolicy"},
        {"GetBucketCors", "CORSConfiguration"},
        {"GetBucketLifecycleConfiguration", "LifecycleConfiguration"},
        {"GetBucketLogging", "BucketLoggingStatus"},
        {"GetBucketNotificationConfiguration", "NotificationConfiguration"},
        {"GetBucketRequestPayment", "RequestPaymentConfiguration"},
        {"GetBucketTagging", "Tagging"},
        {"GetBucketVersioning", "VersioningConfiguration"},
        {"GetBucketWebsite", "WebsiteConfiguration"},
        {"GetObjectAcl", "AccessControlPolicy"},
        {"GetObjectAttributes", "GetObjectAttributesResponse"},
        {"GetObjectTagging", "Tagging"},
        {"ListBuckets", "ListAllMyBucketsResult"},
        {"ListMultipartUploads", "ListMultipartUploadsResult"},
        {"ListObjectVersions", "ListVersionsResult"},
        {"ListObjects", "ListBucketResult"},
        {"ListObjectsV2", "ListBucketResult"},
        {"ListParts", "ListPartsResult"}};
    for (const auto& [name, root] : kRoots) {
        if (name == operation.name) return root;
    }
    return operation.output->name;
}

// The one answer whose root element is its only member.
std::string bucket_location(const json::object& result) {
    std::string text(kXmlDeclaration);
    text += "<LocationConstraint xmlns=\"" + std::string(kS3Namespace) + "\"";
    const json::value* region = result.if_contains("LocationConstraint");
    if (!region || !region->is_string() || region->get_string().empty()) return text + "/>";
    text += '>';
    append_escaped(text, region->get_string());
    return text + "</LocationConstraint>";
}

bool has_body_members(const Shape& shape) {
    return std::any_of(shape.members.begin(), shape.members.end(),
                       [](const Member& m) { return m.location == Location::body; });
}

HttpResponse write_rest_xml(const Call& call, const Operation& operation, const Outcome& outcome) {
    HttpResponse response;
    response.status = operation.status;
    if (!operation.output) return response;
    const Shape& output = *operation.output;
    write_bindings(operation, outcome.result, call.method == "HEAD", response);
    if (operation.name == "GetBucketLocation") {
        response.body = bucket_location(outcome.result);
    } else if (output.payload && output.payload->shape->type == Type::blob) {
        response.body = outcome.body;
        return response;
    } else if (output.payload && output.payload->shape->type == Type::string) {
        const json::value* text = outcome.result.if_contains(output.payload->name);
        if (text && text->is_string()) response.body = text->get_string();
        return response;
    } else if (output.payload) {
        const json::value* payload = outcome.result.if_contains(output.payload->name);
        if (!payload) return response;
        Member root = *output.payload;
        if (root.xml_namespace.empty()) root.xml_namespace = kS3Namespace;
        response.body = kXmlDeclaration;
        append_xml(response.body, root, *payload);
    } else if (has_body_members(output)) {
        const std::string_view root = root_element(operation);
        response.body = kXmlDeclaration;
        response.body.append("<").append(root).append(" xmlns=\"").append(kS3Namespace) += "\">";
        append_xml_members(response.body, output, outcome.result);
        response.body.append("</").append(root) += ">";
    }
    if (!response.body.empty()) response.headers.emplace_back("Content-Type", "application/xml");
    return response;
}

}  // namespace

HttpResponse write_result(const Call& call, const Operation* operation, const Outcome& outcome,
                          std::string_view request_id) {
    if (!operation) {
        // Not of the API models: the PUT to a ResponseURL, which is answered as PutObject is.
        HttpResponse response;
        if (const json::value* etag = outcome.result.if_contains("ETag")) {
            if (etag->is_string()) response.headers.emplace_back("ETag", etag->get_string());
        }
        return response;
    }
    if (call.protocol == "json") return write_json(call, *operation, outcome);
    if (call.protocol == "query") return write_query(*operation, outcome, request_id);
    if (call.protocol == "rest-json") return write_rest_json(call, *operation, outcome);
    return write_rest_xml(call, *operation, outcome);
}

}  // namespace sbemu::wire
