#include "emulator/cli/endpoint.h"

#include <boost/json.hpp>
#include <cstdlib>

#include "emulator/cli/command.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kDefaultEndpoint = "http://127.0.0.1:4566";

}  // namespace

void add_endpoint_option(const Command& command, std::string& endpoint) {
    command.add_option("--endpoint", endpoint,
                       "Where sbemu listens (default: AWS_ENDPOINT_URL, else " +
                           std::string(kDefaultEndpoint) + ")");
}

Endpoint chosen_endpoint(const std::string& option) {
    const char* variable = std::getenv("AWS_ENDPOINT_URL");
    const bool from_variable = option.empty() && variable && *variable;
    const std::string url =
        !option.empty() ? option : (from_variable ? variable : kDefaultEndpoint);
    try {
        return Endpoint::parse(url);
    } catch (const std::invalid_argument& error) {
        throw CommandError(
            std::string(from_variable ? "AWS_ENDPOINT_URL: " : "--endpoint: ") + error.what(),
            kWrongUsage);
    }
}

wire::HttpResponse ask(const Endpoint& endpoint, const wire::HttpRequest& request) {
    try {
        return fetch(endpoint, request);
    } catch (const UnreachableError& error) {
        throw CommandError("no sbemu answers at " + endpoint.url() + " (" + error.what() +
                               "). Start one with `sbemu up`, or say where it is with --endpoint "
                               "URL or AWS_ENDPOINT_URL.",
                           kUnreachable);
    }
}

json::object ask_control(const Endpoint& endpoint, std::string method, std::string path,
                         const json::object& body) {
    const wire::HttpRequest request{
        std::move(method), std::move(path), {}, body.empty() ? "" : json::serialize(body)};
    const wire::HttpResponse response = ask(endpoint, request);
    json::error_code error;
    json::value answer = json::parse(response.body, error);
    if (error || !answer.is_object()) {
        throw CommandError("what answers at " + endpoint.url() + " is not sbemu (status " +
                               std::to_string(response.status) + ").",
                           kUnreachable);
    }
    if (response.status >= 400) {
        const json::value* message = answer.as_object().if_contains("error");
        throw CommandError(message && message->is_string()
                               ? std::string(message->as_string())
                               : "what answers at " + endpoint.url() + " is not this sbemu");
    }
    return std::move(answer.as_object());
}

}  // namespace sbemu
