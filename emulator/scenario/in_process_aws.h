// AWS for a handler that runs inside a story: its calls are events of the story's kernel.
#pragma once

#include "emulator/scenario/story.h"
#include "handlers/runtime/aws.h"

namespace sbemu {

class InProcessAws : public lambda_runtime::Aws {
  public:
    // While it lives, calls to the story are made by the oldest waiting invocation.
    explicit InProcessAws(Story& story) : story_(story) { story_.act_as_invocation(true); }
    ~InProcessAws() override { story_.act_as_invocation(false); }
    InProcessAws(const InProcessAws&) = delete;
    InProcessAws& operator=(const InProcessAws&) = delete;

    boost::json::object call(const std::string& service, const std::string& region,
                             const std::string& operation,
                             const boost::json::object& params) override;
    int put(const std::string& url, const std::string& body) override;

  private:
    Story& story_;
};

// The key and query of a ResponseURL, as a PUT to it would arrive.
boost::json::object response_target(const std::string& url);

}  // namespace sbemu
