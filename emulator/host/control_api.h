// The emulator's own HTTP interface, under /_sbemu/: what the command line asks a running sbemu.
//
//   GET    /_sbemu/health       {"status": "running", "version"}
//   GET    /_sbemu/status       version, clock, events, what runs and what is due next
//   GET    /_sbemu/state        the whole state, event log included, as an SQLite database
//   GET    /_sbemu/ca.pem       the certificate authority, for clients that speak TLS
//   POST   /_sbemu/clock        {"advance_milliseconds": n} | {"to_next": true} |
//                               {"until_idle": true, "at_most_milliseconds"?: 30 days}; answers
//                               when all that fell due has been done: {"mode", "now", "timers",
//                               "settled", "waiting": what is still due}. {"freeze": true} and
//                               {"resume": true} answer {"mode", "now"}
//   GET    /_sbemu/snapshots                {"snapshots": [names]}
//   POST   /_sbemu/snapshots/NAME           the state as it is now is kept under the name
//   GET    /_sbemu/snapshots/NAME           it, as an SQLite database
//   POST   /_sbemu/snapshots/NAME/load      it becomes the state; answers {"now"}
//   DELETE /_sbemu/snapshots/NAME
//   POST   /_sbemu/reset                    the state becomes a new one; answers {"now"}
//   POST   /_sbemu/fault        a rule (docs/faults.md): what matches goes wrong; {"Id"}
//   GET    /_sbemu/fault        {"Faults": [rule with what is left of its Count]}
//   GET    /_sbemu/fault/log    {"Log": [{"Event", "Rule", "What"}]}: what has fired
//   DELETE /_sbemu/fault        {"Id"?}: forget this rule, or all of them
//   POST, DELETE /_sbemu/fail   the same as .../fault
//
// Errors are {"error": "..."} with a status of 400 and above.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "emulator/host/http/http_server.h"

namespace sbemu {

class Emulator;
class Snapshots;

struct ControlSettings {
    std::string version;
    std::string state;  // the folder's path, or "memory"
    // The content of ca.pem; may throw std::runtime_error.
    std::function<std::string()> certificate;
};

class ControlApi {
  public:
    ControlApi(Emulator& emulator, Snapshots& snapshots, ControlSettings settings);

    // Whether a request's target belongs here.
    static bool is_meant(std::string_view target);
    void handle(const wire::HttpRequest& request, const HttpListener::Respond& respond);

  private:
    void change_clock(const boost::json::object& request, const HttpListener::Respond& respond);
    void move_clock(const boost::json::object& request, const HttpListener::Respond& respond);
    void signal(std::string operation, boost::json::object params,
                const HttpListener::Respond& respond);
    boost::json::object status() const;
    boost::json::object clock() const;
    boost::json::array timers() const;

    // Whether the request was one of these.
    bool handle_snapshots(const std::string& method, const std::string& path,
                          const HttpListener::Respond& respond);
    void load(std::string image, const HttpListener::Respond& respond);

    Emulator& emulator_;
    Snapshots& snapshots_;
    ControlSettings settings_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace sbemu
