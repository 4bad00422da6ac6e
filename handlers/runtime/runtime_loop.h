// The Lambda Runtime API's client side (2018-06-01, lambda.md 4): ask for an event, run the
// handler, post what it answers, again and again on one kept connection.
#pragma once
#include <boost/json/value.hpp>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "handlers/runtime/aws.h"
#include "handlers/runtime/context.h"
#include "handlers/runtime/http.h"
#include "handlers/runtime/timing.h"

namespace sbemu::lambda_runtime {

// What a function is: a value out of an event, AWS and little else. An exception fails the
// invocation; its errorType is the AwsError's or HandlerError's code, else "Error".
using Service =
    std::function<boost::json::value(const boost::json::value& event, Context& context, Aws& aws)>;

class HandlerError : public std::runtime_error {
  public:
    HandlerError(std::string type, const std::string& message)
        : std::runtime_error(message), type(std::move(type)) {}
    std::string type;
};

// The runtime interface is gone or answers what it must not: the process has to end.
class RuntimeInterfaceError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

class RuntimeLoop {
  public:
    using Handler = std::function<boost::json::value(const boost::json::value&, Context&)>;

    // `address` is AWS_LAMBDA_RUNTIME_API, host:port. `sandbox` is what every invocation's context
    // begins with: the function's name, version, log names and the hooks. `transport` and `timing`
    // must outlive the loop.
    RuntimeLoop(HttpTransport& transport, const Timing& timing, const std::string& address,
                Context sandbox);

    // Waits for one event and sees it through. Throws RuntimeInterfaceError.
    void serve_one(const Handler& handler);

    // Tells Lambda that the function cannot start.
    void post_init_error(const std::string& type, const std::string& message);

  private:
    Context context_of(const HttpResponse& next) const;
    void post_error(const std::string& path, const std::string& type, const std::string& message);
    void post(const std::string& path, Headers headers, std::string body);

    HttpTransport& transport_;
    const Timing& timing_;
    Url base_;
    Context sandbox_;
};

}  // namespace sbemu::lambda_runtime
