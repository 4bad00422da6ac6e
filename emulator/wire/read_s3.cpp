// REST-XML (S3): bucket in the host name or the path, operation by method and query.
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "emulator/wire/protocols.h"
#include "emulator/wire/values.h"
#include "emulator/wire/xml.h"

namespace sbemu::wire {
namespace {

namespace json = boost::json;
using model::Type;

constexpr std::string_view kResponseBucket = "cloudformation-custom-resource-response-";

struct Address {
    std::string_view bucket;  // still encoded, as the key
    std::string_view key;
};

Address address_of(const Url& url, std::string_view virtual_bucket) {
    std::string_view path = std::string_view(url.path).substr(1);
    if (!virtual_bucket.empty()) return {virtual_bucket, path};
    const std::size_t slash = std::min(path.find('/'), path.size());
    return {path.substr(0, slash), path.substr(std::min(slash + 1, path.size()))};
}

void read_xml_payload(const model::Member& payload, std::string_view body, json::object& params) {
    if (trimmed(body).empty()) return;
    const std::optional<XmlElement> root = parse_xml(body);
    if (!root) {
        throw ApiError("MalformedXML",
                       "The XML you provided was not well-formed or did not validate against our "
                       "published schema");
    }
    params[payload.name] = value_from_xml(payload, *root);
}

ApiError method_not_allowed(const HttpRequest& request) {
    ApiError error("MethodNotAllowed", "The specified method is not allowed against this resource.",
                   405);
    error.fields["Method"] = request.method;
    error.fields["ResourceType"] = "SERVICE";
    return error;
}

// S3 keeps Content-Encoding with the object; aws-chunked is not part of it.
void drop_chunked_coding(json::object& params) {
    json::value* coding = params.if_contains("ContentEncoding");
    if (!coding || !coding->is_string()) return;
    std::string kept;
    std::string_view rest = coding->get_string();
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (equal_ignoring_case(trimmed(part), "aws-chunked") || trimmed(part).empty()) continue;
        kept += (kept.empty() ? "" : ",") + std::string(trimmed(part));
    }
    if (kept.empty()) {
        params.stable_erase(params.find("ContentEncoding"));
    } else {
        *coding = kept;
    }
}

}  // namespace

void read_s3(Reading& reading) {
    Call& call = reading.call;
    HttpRequest& request = reading.request;
    const Address address = address_of(reading.url, reading.destination.virtual_bucket);
    std::vector<std::string_view> segments;
    if (!address.bucket.empty()) segments.push_back(address.bucket);
    if (!address.key.empty()) segments.push_back(address.key);
    const model::Operation* operation = find_route(call.service, request, segments, reading.url);
    if (!operation) throw method_not_allowed(request);
    call.operation = operation->name;
    unpack_s3_body(request);
    if (!operation->input) return;
    const model::Shape& input = *operation->input;
    read_bindings(input, request, reading.url, call.params);
    if (!address.bucket.empty()) call.params["Bucket"] = percent_decode(address.bucket);
    if (!address.key.empty()) call.params["Key"] = percent_decode(address.key);
    drop_chunked_coding(call.params);
    if (!input.payload) return;
    if (input.payload->shape->type == Type::blob) {
        // Signed, as all integers of requests are: an unsigned one is of another kind to JSON.
        if (call.params.contains("ContentLength")) {
            call.params["ContentLength"] = static_cast<std::int64_t>(request.body.size());
        }
        call.body = std::move(request.body);
    } else if (input.payload->shape->type == Type::string) {
        if (!request.body.empty()) call.params[input.payload->name] = request.body;
    } else {
        read_xml_payload(*input.payload, request.body, call.params);
    }
}

bool read_custom_resource_response(Reading& reading) {
    const HttpRequest& request = reading.request;
    if (request.method != "PUT") return false;
    const std::string virtual_bucket = bucket_of_host(request.header("host"));
    const Address address = address_of(reading.url, virtual_bucket);
    if (!address.bucket.starts_with(kResponseBucket) || address.key.empty()) return false;
    Call& call = reading.call;
    call.service = "cloudformation";
    call.operation = "PutResponse";
    call.protocol = "rest-xml";
    check_presigned(reading.url, reading.now);
    call.params["Key"] = percent_decode(address.key);
    call.params["Query"] = reading.url.raw_query;
    call.params["Host"] = request.header("host");
    call.body = std::move(reading.request.body);
    return true;
}

}  // namespace sbemu::wire
