#include "emulator/scenario/in_process_aws.h"

#include <boost/json.hpp>

#include "emulator/core/encoding.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// The client's retries, without its pauses: time stands still while a handler runs.
constexpr int kAttempts = 4;

bool worth_retrying(const ApiError& error) {
    return error.status >= 500 || error.status == 429 ||
           error.code.find("Throttl") != std::string::npos ||
           error.code == "ProvisionedThroughputExceededException";
}

}  // namespace

json::object response_target(const std::string& url) {
    const auto path = url.find('/', url.find("://") + 3);
    const auto query = url.find('?', path);
    return {{"Key", percent_decode(url.substr(path + 1, query - path - 1))},
            {"Query", query == std::string::npos ? "" : url.substr(query + 1)}};
}

json::object InProcessAws::call(const std::string& service, const std::string& region,
                                const std::string& operation, const json::object& params) {
    json::object request = params;
    std::string body;
    if (service == "s3") {
        if (const json::value* bytes = params.if_contains("Body")) body = bytes->as_string();
        request.erase("Body");
    }
    const Caller before = story_.caller;
    story_.caller.region = region;
    std::optional<ApiError> last;
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
        const Applied applied = story_.call(service, operation, request, body);
        const auto* error = std::get_if<ApiError>(&applied.answer);
        if (!error) {
            story_.caller = before;
            return std::get<Outcome>(applied.answer).result;
        }
        last = *error;
        if (!worth_retrying(*error)) break;
    }
    story_.caller = before;
    throw lambda_runtime::AwsError(last->code, last->what(), last->status);
}

int InProcessAws::put(const std::string& url, const std::string& body) {
    const Applied applied =
        story_.call("cloudformation", "PutResponse", response_target(url), body);
    const auto* error = std::get_if<ApiError>(&applied.answer);
    return error ? error->status : 200;
}

}  // namespace sbemu
