// REST-JSON (Lambda): operation by method and path, members in path, query, headers and body.
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"
#include "emulator/wire/json_body.h"
#include "emulator/wire/protocols.h"
#include "emulator/wire/values.h"

namespace sbemu::wire {
namespace {

namespace json = boost::json;
using model::Member;
using model::Type;

// Old clients end some paths with a slash (facts/lambda.md section 0).
std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    while (true) {
        const std::size_t slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

void read_labels(const model::Operation& operation, const std::vector<std::string_view>& segments,
                 json::object& params) {
    std::size_t index = 0;
    std::string_view uri = std::string_view(operation.uri).substr(0, operation.uri.find('?'));
    for (const std::string_view part : segments_of(uri)) {
        if (part.starts_with('{') && index < segments.size()) {
            const std::string_view label = part.substr(1, part.find_first_of("+}") - 1);
            for (const Member& member : operation.input->members) {
                if (member.location == model::Location::uri && member.wire_name == label) {
                    params[member.name] =
                        model::scalar_from_text(member, percent_decode(segments[index]));
                }
            }
        }
        ++index;
    }
}

// JSON keys are wire names.
void rename_members(const model::Shape& shape, json::object& body) {
    for (const Member& member : shape.members) {
        if (member.location != model::Location::body || member.wire_name == member.name) continue;
        const auto found = body.find(member.wire_name);
        if (found == body.end()) continue;
        json::value value = std::move(found->value());
        body.stable_erase(found);
        body[member.name] = std::move(value);
    }
}

// As Invoke words it (facts/lambda.md 3.4); the reason itself is ours.
json::object parse_rest_body(std::string_view text) {
    boost::system::error_code error;
    json::value body = parse_json(text, error);
    if (!error && body.is_object()) return std::move(body.get_object());
    throw ApiError("InvalidRequestContentException",
                   "Could not parse request body into json: " +
                       (error ? error.message() : std::string("it is not an object")));
}

}  // namespace

void read_rest_json(Reading& reading) {
    Call& call = reading.call;
    HttpRequest& request = reading.request;
    const std::vector<std::string_view> segments = segments_of(reading.url.path);
    const model::Operation* operation = find_route(call.service, request, segments, reading.url);
    if (!operation) {
        // The text and status are AWS's; the error's code is assumed.
        throw ApiError("AccessDeniedException",
                       "Unable to determine service/operation name to be authorized", 403);
    }
    call.operation = operation->name;
    if (!operation->input) return;
    const model::Shape& input = *operation->input;
    unpack_body(request, call.service);
    if (input.payload && input.payload->shape->type == Type::blob) {
        call.body = std::move(request.body);
    } else if (!trimmed(request.body).empty()) {
        json::object body = parse_rest_body(request.body);
        const model::Shape& shape = input.payload ? *input.payload->shape : input;
        rename_members(shape, body);
        read_times(shape, body);
        if (input.payload) {
            call.params[input.payload->name] = std::move(body);
        } else {
            call.params = std::move(body);
        }
    }
    read_labels(*operation, segments, call.params);
    read_bindings(input, request, reading.url, call.params);
}

}  // namespace sbemu::wire
