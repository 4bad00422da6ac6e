#include "emulator/host/functions/runtime_api.h"

#include <boost/json.hpp>
#include <utility>

#include "emulator/core/check.h"
#include "emulator/core/encoding.h"
#include "emulator/host/http/session.h"

namespace sbemu {
namespace json = boost::json;
namespace {

constexpr std::size_t kResponseLimit = 6 * 1024 * 1024 + 100;  // facts/lambda.md 3.5
constexpr std::string_view kApi = "/2018-06-01";

wire::HttpResponse json_answer(int status, const json::object& body) {
    return {status, {{"Content-Type", "application/json"}}, json::serialize(body)};
}

wire::HttpResponse error_answer(int status, std::string_view type, std::string_view message) {
    return json_answer(status, {{"errorMessage", message}, {"errorType", type}});
}

wire::HttpResponse accepted() { return json_answer(202, {{"status", "OK"}}); }

// facts/lambda.md 4.1 lists what there is; extensions, telemetry and SnapStart come later.
wire::HttpResponse unknown(const wire::HttpRequest& request) {
    return error_answer(
        404, "NotImplemented",
        "sbemu's Lambda runtime does not implement " + request.method + " " + request.target);
}

wire::HttpResponse wrong_method(const wire::HttpRequest& request, std::string_view allowed) {
    wire::HttpResponse response = error_answer(
        405, "MethodNotAllowed", request.method + " is not allowed for " + request.target);
    response.headers.emplace_back("Allow", allowed);
    return response;
}

std::string header(const wire::HttpRequest& request, std::string_view name) {
    const std::string* value = find_header(request.headers, name);
    return value == nullptr ? std::string() : *value;
}

std::string_view path_of(const wire::HttpRequest& request) {
    return std::string_view(request.target).substr(0, request.target.find('?'));
}

int hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

std::string percent_decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0) {
            result += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
    if (!text.ends_with(suffix)) return false;
    text.remove_suffix(suffix.size());
    return true;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// A response that was streamed may end in an error, told in trailers (facts/lambda.md 4.1).
Posted posted_response(const wire::HttpRequest& request) {
    const std::string error_type = header(request, "Lambda-Runtime-Function-Error-Type");
    if (error_type.empty()) return {false, {}, request.body};
    const auto body = base64_decode(header(request, "Lambda-Runtime-Function-Error-Body"));
    return {true, error_type, body.value_or(std::string())};
}

Posted too_large() {
    json::object body{
        {"errorMessage", "Response payload size exceeded maximum allowed payload size (" +
                             std::to_string(kResponseLimit) + " bytes)."},
        {"errorType", "Function.ResponseSizeTooLarge"}};
    return {true, "Function.ResponseSizeTooLarge", json::serialize(body)};
}

}  // namespace

void RuntimeApi::handle(wire::HttpRequest request, HttpListener::Respond respond) {
    std::string_view path = path_of(request);
    if (!take_prefix(path, kApi)) return respond(unknown(request));
    if (path == "/ping") return respond({200, {{"Content-Type", "text/plain"}}, "pong"});
    if (path == "/runtime/invocation/next") {
        if (request.method != "GET") return respond(wrong_method(request, "GET"));
        return next(std::move(respond));
    }
    if (path == "/runtime/init/error") {
        if (request.method != "POST") return respond(wrong_method(request, "POST"));
        return init_error(request, respond);
    }
    if (take_prefix(path, "/runtime/invocation/")) return invocation(request, path, respond);
    respond(unknown(request));
}

void RuntimeApi::next(HttpListener::Respond respond) {
    if (state_ == State::running || state_ == State::init_error) {
        return respond(wrong_order("Ready"));
    }
    // A client that asks again has given its first request up.
    const auto earlier = std::exchange(waiting_, std::move(respond));
    if (state_ == State::ready) return earlier(wrong_order("Ready"));
    state_ = State::ready;
    listener_.on_ready();
}

void RuntimeApi::deliver(RuntimeEvent event) {
    SBEMU_CHECK(state_ == State::ready && waiting_);
    state_ = State::running;
    request_id_ = event.request_id;
    wire::HttpResponse response;
    response.headers = {
        {"Content-Type", "application/json"},
        {"Lambda-Runtime-Aws-Request-Id", std::move(event.request_id)},
        {"Lambda-Runtime-Deadline-Ms", std::to_string(to_milliseconds(event.deadline))},
        {"Lambda-Runtime-Invoked-Function-Arn", std::move(event.invoked_arn)},
        {"Lambda-Runtime-Trace-Id", std::move(event.trace_id)},
    };
    if (!event.client_context.empty()) {
        response.headers.emplace_back("Lambda-Runtime-Client-Context",
                                      std::move(event.client_context));
    }
    response.body = std::move(event.payload);
    const auto respond = std::exchange(waiting_, nullptr);
    respond(std::move(response));
}

// POST /runtime/invocation/{id}/response and .../error; `path` begins with the id.
void RuntimeApi::invocation(const wire::HttpRequest& request, std::string_view path,
                            const HttpListener::Respond& respond) {
    const bool is_error = take_suffix(path, "/error");
    if (!is_error && !take_suffix(path, "/response")) return respond(unknown(request));
    if (request.method != "POST") return respond(wrong_method(request, "POST"));
    if (request_id_.empty() || percent_decoded(path) != request_id_) {
        return respond(error_answer(400, "InvalidRequestID", "Invalid request ID"));
    }
    answer(request, is_error, respond);
}

void RuntimeApi::answer(const wire::HttpRequest& request, bool is_error,
                        const HttpListener::Respond& respond) {
    if (state_ != State::running) {
        return respond(wrong_order(is_error ? "InvocationErrorResponse" : "InvocationResponse"));
    }
    const std::string mode = header(request, "Lambda-Runtime-Function-Response-Mode");
    if (!is_error && !mode.empty() && mode != "streaming") {
        return respond(error_answer(400, "InvalidFunctionResponseMode",
                                    "Invalid function response mode: " + mode));
    }
    state_ = State::answered;
    if (!is_error && request.body.size() > kResponseLimit) {
        listener_.on_answer(too_large());
        return respond(error_answer(413, "RequestEntityTooLarge",
                                    "Exceeded maximum allowed payload size (" +
                                        std::to_string(kResponseLimit) + " bytes)."));
    }
    listener_.on_answer(
        is_error ? Posted{true, header(request, "Lambda-Runtime-Function-Error-Type"), request.body}
                 : posted_response(request));
    respond(accepted());
}

void RuntimeApi::init_error(const wire::HttpRequest& request,
                            const HttpListener::Respond& respond) {
    if (state_ != State::started) return respond(wrong_order("InitError"));
    state_ = State::init_error;
    respond(accepted());
    listener_.on_init_error(
        {true, header(request, "Lambda-Runtime-Function-Error-Type"), request.body});
}

wire::HttpResponse RuntimeApi::wrong_order(std::string_view wanted) const {
    constexpr std::string_view kNames[] = {"Started", "InitError", "Ready", "Running",
                                           "RuntimeResponseSentState"};
    return error_answer(
        403, "InvalidStateTransition",
        "State transition from " + std::string(kNames[static_cast<std::size_t>(state_)]) + " to " +
            std::string(wanted) + " failed for runtime. Error: State transition is not allowed");
}

}  // namespace sbemu
