// From an HTTP request to an event and from its outcome to the answer.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "emulator/host/functions/functions.h"
#include "emulator/host/http/http_server.h"

namespace sbemu {

class ControlApi;
class Emulator;

class Gateway {
  public:
    // Which function signs with a session token, if one does.
    using FindCaller = std::function<std::optional<FunctionCaller>(std::string_view session_token)>;

    // `log_calls` writes a line per call to the log. All must outlive the gateway and
    // whatever answer is still to come.
    Gateway(Emulator& emulator, ControlApi& control, FindCaller find_caller, bool log_calls);

    // An HttpListener::Handler.
    void handle(wire::HttpRequest request, HttpListener::Respond respond);

  private:
    void call(wire::Call&& call, HttpListener::Respond respond);
    void deliver(wire::HttpResponse response, const std::vector<Effect>& faults,
                 const HttpListener::Respond& respond);

    Emulator& emulator_;
    ControlApi& control_;
    FindCaller find_caller_;
    bool log_calls_;
};

}  // namespace sbemu
