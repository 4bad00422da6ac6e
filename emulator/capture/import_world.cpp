#include "emulator/capture/import_world.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "emulator/core/encoding.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// What the host reports of a process that there was not.
constexpr std::int64_t kDurationMicroseconds = 1000;

std::string function_of(const json::object& invocation) {
    return std::string(invocation.at("Function").at("FunctionName").as_string());
}

}  // namespace

json::object ImportWorld::call(const std::string& service, const std::string& operation,
                               const json::object& params, const std::string& body) {
    const Applied applied =
        apply({now_, 0, {account_, region_, account_}, service, operation, params, body});
    if (const auto* error = std::get_if<ApiError>(&applied.answer)) {
        throw CallFailed(service + "." + operation + " answers " + error->code + ": " +
                         error->what());
    }
    settle();
    return std::get<Outcome>(applied.answer).result;
}

void ImportWorld::advance_to(Time time) {
    settle();
    while (true) {
        const auto due = world_.kernel.next_due();
        if (!due || *due > time) break;
        now_ = std::max(now_, *due);
        settle();
    }
    now_ = std::max(now_, time);
}

const json::object* ImportWorld::waiting(const std::string& function) const {
    const auto found =
        std::find_if(waiting_.rbegin(), waiting_.rend(),
                     [&](const json::object& one) { return function_of(one) == function; });
    return found == waiting_.rend() ? nullptr : &*found;
}

void ImportWorld::answer(const std::string& function, const json::value& result, bool failed,
                         const std::optional<json::object>& put) {
    const json::object* found = waiting(function);
    if (!found) throw CaptureError("no invocation of " + function + " came about");
    const json::object invocation = *found;
    std::erase(waiting_, invocation);
    const json::value id = invocation.at("InvocationId");
    const Caller caller{account_, region_, {}};
    apply({now_, 0, caller, "lambda", "InvocationStarted", {{"InvocationId", id}}, {}});
    if (put) {
        const json::value event = json::parse(invocation.at("Payload").as_string());
        const std::string url(event.at("ResponseURL").as_string());
        const auto path = url.find('/', url.find("://") + 3);
        const auto query = url.find('?');
        apply({now_,
               0,
               {},
               "cloudformation",
               "PutResponse",
               {{"Key", percent_decode(url.substr(path + 1, query - path - 1))},
                {"Query", url.substr(query + 1)}},
               json::serialize(*put)});
    }
    apply({now_,
           0,
           caller,
           "lambda",
           "InvocationEnded",
           {{"InvocationId", id},
            {"Outcome", failed ? "error" : "response"},
            {"DurationMicroseconds", kDurationMicroseconds},
            {"MaxMemoryMegabytes", 64},
            {"LogStream", day_path(now_) + "/[$LATEST]" + hex_encode(md5(id.as_string()))},
            {"Log", json::array{}}},
           json::serialize(result)});
    settle();
}

std::string ImportWorld::leave(const std::string& function) {
    const json::object* found = waiting(function);
    if (!found) return {};
    left_.push_back(*found);
    std::erase(waiting_, left_.back());
    return std::string(left_.back().at("InvocationId").as_string());
}

void ImportWorld::take_up(const std::string& invocation) {
    const auto found = std::find_if(left_.begin(), left_.end(), [&](const json::object& one) {
        return one.at("InvocationId").as_string() == invocation;
    });
    if (found == left_.end()) return;
    waiting_.push_back(*found);
    left_.erase(found);
}

std::string ImportWorld::arn(const std::string& service, const std::string& resource) const {
    return Arn{"aws", service, service == "iam" ? "" : region_, account_, resource}.text();
}

Applied ImportWorld::apply(Event event) {
    event.seed = ++seed_;
    Applied applied = world_.kernel.apply(event);
    events_.push_back(
        {static_cast<std::int64_t>(events_.size()) + 1, std::move(event), describe_reply(applied)});
    for (const Effect& effect : applied.effects) {
        if (effect.kind == "lambda.invoke") waiting_.push_back(effect.payload);
    }
    return applied;
}

void ImportWorld::settle() {
    while (true) {
        const auto due = world_.kernel.next_due();
        if (!due || *due > now_) return;
        apply(Kernel::pulse_at(now_, 0));
    }
}

}  // namespace sbemu
