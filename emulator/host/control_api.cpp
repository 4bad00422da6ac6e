#include "emulator/host/control_api.h"

#include <boost/json.hpp>

#include "emulator/core/json_text.h"
#include "emulator/host/emulator.h"
#include "emulator/host/snapshots.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr std::string_view kPrefix = "/_sbemu/";
constexpr std::int64_t kTimersShown = 20;
constexpr Duration kIdleLimit = std::chrono::hours{30 * 24};

wire::HttpResponse json_response(int status, const json::object& body) {
    return {status, {{"Content-Type", "application/json"}}, json::serialize(body) + "\n"};
}

wire::HttpResponse error_response(int status, std::string_view message) {
    return json_response(status, {{"error", message}});
}

// Which signal a request about faults is; empty if it is none.
std::string fault_signal(const std::string& asked) {
    if (asked == "POST /_sbemu/fault" || asked == "POST /_sbemu/fail") return "ArmFault";
    if (asked == "DELETE /_sbemu/fault" || asked == "DELETE /_sbemu/fail") return "ClearFaults";
    if (asked == "GET /_sbemu/fault") return "ListFaults";
    if (asked == "GET /_sbemu/fault/log") return "FaultLog";
    return "";
}

// What a request says; an empty body says nothing. Throws std::invalid_argument.
json::object parse_body(const std::string& body) {
    if (body.empty()) return {};
    json::error_code error;
    json::value parsed = parse_json(body, error);
    if (error || !parsed.is_object()) {
        throw std::invalid_argument("the request's body must be a JSON object");
    }
    return std::move(parsed.as_object());
}

}  // namespace

ControlApi::ControlApi(Emulator& emulator, Snapshots& snapshots, ControlSettings settings)
    : emulator_(emulator), snapshots_(snapshots), settings_(std::move(settings)) {}

bool ControlApi::is_meant(std::string_view target) {
    return target.substr(0, kPrefix.size()) == kPrefix;
}

void ControlApi::handle(const wire::HttpRequest& request, const HttpListener::Respond& respond) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    const std::string asked = request.method + " " + path;
    try {
        if (asked == "GET /_sbemu/health") {
            return respond(
                json_response(200, {{"status", "running"}, {"version", settings_.version}}));
        }
        if (asked == "GET /_sbemu/status") return respond(json_response(200, status()));
        if (asked == "GET /_sbemu/state") {
            return respond(
                {200, {{"Content-Type", "application/vnd.sqlite3"}}, emulator_.state_image()});
        }
        if (asked == "GET /_sbemu/ca.pem") {
            return respond(
                {200, {{"Content-Type", "application/x-pem-file"}}, settings_.certificate()});
        }
        if (asked == "POST /_sbemu/clock") {
            return change_clock(parse_body(request.body), respond);
        }
        if (const std::string signal_name = fault_signal(asked); !signal_name.empty()) {
            return signal(signal_name, parse_body(request.body), respond);
        }
        if (handle_snapshots(request.method, path, respond)) return;
        respond(error_response(404, "sbemu has no " + asked));
    } catch (const SnapshotError& error) {
        respond(error_response(400, error.what()));
    } catch (const std::invalid_argument& error) {
        respond(error_response(400, error.what()));
    } catch (const std::runtime_error& error) {
        respond(error_response(500, error.what()));
    }
}

void ControlApi::change_clock(const json::object& request, const HttpListener::Respond& respond) {
    const bool freeze = request == json::object{{"freeze", true}};
    const bool resume = request == json::object{{"resume", true}};
    if (!freeze && !resume) return move_clock(request, respond);
    if (!(freeze ? emulator_.freeze_clock() : emulator_.resume_clock())) {
        return respond(error_response(409, "the clock is being advanced; try again after that"));
    }
    respond(json_response(200, clock()));
}

bool ControlApi::handle_snapshots(const std::string& method, const std::string& path,
                                  const HttpListener::Respond& respond) {
    constexpr std::string_view kSnapshots = "/_sbemu/snapshots";
    constexpr std::string_view kLoad = "/load";
    if (method == "POST" && path == "/_sbemu/reset") {
        load(std::string(emulator_.empty_state()), respond);
        return true;
    }
    if (!path.starts_with(kSnapshots)) return false;
    std::string name = path.substr(kSnapshots.size());
    if (name.empty() && method == "GET") {
        json::array names;
        for (const std::string& known : snapshots_.names()) names.emplace_back(known);
        respond(json_response(200, {{"snapshots", std::move(names)}}));
        return true;
    }
    if (!name.starts_with('/')) return false;
    name.erase(0, 1);
    if (method == "POST" && name.ends_with(kLoad)) {
        load(snapshots_.load(name.substr(0, name.size() - kLoad.size())), respond);
    } else if (method == "POST") {
        snapshots_.save(name, emulator_.state_image());
        respond(json_response(200, {{"saved", name}}));
    } else if (method == "GET") {
        respond({200, {{"Content-Type", "application/vnd.sqlite3"}}, snapshots_.load(name)});
    } else if (method == "DELETE") {
        snapshots_.remove(name);
        respond(json_response(200, {{"deleted", name}}));
    } else {
        return false;
    }
    return true;
}

void ControlApi::load(std::string image, const HttpListener::Respond& respond) {
    if (emulator_.is_paused()) {
        return respond(error_response(409, "the state is that of a replay; it cannot be replaced"));
    }
    emulator_.load_state(std::move(image), [this, respond](const std::string& error) {
        if (!error.empty()) return respond(error_response(409, "nothing was loaded: " + error));
        respond(json_response(200, {{"now", iso_time(emulator_.now())}}));
    });
}

void ControlApi::move_clock(const json::object& request, const HttpListener::Respond& respond) {
    if (emulator_.is_paused()) {
        return respond(error_response(409, "the clock stands still: a replay was stopped here"));
    }
    if (emulator_.clock_mode() == ClockMode::real_time) {
        return respond(error_response(409,
                                      "the clock runs at real pace and cannot be advanced; freeze "
                                      "it first: sbemu clock freeze"));
    }
    const auto done = [this, respond](const Advanced& advanced) {
        json::object report = clock();
        report["timers"] = advanced.pulses;
        report["settled"] = advanced.settled;
        report["waiting"] = advanced.idle ? json::array{} : timers();
        respond(json_response(200, report));
    };
    const json::value* to_next = request.if_contains("to_next");
    const json::value* by = request.if_contains("advance_milliseconds");
    if (to_next && !by && *to_next == json::value(true)) return emulator_.advance_to_next(done);
    if (request.contains("until_idle")) {
        const json::value* limit = request.if_contains("at_most_milliseconds");
        const bool good = !limit || (limit->is_int64() && limit->as_int64() >= 0);
        if (to_next || by || request.at("until_idle") != json::value(true) || !good) {
            throw std::invalid_argument(
                R"(say {"until_idle": true, "at_most_milliseconds": 1000}, not negative)");
        }
        const Duration at_most = limit ? Duration{limit->as_int64()} : kIdleLimit;
        return emulator_.advance_until_idle(at_most, done);
    }
    if (to_next || !by || !by->is_int64() || by->as_int64() < 0) {
        throw std::invalid_argument(
            R"(say {"advance_milliseconds": 1000}, not negative, or {"to_next": true})");
    }
    emulator_.advance(Duration{by->as_int64()}, done);
}

void ControlApi::signal(std::string operation, json::object params,
                        const HttpListener::Respond& respond) {
    Event event;
    event.service = "sbemu";
    event.operation = std::move(operation);
    event.params = std::move(params);
    emulator_.submit(std::move(event), [respond](const Applied& applied) {
        if (const auto* error = std::get_if<ApiError>(&applied.answer)) {
            return respond(error_response(error->status, error->what()));
        }
        respond(json_response(200, std::get<Outcome>(applied.answer).result));
    });
}

json::object ControlApi::clock() const {
    return {{"mode", clock_name(emulator_.clock_mode())}, {"now", iso_time(emulator_.now())}};
}

json::array ControlApi::timers() const {
    const Time now = emulator_.now();
    json::array timers;
    for (const Timer& timer : emulator_.kernel().timers(kTimersShown)) {
        timers.push_back(json::object{{"due", iso_time(timer.due)},
                                      {"in_milliseconds", (timer.due - now).count()},
                                      {"service", timer.service},
                                      {"name", timer.name},
                                      {"key", timer.key},
                                      {"account", timer.caller.account},
                                      {"region", timer.caller.region}});
    }
    return timers;
}

json::object ControlApi::status() const {
    const auto uptime =
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started_);
    json::object calls;
    for (const auto& [service, count] : emulator_.calls()) calls[service] = count;
    return {{"version", settings_.version},
            {"state", settings_.state},
            {"uptime_milliseconds", uptime.count()},
            {"clock", clock()},
            {"events", emulator_.kernel().event_count()},
            {"calls", std::move(calls)},
            {"running", emulator_.busy()},
            {"unanswered_calls", emulator_.deferred()},
            {"timers", timers()}};
}

}  // namespace sbemu
