// AWS over HTTPS: signs, sends, retries, within the time the invocation has.
#pragma once
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "handlers/runtime/aws.h"
#include "handlers/runtime/http.h"
#include "handlers/runtime/timing.h"

namespace sbemu::lambda_runtime {

struct AwsRequest;
class Backoff;

// Whether the same request may succeed later: throttling, a server's error, a lost connection.
bool is_retryable(const AwsError& error);

// Looks a variable up by name; the process's environment, or a test's map.
using Variables = std::function<std::optional<std::string>(const std::string&)>;

// Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; the
// endpoint is https://<service>.<region>.amazonaws.com unless AWS_ENDPOINT_URL_<SERVICE> or
// AWS_ENDPOINT_URL says otherwise.
class AwsClient : public Aws {
  public:
    // All of them must outlive the client.
    AwsClient(HttpTransport& transport, const Timing& timing, Variables variables,
              std::function<void(std::string_view)> log);

    // Binds retries to one invocation. call() leaves a part of the time (a quarter, at most one
    // second) so that a handler can still answer CloudFormation; put() uses nearly all of it.
    // 0: no deadline is known, and each call gets 30 s.
    void begin_invocation(std::int64_t deadline_ms);

    boost::json::object call(const std::string& service, const std::string& region,
                             const std::string& operation,
                             const boost::json::object& params) override;
    int put(const std::string& url, const std::string& body) override;

  private:
    HttpResponse attempt(const std::string& service, const std::string& region,
                         const AwsRequest& request, const Backoff& backoff);
    Url endpoint(const std::string& service, const std::string& region,
                 const AwsRequest& request) const;

    HttpTransport& transport_;
    const Timing& timing_;
    Variables variables_;
    std::function<void(std::string_view)> log_;
    std::int64_t calls_end_ms_ = 0;
    std::int64_t puts_end_ms_ = 0;
};

}  // namespace sbemu::lambda_runtime
