#include "emulator/scenario/in_process_aws.h"

#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "handlers/runtime/aws_client.h"

namespace sbemu {
namespace json = boost::json;
namespace {

using lambda_runtime::AwsError;

// A real client tries for as long as its invocation has time; here time stands still.
constexpr int kAttempts = 4;

// How long each call takes in an invocation that a fault is to kill, so that the end can come
// between two calls.
constexpr Duration kCallTakes{10};

// In the region of the call, for as long as it takes.
class InRegion {
  public:
    InRegion(Story& story, const std::string& region) : story_(story), before_(story.caller) {
        story_.caller.region = region;
    }
    ~InRegion() { story_.caller = before_; }
    InRegion(const InRegion&) = delete;
    InRegion& operator=(const InRegion&) = delete;

  private:
    Story& story_;
    Caller before_;
};

[[noreturn]] void lose_answer(std::string_view drop) {
    if (drop == "never") throw AwsError("TimeoutError", "no answer came in time", 0);
    throw AwsError("NetworkingError", "the connection was closed before the answer came", 0);
}

}  // namespace

json::object response_target(const std::string& url) {
    const auto path = url.find('/', url.find("://") + 3);
    const auto query = url.find('?', path);
    return {{"Key", percent_decode(url.substr(path + 1, query - path - 1))},
            {"Query", query == std::string::npos ? "" : url.substr(query + 1)}};
}

InProcessAws::InProcessAws(Story& story)
    : story_(story), invocation_(story.waiting_invocation()->at("InvocationId").as_string()) {
    story_.act_as_invocation(true);
}

void InProcessAws::require_alive() const {
    if (!story_.is_waiting(invocation_)) throw InvocationKilled{};
}

// One request on the wire: what faults do to the wire happens to it.
Applied InProcessAws::attempt(const std::string& service, const std::string& operation,
                              const json::object& params, const std::string& body) {
    if (story_.is_to_be_killed(invocation_)) story_.advance(kCallTakes);
    require_alive();
    Applied applied = story_.call(service, operation, params, body);
    for (const Effect& effect : applied.effects) {
        if (effect.kind != "wire.fault") continue;
        if (const json::value* delay = effect.payload.if_contains("Delay")) {
            story_.advance(Duration{delay->as_int64()});
            require_alive();
        }
        if (const json::value* drop = effect.payload.if_contains("Drop")) {
            lose_answer(drop->as_string());
        }
    }
    return applied;
}

json::object InProcessAws::call(const std::string& service, const std::string& region,
                                const std::string& operation, const json::object& params) {
    json::object request = params;
    std::string body;
    if (service == "s3") {
        if (const json::value* bytes = params.if_contains("Body")) body = bytes->as_string();
        request.erase("Body");
    }
    const InRegion in_region(story_, region);
    for (int attempts = 1;; ++attempts) {
        try {
            const Applied applied = attempt(service, operation, request, body);
            if (const auto* outcome = std::get_if<Outcome>(&applied.answer)) return outcome->result;
            const auto& error = std::get<ApiError>(applied.answer);
            throw AwsError(error.code, error.what(), error.status);
        } catch (AwsError& error) {
            error.attempts = attempts;
            if (attempts == kAttempts || !lambda_runtime::is_retryable(error)) throw;
        }
    }
}

int InProcessAws::put(const std::string& url, const std::string& body) {
    for (int attempts = 1;; ++attempts) {
        try {
            const Applied applied =
                attempt("cloudformation", "PutResponse", response_target(url), body);
            const auto* error = std::get_if<ApiError>(&applied.answer);
            if (!error) return 200;
            if (attempts == kAttempts || error->status < 500) return error->status;
        } catch (AwsError& error) {
            error.attempts = attempts;
            if (attempts == kAttempts) throw;
        }
    }
}

}  // namespace sbemu
