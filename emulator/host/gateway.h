// From an HTTP request to an event and from its outcome to the answer.
#pragma once

#include <functional>

#include "emulator/host/http/http_server.h"

namespace sbemu {

class ControlApi;
class Emulator;

class Gateway {
  public:
    // `log_calls` writes a line per call to the log. All must outlive the gateway and
    // whatever answer is still to come.
    Gateway(Emulator& emulator, ControlApi& control, bool log_calls);

    // An HttpListener::Handler.
    void handle(wire::HttpRequest request, HttpListener::Respond respond);

  private:
    void call(wire::Call call, HttpListener::Respond respond);

    Emulator& emulator_;
    ControlApi& control_;
    bool log_calls_;
};

}  // namespace sbemu
