#include "emulator/wire/wire.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <vector>

#include "emulator/core/encoding.h"
#include "emulator/core/random.h"
#include "emulator/wire/compression.h"
#include "emulator/wire/protocols.h"

namespace sbemu::wire {
namespace json = boost::json;
namespace {

constexpr std::size_t kCompressedFrom = 4096;  // facts/dynamodb-kinesis.md 1.1

std::string protocol_of(const HttpRequest& request, const Destination& destination) {
    if (const model::Service* service = model::find_service(destination.service)) {
        return service->protocol;
    }
    if (!request.header("x-amz-target").empty()) return "json";
    return starts_ignoring_case(request.header("content-type"), "application/x-www-form")
               ? "query"
               : "rest-json";
}

void read(Reading& reading) {
    const std::string& protocol = reading.call.protocol;
    if (!model::find_service(reading.call.service)) {
        throw not_implemented("the service " + reading.call.service);
    }
    if (reading.destination.is_presigned) check_presigned(reading.url, reading.now);
    if (protocol == "json") return read_json(reading);
    if (protocol == "query") return read_query(reading);
    if (protocol == "rest-json") return read_rest_json(reading);
    read_s3(reading);
}

// What scripts in browsers may see of DynamoDB's answers (Alternator's test_cors and its list).
constexpr std::string_view kExposedHeaders =
    "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";

// Browsers ask first (facts/dynamodb-kinesis.md 1.1, CORS).
HttpResponse preflight(const HttpRequest& request) {
    HttpResponse response;
    const auto echo = [&](std::string_view asked, const char* answered) {
        const std::string_view value = request.header(asked);
        if (!value.empty()) response.headers.emplace_back(answered, value);
    };
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    echo("access-control-request-headers", "Access-Control-Allow-Headers");
    echo("access-control-request-method", "Access-Control-Allow-Methods");
    response.headers.emplace_back("Access-Control-Max-Age", "172800");
    response.headers.emplace_back("Access-Control-Expose-Headers", kExposedHeaders);
    return response;
}

// The q of an entry of Accept-Encoding, at most 1; 1 if it has none that can be read.
double quality_of(std::string_view entry) {
    while (true) {
        const std::size_t semicolon = entry.find(';');
        if (semicolon == std::string_view::npos) return 1;
        entry.remove_prefix(semicolon + 1);
        std::string_view parameter = trimmed(entry.substr(0, entry.find(';')));
        if (!parameter.starts_with("q=")) continue;
        parameter.remove_prefix(2);
        double quality = 1;
        const auto [end, error] =
            std::from_chars(parameter.data(), parameter.data() + parameter.size(), quality);
        if (error != std::errc() || end != parameter.data() + parameter.size()) return 1;
        return std::min(quality, 1.0);
    }
}

// The coding with the best q that we speak; the first listed wins a tie. * stands for those that
// are not named, and a named one wins a tie with it (Alternator's
// test_compressed_response_accept_encodings).
std::string_view chosen_coding(std::string_view accepted) {
    std::vector<std::string_view> others{"gzip", "deflate"};
    std::string_view best;
    double best_quality = 0;
    double quality_of_others = 0;
    while (!accepted.empty()) {
        const std::string_view entry = accepted.substr(0, accepted.find(','));
        accepted.remove_prefix(std::min(entry.size() + 1, accepted.size()));
        const std::string_view coding = trimmed(entry.substr(0, entry.find(';')));
        const double quality = quality_of(entry);
        if (coding == "*") quality_of_others = quality;
        const auto spoken = std::find_if(others.begin(), others.end(), [&](std::string_view one) {
            return equal_ignoring_case(coding, one);
        });
        if (spoken == others.end()) continue;
        if (quality > best_quality) {
            best = *spoken;
            best_quality = quality;
        }
        others.erase(spoken);
    }
    return quality_of_others > best_quality && !others.empty() ? others.front() : best;
}

bool is_dynamodb(const Call& call) {
    return call.service == "dynamodb" || call.service == "dynamodbstreams";
}

// DynamoDB's ids have 52 characters (facts/dynamodb-kinesis.md 1.1).
std::string long_request_id(std::string_view request_id) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    constexpr std::size_t kLength = 52;
    constexpr std::size_t kDigitsPerDraw = 12;
    Random random(fingerprint(request_id));
    std::string text(kLength, '\0');
    for (std::size_t begin = 0; begin < kLength; begin += kDigitsPerDraw) {
        std::uint64_t draw = random.next();
        const std::size_t end = std::min(begin + kDigitsPerDraw, kLength);
        for (std::size_t i = begin; i < end; ++i, draw >>= 5) text[i] = kDigits[draw & 31];
    }
    return text;
}

void finish(const Call& call, HttpResponse& response, std::string_view request_id) {
    if (call.protocol == "rest-xml") {
        response.headers.emplace_back("x-amz-request-id", request_id);
        // Any text will do: two digests look like AWS's and name the request.
        response.headers.emplace_back("x-amz-id-2",
                                      base64_encode(sha256(request_id) + md5(request_id)));
    } else {
        response.headers.emplace_back("x-amzn-RequestId", is_dynamodb(call)
                                                              ? long_request_id(request_id)
                                                              : std::string(request_id));
    }
    if (!is_dynamodb(call)) return;
    if (response.body.size() > kCompressedFrom) {
        const std::string_view coding = chosen_coding(call.accept_encoding);
        if (!coding.empty()) {
            response.body = coding == "gzip" ? gzip(response.body) : deflate(response.body);
            response.headers.emplace_back("Content-Encoding", coding);
        }
    }
    response.headers.emplace_back("x-amz-crc32", std::to_string(crc32(response.body)));
}

// The outcome with URLs that lead to the address which was called, in path style; nothing if there
// are none in it, or if the caller reaches AWS's host names.
std::optional<Outcome> with_reachable_urls(const Call& call, const Outcome& outcome) {
    if (call.endpoint.empty() || call.service != "lambda" || call.operation != "GetFunction") {
        return std::nullopt;
    }
    constexpr std::string_view kScheme = "https://";
    Outcome reachable = outcome;
    json::string& location = reachable.result.at("Code").at("Location").as_string();
    const std::string url(location);
    const std::size_t path = url.find('/', kScheme.size());
    const std::string bucket = bucket_of_host(url.substr(kScheme.size(), path - kScheme.size()));
    location = call.endpoint + "/" + bucket + url.substr(path);
    return reachable;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (equal_ignoring_case(key, name)) return value;
    }
    return {};
}

std::variant<Call, HttpResponse> decode(HttpRequest request, Time now,
                                        const std::function<std::string()>& request_id) {
    if (request.method == "OPTIONS") return preflight(request);
    const Url url = parse_url(request.target);
    const Destination destination = locate(request, url);
    Call call;
    call.caller = destination.caller;
    call.service = destination.service;
    call.protocol = protocol_of(request, destination);
    call.content_type = request.header("content-type");
    call.accept_encoding = request.header("accept-encoding");
    call.method = request.method;
    call.session_token = request.header("x-amz-security-token");
    if (const QueryPart* token = url.find("X-Amz-Security-Token"))
        call.session_token = token->value;
    call.has_origin = !request.header("origin").empty();
    const std::string_view host = request.header("host");
    if (!host.empty() && !is_aws_host(host)) call.endpoint = "http://" + std::string(host);
    Reading reading{request, url, destination, now, call};
    try {
        if (!read_custom_resource_response(reading)) read(reading);
    } catch (const ApiError& error) {
        return encode(call, error, request_id());
    } catch (Answer& answer) {
        answer.response.headers.emplace_back("x-amzn-RequestId", request_id());
        return std::move(answer.response);
    }
    return call;
}

HttpResponse encode(const Call& call, const std::variant<Outcome, ApiError>& answer,
                    std::string_view request_id) {
    HttpResponse response;
    if (const auto* outcome = std::get_if<Outcome>(&answer)) {
        const model::Operation* operation = model::find_operation(call.service, call.operation);
        const auto reachable = with_reachable_urls(call, *outcome);
        response = write_result(call, operation, reachable ? *reachable : *outcome, request_id);
    } else {
        response = write_error(call, std::get<ApiError>(answer), request_id);
    }
    finish(call, response, request_id);
    if (call.has_origin) {
        response.headers.emplace_back("Access-Control-Allow-Origin", "*");
        if (is_dynamodb(call)) {
            response.headers.emplace_back("Access-Control-Expose-Headers", kExposedHeaders);
        }
    }
    // A HEAD answer has the headers of the GET answer and no body.
    if (call.method == "HEAD") response.body.clear();
    return response;
}

}  // namespace sbemu::wire
