#include "emulator/core/context.h"

#include <boost/json.hpp>

#include "emulator/core/faults.h"
#include "emulator/core/service.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;

void Outbox::restore(Outbox earlier) {
    earlier.fired_faults = std::move(fired_faults);
    *this = std::move(earlier);
}

std::string Caller::arn(std::string_view service, std::string_view resource) const {
    return "arn:aws:" + std::string(service) + ":" + region + ":" + account + ":" +
           std::string(resource);
}

Outcome Context::call(std::string_view service, std::string_view operation,
                      const json::object& params, std::string_view payload) {
    throw_if_faulted(*this, {service, operation, params, Seam::service});
    Context inner = as(caller);
    inner.body = payload;
    json::object result = registry.dispatch(inner, service, operation, params);
    return {std::move(result), std::move(inner.reply_body), std::move(inner.reply_blob)};
}

std::variant<Outcome, ApiError> Context::try_call(std::string_view service,
                                                  std::string_view operation,
                                                  const json::object& params,
                                                  std::string_view payload) {
    Savepoint savepoint(store);
    const Outbox before = outbox;
    try {
        Outcome outcome = call(service, operation, params, payload);
        savepoint.commit();
        return outcome;
    } catch (const ApiError& error) {
        outbox.restore(before);
        return error;
    }
}

Context Context::as(const Caller& other) const {
    return {store, random, now, other, registry, event, request_id, {}, outbox, function};
}

void Context::effect(std::string kind, json::object payload) {
    outbox.effects.push_back({std::move(kind), std::move(payload)});
}

void Context::announce(std::string topic, std::string subject) {
    outbox.announcements.push_back({std::move(topic), std::move(subject), caller});
}

void Context::defer() { outbox.deferred = true; }

void Context::complete(std::int64_t deferred_event, std::variant<Outcome, ApiError> answer) {
    outbox.completions.push_back({deferred_event, std::move(answer)});
}

}  // namespace sbemu
