#include "handlers/runtime/aws_client.h"

#include <algorithm>
#include <boost/json.hpp>

#include "handlers/runtime/aws_protocols.h"
#include "handlers/runtime/digest.h"
#include "handlers/runtime/sigv4.h"
#include "handlers/runtime/text.h"

namespace json = boost::json;

namespace sbemu::lambda_runtime {
namespace {

constexpr int kConnectMs = 1000;
constexpr int kPutAnswerMs = 3000;
constexpr std::int64_t kWithoutDeadlineMs = 30'000;

// Codes that mean "later", whatever their status. All but the last are aws-sdk's and botocore's
// (botocore data/_retry.json). The last says that a mapping is between two states (lambda.md 1.4),
// which passes: a connector's Update right after a Create must not fail for it.
constexpr std::string_view kRetryableCodes[] = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "ProvisionedThroughputExceededException",
    "TooManyRequestsException",
    "TransactionInProgressException",
    "PriorRequestNotComplete",
    "RequestTimeout",
    "SlowDown",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "ResourceInUseException",
};

bool is_transient(int status) {
    return status == 408 || status == 429 || (status >= 500 && status != 501);
}

AwsError error_of(const HttpError& failure) {
    switch (failure.failure) {
        case HttpFailure::timeout:
            return {"TimeoutError", failure.what(), 0};
        case HttpFailure::untrusted:
            return {"UntrustedCertificate", failure.what(), 0};
        case HttpFailure::connection:
            break;
    }
    return {"NetworkingError", failure.what(), 0};
}

int within(int wanted_ms, const Backoff& backoff) {
    return static_cast<int>(
        std::clamp<std::int64_t>(backoff.remaining_ms(), 1, std::int64_t{wanted_ms}));
}

// Buckets whose name is not one lower-case DNS label cannot be a host under S3's certificate.
bool is_dns_label(std::string_view bucket) {
    return bucket.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == bucket.npos;
}

std::string environment_suffix(const std::string& service) {
    std::string suffix;
    for (const char c : service) {
        suffix += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return suffix;
}

}  // namespace

bool is_retryable(const AwsError& error) {
    if (error.status == 0) return error.code == "TimeoutError" || error.code == "NetworkingError";
    return is_transient(error.status) ||
           std::find(std::begin(kRetryableCodes), std::end(kRetryableCodes), error.code) !=
               std::end(kRetryableCodes);
}

AwsClient::AwsClient(HttpTransport& transport, const Timing& timing, Variables variables,
                     std::function<void(std::string_view)> log)
    : transport_(transport),
      timing_(timing),
      variables_(std::move(variables)),
      log_(std::move(log)) {}

void AwsClient::begin_invocation(std::int64_t deadline_ms) {
    calls_end_ms_ = puts_end_ms_ = 0;
    if (deadline_ms == 0) return;
    const std::int64_t remaining_ms = deadline_ms - timing_.now_ms();
    calls_end_ms_ = deadline_ms - std::clamp<std::int64_t>(remaining_ms / 4, 0, 1000);
    puts_end_ms_ = deadline_ms - std::clamp<std::int64_t>(remaining_ms / 10, 0, 200);
}

json::object AwsClient::call(const std::string& service, const std::string& region,
                             const std::string& operation, const json::object& params) {
    const AwsRequest request = aws_request(service, operation, params);
    Backoff backoff(timing_, calls_end_ms_ ? calls_end_ms_ : timing_.now_ms() + kWithoutDeadlineMs);
    for (int attempts = 1;; ++attempts) {
        try {
            const HttpResponse response = attempt(service, region, request, backoff);
            if (response.status < 300) return aws_output(service, response);
            throw aws_error(service, response);
        } catch (AwsError& error) {
            error.attempts = attempts;
            if (!is_retryable(error) || !backoff.pause()) throw;
            log_("[streambot request failed] " + service + "." + operation + " | " + error.code +
                 " | request id: " + (error.request_id.empty() ? "undefined" : error.request_id) +
                 " | retries: " + std::to_string(attempts));
        }
    }
}

int AwsClient::put(const std::string& url, const std::string& body) {
    HttpRequest request{"PUT", {}, {}, body};
    try {
        request.url = Url::parse(url);
    } catch (const std::invalid_argument& error) {
        throw AwsError("InvalidUrl", error.what(), 0);
    }
    Backoff backoff(timing_, puts_end_ms_ ? puts_end_ms_ : timing_.now_ms() + kWithoutDeadlineMs);
    for (int attempts = 1;; ++attempts) {
        try {
            const int connect_ms = within(kConnectMs, backoff);
            const int status =
                transport_.send(request, {connect_ms, within(kPutAnswerMs, backoff)}).status;
            if (!is_transient(status) || !backoff.pause()) return status;
            log_("PUT answered " + std::to_string(status) +
                 " | retries: " + std::to_string(attempts));
        } catch (const HttpError& failure) {
            AwsError error = error_of(failure);
            error.attempts = attempts;
            if (!is_retryable(error) || !backoff.pause()) throw error;
            log_("PUT failed: " + std::string(failure.what()) +
                 " | retries: " + std::to_string(attempts));
        }
    }
}

HttpResponse AwsClient::attempt(const std::string& service, const std::string& region,
                                const AwsRequest& request, const Backoff& backoff) {
    const Credentials credentials{variables_("AWS_ACCESS_KEY_ID").value_or(""),
                                  variables_("AWS_SECRET_ACCESS_KEY").value_or(""),
                                  variables_("AWS_SESSION_TOKEN").value_or("")};
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
        throw AwsError("CredentialsError", "Missing credentials in the environment", 0);
    }
    HttpRequest wire{request.method, endpoint(service, region, request), request.headers,
                     request.body};
    const std::string date = amz_date(timing_.now_ms());
    const std::string payload_hash = sha256_hex(request.body);
    wire.headers.emplace_back("X-Amz-Content-Sha256", payload_hash);
    wire.headers.emplace_back("X-Amz-Date", date);
    if (!credentials.session_token.empty()) {
        wire.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
    }

    SignableRequest signable{
        request.method, service == "s3" ? wire.url.target : percent_encode_path(wire.url.target),
        request.query, wire.headers, payload_hash};
    signable.headers.emplace_back("Host", wire.url.authority());
    wire.headers.emplace_back("Authorization",
                              authorization(credentials, region, service, date, signable));
    wire.headers.emplace_back("User-Agent", "streambot-cpp");
    if (!request.query.empty()) wire.url.target.append("?").append(canonical_query(request.query));
    try {
        const int connect_ms = within(kConnectMs, backoff);
        return transport_.send(wire, {connect_ms, within(request.answer_ms, backoff)});
    } catch (const HttpError& failure) {
        throw error_of(failure);
    }
}

// The target is the path alone; the query comes after signing.
Url AwsClient::endpoint(const std::string& service, const std::string& region,
                        const AwsRequest& request) const {
    auto override_url = variables_("AWS_ENDPOINT_URL_" + environment_suffix(service));
    if (!override_url || override_url->empty()) override_url = variables_("AWS_ENDPOINT_URL");
    const bool is_overridden = override_url && !override_url->empty();
    const std::string suffix = region.rfind("cn-", 0) == 0 ? ".amazonaws.com.cn" : ".amazonaws.com";
    const bool bucket_in_host =
        !is_overridden && !request.bucket.empty() && is_dns_label(request.bucket);

    // A region is part of a host name and comes from a template.
    if (region.empty() || !is_dns_label(region)) {
        throw AwsError("InvalidEndpoint", "'" + region + "' is not a region", 0);
    }
    Url url;
    try {
        url = Url::parse(is_overridden ? *override_url
                                       : "https://" + (bucket_in_host ? request.bucket + "." : "") +
                                             service + "." + region + suffix);
    } catch (const std::invalid_argument& error) {
        throw AwsError("InvalidEndpoint", "The endpoint of " + service + ": " + error.what(), 0);
    }
    while (!url.target.empty() && url.target.back() == '/') url.target.pop_back();
    if (!request.bucket.empty() && !bucket_in_host) {
        url.target.append("/").append(percent_encode(request.bucket));
    }
    url.target += request.path;
    return url;
}

}  // namespace sbemu::lambda_runtime
