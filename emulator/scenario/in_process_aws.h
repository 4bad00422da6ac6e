// AWS for a handler that runs inside a story: its calls are events of the story's kernel.
#pragma once

#include "emulator/scenario/story.h"
#include "handlers/runtime/aws.h"

namespace sbemu {

// The invocation was ended while its handler ran: by a fault, or at its deadline. No exception that
// a handler catches, for a process that is killed does not go on either.
struct InvocationKilled {};

// It answers as lambda_runtime::AwsClient does: what is worth retrying is retried, without pauses.
class InProcessAws : public lambda_runtime::Aws {
  public:
    // While it lives, calls to the story are made by the oldest waiting invocation.
    explicit InProcessAws(Story& story);
    ~InProcessAws() override { story_.act_as_invocation(false); }
    InProcessAws(const InProcessAws&) = delete;
    InProcessAws& operator=(const InProcessAws&) = delete;

    // Both throw InvocationKilled if the invocation is over.
    boost::json::object call(const std::string& service, const std::string& region,
                             const std::string& operation,
                             const boost::json::object& params) override;
    int put(const std::string& url, const std::string& body) override;

  private:
    Applied attempt(const std::string& service, const std::string& operation,
                    const boost::json::object& params, const std::string& body);
    void require_alive() const;

    Story& story_;
    std::string invocation_;
};

// The key and query of a ResponseURL, as a PUT to it would arrive.
boost::json::object response_target(const std::string& url);

}  // namespace sbemu
