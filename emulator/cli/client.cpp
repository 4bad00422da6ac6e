#include "emulator/cli/client.h"

#include <boost/json.hpp>
#include <cstdlib>

#include "emulator/core/encoding.h"
#include "emulator/core/model.h"
#include "emulator/wire/url.h"
#include "emulator/wire/xml.h"

namespace sbemu {
namespace {

namespace json = boost::json;

std::string environment_variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

void append_form(std::string& form, const std::string& name, const json::value& value) {
    if (value.is_object()) {
        for (const auto& [key, member] : value.as_object()) {
            append_form(form, name + (name.empty() ? "" : ".") + std::string(key), member);
        }
        return;
    }
    if (value.is_array()) {
        int number = 0;
        for (const json::value& entry : value.as_array()) {
            append_form(form, name + ".member." + std::to_string(++number), entry);
        }
        return;
    }
    const std::string text =
        value.is_string() ? std::string(value.as_string()) : json::serialize(value);
    form += "&" + name + "=" + percent_encode(text);
}

json::value value_of(const wire::XmlElement& element, const model::Shape& shape) {
    if (shape.type == model::Type::list) {
        json::array list;
        for (const wire::XmlElement& entry : element.children) {
            list.push_back(value_of(entry, *shape.element().shape));
        }
        return list;
    }
    if (shape.type != model::Type::structure) return json::value(element.text);
    json::object object;
    for (const model::Member& member : shape.members) {
        const wire::XmlElement* child = element.find(member.wire_name);
        if (child) object[member.name] = value_of(*child, *member.shape);
    }
    return object;
}

std::string header_of(const wire::HttpResponse& response, std::string_view name) {
    for (const auto& [header, value] : response.headers) {
        if (wire::equal_ignoring_case(header, name)) return value;
    }
    return "";
}

// The name of the error without namespace and what follows it: "ns#Code:http://...".
std::string bare_code(std::string code) {
    code = code.substr(0, code.find(':'));
    const auto hash = code.rfind('#');
    return hash == std::string::npos ? code : code.substr(hash + 1);
}

[[noreturn]] void throw_error(const wire::HttpResponse& response) {
    if (const auto document = wire::parse_xml(response.body)) {
        const wire::XmlElement* nested = document->find("Error");
        const wire::XmlElement& error = nested ? *nested : *document;
        const wire::XmlElement* code = error.find("Code");
        const wire::XmlElement* message = error.find("Message");
        if (code) throw CallError(code->text, message ? message->text : "");
    }
    json::error_code failed;
    const json::value body = json::parse(response.body, failed);
    if (!failed && body.is_object()) {
        const json::object& object = body.as_object();
        std::string code = header_of(response, "x-amzn-ErrorType");
        if (code.empty()) code = text_of(object, "__type");
        std::string message = text_of(object, "message");
        if (message.empty()) message = text_of(object, "Message");
        if (!code.empty()) throw CallError(bare_code(code), message);
    }
    throw CallError("status " + std::to_string(response.status),
                    response.body.empty() ? "no explanation" : response.body);
}

const model::Operation& known_operation(const std::string& service, const std::string& name) {
    const model::Operation* operation = model::find_operation(service, name);
    if (!operation) throw CommandError("no operation " + service + "." + name);
    return *operation;
}

}  // namespace

Identity identity_of_environment() {
    Identity identity;
    const std::string access_key = environment_variable("AWS_ACCESS_KEY_ID");
    if (!access_key.empty()) identity.access_key = access_key;
    for (const char* name : {"AWS_DEFAULT_REGION", "AWS_REGION"}) {
        const std::string region = environment_variable(name);
        if (!region.empty()) identity.region = region;
    }
    return identity;
}

json::object Client::call(const std::string& service, const std::string& operation,
                          const json::object& params) const {
    const model::Operation& known = known_operation(service, operation);
    if (known.service->protocol == "json") return call_json(service, operation, params);
    if (known.service->protocol == "query") return call_query(service, operation, params);
    throw std::logic_error(service + " speaks " + known.service->protocol);
}

json::object Client::call_json(const std::string& service, const std::string& operation,
                               const json::object& params) const {
    const model::Service& known = *known_operation(service, operation).service;
    const wire::HttpResponse response =
        send(service, {"POST",
                       "/",
                       {{"Content-Type", "application/x-amz-json-" + known.json_version},
                        {"X-Amz-Target", known.target_prefix + "." + operation}},
                       json::serialize(params)});
    if (response.body.empty()) return {};
    return json::parse(response.body).as_object();
}

json::object Client::call_query(const std::string& service, const std::string& operation,
                                const json::object& params) const {
    const model::Operation& known = known_operation(service, operation);
    const wire::HttpResponse response =
        send(service, {"POST",
                       "/",
                       {{"Content-Type", "application/x-www-form-urlencoded"}},
                       query_form(operation, known.service->api_version, params)});
    const auto document = wire::parse_xml(response.body);
    const wire::XmlElement* result =
        document && !known.result_wrapper.empty() ? document->find(known.result_wrapper) : nullptr;
    if (!result || !known.output) return {};
    return value_of(*result, *known.output).as_object();
}

wire::HttpResponse Client::send(const std::string& service, wire::HttpRequest request) const {
    const model::Service* known = model::find_service(service);
    const std::string& scope =
        known && !known->signing_name.empty() ? known->signing_name : service;
    request.headers.emplace_back(
        "Authorization", "AWS4-HMAC-SHA256 Credential=" + identity_.access_key + "/20170301/" +
                             identity_.region + "/" + scope +
                             "/aws4_request, SignedHeaders=host, Signature=none");
    wire::HttpResponse response = ask(endpoint_, request);
    if (response.status >= 400) throw_error(response);
    return response;
}

void Client::create_bucket(const std::string& bucket) const {
    std::string body;
    if (identity_.region != "us-east-1") {
        body = "<CreateBucketConfiguration><LocationConstraint>" + identity_.region +
               "</LocationConstraint></CreateBucketConfiguration>";
    }
    try {
        send("s3", {"PUT", "/" + bucket, {}, body});
    } catch (const CallError& error) {
        if (error.code != "BucketAlreadyOwnedByYou") throw;
    }
}

void Client::put_object(const std::string& bucket, const std::string& key,
                        const std::string& body) const {
    send("s3", {"PUT", "/" + bucket + "/" + percent_encode(key, "/"), {}, body});
}

std::string query_form(const std::string& operation, const std::string& version,
                       const json::object& params) {
    std::string form = "Action=" + operation + "&Version=" + version;
    append_form(form, "", params);
    return form;
}

std::string text_of(const json::object& object, std::string_view member) {
    const json::value* value = object.if_contains(member);
    return value && value->is_string() ? std::string(value->as_string()) : "";
}

}  // namespace sbemu
