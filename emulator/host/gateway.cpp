#include "emulator/host/gateway.h"

#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "emulator/host/control_api.h"
#include "emulator/host/emulator.h"
#include "emulator/host/log/log.h"
#include "emulator/wire/wire.h"

namespace sbemu {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

void log_call(const wire::Call& call, const Applied& applied, int status, SteadyTime begun) {
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    const auto* error = std::get_if<ApiError>(&applied.answer);
    std::array<char, 32> milliseconds{};
    std::snprintf(milliseconds.data(), milliseconds.size(), "%.2f ms", took.count());
    log_info(call.service + " " + call.operation + " " + std::to_string(status) + " " +
             milliseconds.data() + (error ? "  " + error->code + ": " + error->what() : ""));
}

}  // namespace

Gateway::Gateway(Emulator& emulator, ControlApi& control, FindCaller find_caller, bool log_calls)
    : emulator_(emulator),
      control_(control),
      find_caller_(std::move(find_caller)),
      log_calls_(log_calls) {}

void Gateway::handle(wire::HttpRequest request, HttpListener::Respond respond) {
    if (ControlApi::is_meant(request.target)) {
        return control_.handle(request, respond);
    }
    std::string line;
    if (log_calls_) line = request.method + " " + request.target;
    auto decoded = wire::decode(std::move(request), emulator_.now(),
                                [this] { return emulator_.spare_request_id(); });
    if (auto* answer = std::get_if<wire::HttpResponse>(&decoded)) {
        if (log_calls_) log_info(line + " " + std::to_string(answer->status));
        return respond(std::move(*answer));
    }
    call(std::move(std::get<wire::Call>(decoded)), std::move(respond));
}

// As the faults that fired want it (core/faults.h).
void Gateway::deliver(wire::HttpResponse response, const std::vector<Effect>& faults,
                      const HttpListener::Respond& respond) {
    Duration delay{0};
    for (const Effect& fault : faults) {
        if (const auto* by = fault.payload.if_contains("Delay")) delay += Duration{by->as_int64()};
        const auto* drop = fault.payload.if_contains("Drop");
        if (!drop) continue;
        if (*drop == "never") return;  // the client gives up, or not
        response.headers.emplace_back(kDropHeader, drop->as_string());
    }
    if (delay.count() == 0) return respond(std::move(response));
    emulator_.delay(delay, [respond, response = std::move(response)] { respond(response); });
}

void Gateway::call(wire::Call&& call, HttpListener::Respond respond) {
    Event event;
    event.caller = call.caller;
    event.service = call.service;
    event.operation = call.operation;
    event.params = std::move(call.params);
    event.params_text = std::move(call.params_text);
    event.body = std::move(call.body);
    if (auto function = find_caller_(call.session_token)) {
        if (function->is_forgotten) {
            return respond(wire::encode(call, state_was_replaced(), emulator_.spare_request_id()));
        }
        event.function = std::move(function->function);
        event.invocation = std::move(function->invocation);
    }
    struct Pending {
        wire::Call call;
        HttpListener::Respond respond;
        SteadyTime begun;
    };
    // Behind a pointer: what waits is handed on several times.
    auto pending = std::make_shared<Pending>();
    pending->call = std::move(call);
    pending->respond = std::move(respond);
    if (log_calls_) pending->begun = std::chrono::steady_clock::now();
    emulator_.submit(std::move(event),
                     [this, pending = std::move(pending)](const Applied& applied) {
                         wire::HttpResponse response =
                             wire::encode(pending->call, applied.answer, applied.request_id);
                         if (log_calls_)
                             log_call(pending->call, applied, response.status, pending->begun);
                         deliver(std::move(response), applied.effects, pending->respond);
                     });
}

}  // namespace sbemu
