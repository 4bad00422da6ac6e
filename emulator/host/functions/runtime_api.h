// The Lambda Runtime API (2018-06-01) as one process sees it: requests in, answers out, and the
// state between them. Knows no sockets and no processes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "emulator/host/http/http_server.h"

namespace sbemu {

// What the process posted about an invocation or its initialization.
struct Posted {
    bool is_error = false;
    std::string error_type;  // of errors: as posted, may be empty
    std::string body;
};

// An event for the process, with the headers it is handed over with.
struct RuntimeEvent {
    std::string request_id;
    Time deadline;
    std::string invoked_arn;
    std::string trace_id;
    std::string client_context;  // JSON; empty when there is none
    std::string payload;
};

class RuntimeApi {
  public:
    // What the process does. They are called before its request is answered.
    struct Listener {
        std::function<void()> on_ready;  // it asked for an event; deliver() may be called
        std::function<void(Posted)> on_answer;
        std::function<void(Posted)> on_init_error;
    };

    explicit RuntimeApi(Listener listener) : listener_(std::move(listener)) {}

    // An HttpListener::Handler.
    void handle(wire::HttpRequest request, HttpListener::Respond respond);

    // Hands the event over. The process must have asked for it.
    void deliver(RuntimeEvent event);

  private:
    // AWS's names (aws-lambda-runtime-interface-emulator, core/statejson.go).
    enum class State { started, init_error, ready, running, answered };

    void next(HttpListener::Respond respond);
    void invocation(const wire::HttpRequest& request, std::string_view path,
                    const HttpListener::Respond& respond);
    void answer(const wire::HttpRequest& request, bool is_error,
                const HttpListener::Respond& respond);
    void init_error(const wire::HttpRequest& request, const HttpListener::Respond& respond);
    wire::HttpResponse wrong_order(std::string_view wanted) const;

    Listener listener_;
    State state_ = State::started;
    HttpListener::Respond waiting_;  // for the next event
    std::string request_id_;         // of the event handed over last
};

}  // namespace sbemu
