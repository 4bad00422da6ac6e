#include "handlers/runtime/runtime_loop.h"

#include <boost/json.hpp>
#include <charconv>

namespace json = boost::json;

namespace sbemu::lambda_runtime {
namespace {

constexpr const char* kVersionPath = "/2018-06-01";

std::int64_t integer_of(const std::string& text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

json::value parse_event(const std::string& text) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 512;
    json::value event = json::parse(text, error, {}, options);
    if (error) {
        throw HandlerError("Runtime.UnmarshalError",
                           "Unable to unmarshal input: " + error.message());
    }
    return event;
}

// A header's value holds no line breaks; an error type comes from outside.
std::string header_safe(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    return text;
}

}  // namespace

RuntimeLoop::RuntimeLoop(HttpTransport& transport, const Timing& timing, const std::string& address,
                         Context sandbox)
    : transport_(transport),
      timing_(timing),
      base_(Url::parse("http://" + address)),
      sandbox_(std::move(sandbox)) {}

void RuntimeLoop::serve_one(const Handler& handler) {
    HttpRequest request{"GET", base_, {}, ""};
    request.url.target = kVersionPath;
    request.url.target += "/runtime/invocation/next";
    HttpResponse next;
    try {
        next = transport_.send(request, {});
    } catch (const HttpError& error) {
        throw RuntimeInterfaceError(error.what());
    }
    if (next.status != 200) {
        throw RuntimeInterfaceError("next answered " + std::to_string(next.status));
    }

    Context context = context_of(next);
    const std::string path = "/runtime/invocation/" + context.request_id;
    const std::string trace_id = next.header("lambda-runtime-trace-id").value_or("");
    context.set_variable("_X_AMZN_TRACE_ID", trace_id);
    std::string type;
    std::string message;
    try {
        const json::value event = parse_event(next.body);
        post(path + "/response", {{"Content-Type", "application/json"}},
             json::serialize(handler(event, context)));
        return;
    } catch (const RuntimeInterfaceError&) {
        throw;
    } catch (const AwsError& error) {
        type = error.code;
        message = error.what();
    } catch (const HandlerError& error) {
        type = error.type;
        message = error.what();
    } catch (const std::exception& error) {
        type = "Error";
        message = error.what();
    }
    context.log("[ERROR] " + type + ": " + message);
    post_error(path + "/error", type, message);
}

void RuntimeLoop::post_init_error(const std::string& type, const std::string& message) {
    post_error("/runtime/init/error", type, message);
}

Context RuntimeLoop::context_of(const HttpResponse& next) const {
    Context context = sandbox_;
    context.request_id = next.header("lambda-runtime-aws-request-id").value_or("");
    context.invoked_function_arn = next.header("lambda-runtime-invoked-function-arn").value_or("");
    context.deadline_ms = integer_of(next.header("lambda-runtime-deadline-ms").value_or(""));
    context.started_ms = timing_.now_ms();
    context.event_text = next.body;
    return context;
}

void RuntimeLoop::post_error(const std::string& path, const std::string& type,
                             const std::string& message) {
    const json::object body{
        {"errorType", type}, {"errorMessage", message}, {"stackTrace", json::array()}};
    post(path,
         {{"Content-Type", "application/vnd.aws.lambda.error.cause+json"},
          {"Lambda-Runtime-Function-Error-Type", header_safe(type)}},
         json::serialize(body));
}

// 4xx says that this answer came too late or was too large (lambda.md 4.1): Lambda has already told
// the caller, and the next event may come. 500 says that the sandbox is broken.
void RuntimeLoop::post(const std::string& path, Headers headers, std::string body) {
    HttpRequest request{"POST", base_, std::move(headers), std::move(body)};
    request.url.target = kVersionPath + path;
    HttpResponse answer;
    try {
        answer = transport_.send(request, {});
    } catch (const HttpError& error) {
        throw RuntimeInterfaceError(error.what());
    }
    if (answer.status >= 500) {
        throw RuntimeInterfaceError(path + " answered " + std::to_string(answer.status));
    }
    if (answer.status >= 300) {
        sandbox_.log("[WARN] the runtime interface answered " + std::to_string(answer.status) +
                     ": " + answer.body);
    }
}

}  // namespace sbemu::lambda_runtime
