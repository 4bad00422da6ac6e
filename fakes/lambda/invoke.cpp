// Invoke: RequestResponse waits for the answer, Event does not, DryRun only looks.
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "fakes/lambda/errors.h"
#include "fakes/lambda/functions.h"
#include "fakes/lambda/invocations.h"
#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

// facts/lambda.md 3.5.
constexpr std::size_t kSyncLimit = 6291456;
constexpr std::size_t kAsyncLimit = 1048576;
constexpr std::size_t kDepthLimit = 1000;  // of nested payloads, as Jackson has it

void check_size(std::size_t size, bool is_event) {
    if (is_event && size > kAsyncLimit) {
        throw user_error("RequestTooLargeException",
                         std::to_string(size) +
                             " byte payload is too large for the Event invocation type (limit "
                             "1048576 bytes)",
                         413);
    }
    if (size > kSyncLimit) {
        throw request_too_large(
            "Request must be smaller than 6291456 bytes for the InvokeFunction operation");
    }
}

// AWS parses with Jackson, whose words are not all reproduced; the frame of the text is AWS's.
void check_is_json(std::string_view payload) {
    json::parse_options options;
    options.max_depth = kDepthLimit;
    json::stream_parser parser({}, options);
    boost::system::error_code error;
    std::size_t read = parser.write_some(payload.data(), payload.size(), error);
    if (!error) parser.finish(error);
    if (!error && payload.find_first_not_of(" \t\r\n", read) == std::string_view::npos) return;
    const std::string reason = error ? error.message() : "Unexpected character after the value";
    throw user_error(
        "InvalidRequestContentException",
        "Could not parse request body into json: Could not parse payload into json: " + reason +
            "\n at [Source: REDACTED; line: 1, column: " + std::to_string(read + 1) + "]",
        400);
}

std::optional<std::string> client_context_of(const json::object& request) {
    const auto text = find_text(request, "ClientContext");
    if (!text || text->empty()) return std::nullopt;
    const auto decoded = base64_decode(*text);
    boost::system::error_code error;
    if (decoded) json::parse(*decoded, error);
    if (!decoded || error) {
        // Code as modelled, text assumed.
        throw user_error("InvalidRequestContentException",
                         "Client context must be a valid Base64-encoded JSON object.", 400);
    }
    return decoded;
}

// A missing function is named with ":$LATEST" even if no qualifier was given (facts/lambda.md 3.4).
Addressed invoked_function(Context& ctx, const json::object& request) {
    FunctionReference reference = parse_function_name(ctx, required_text(request, "FunctionName"),
                                                      find_text(request, "Qualifier"));
    auto function = find_function(ctx, reference.name);
    if (!function || !reference.is_latest()) {
        throw function_not_found(
            function_arn(ctx, reference.name, reference.qualifier.value_or(std::string(kLatest))));
    }
    return {std::move(reference), std::move(*function)};
}

}  // namespace

json::object invoke(Context& ctx, const json::object& request) {
    for (const std::string_view member : {"DurableExecutionName", "TenantId"}) {
        if (asks_for(request, member)) throw not_implemented("lambda " + std::string(member));
    }
    const std::string type = find_text(request, "InvocationType").value_or("RequestResponse");
    const bool is_event = type == "Event";
    check_size(ctx.body.size(), is_event);
    const Addressed addressed = invoked_function(ctx, request);
    Invocation invocation;
    invocation.client_context = client_context_of(request);
    // An empty body reaches the handler as {} (facts/lambda.md 3.5).
    invocation.payload = ctx.body.empty() ? "{}" : std::string(ctx.body);
    check_is_json(invocation.payload);
    if (type == "DryRun") return {{"StatusCode", 204}};

    invocation.id = ctx.random.uuid();
    // The caller's x-amzn-RequestId is the handler's request id (facts/lambda.md 0), but one event
    // of sbemu's own may start several invocations.
    invocation.request_id =
        has_invocation_of_request(ctx, ctx.request_id) ? ctx.random.uuid() : ctx.request_id;
    invocation.invoked_arn =
        function_arn(ctx, addressed.function.name, addressed.reference.qualifier);
    invocation.kind = is_event ? InvocationKind::async : InvocationKind::sync;
    invocation.deferred_event = ctx.event;
    invocation.wants_log = find_text(request, "LogType") == "Tail";
    if (is_event && take_invoke_fault(ctx, addressed.function.name, "twice")) {
        Invocation again = invocation;
        again.id = ctx.random.uuid();
        start_invocation(ctx, addressed.function, std::move(again));
    }
    start_invocation(ctx, addressed.function, std::move(invocation));
    if (is_event) return {{"StatusCode", 202}};
    ctx.defer();
    return {};
}

}  // namespace sbemu::lambda
