// What the pool reports to the Lambda service.
#include <boost/json.hpp>

#include "emulator/host/functions/pool.h"

namespace sbemu {
namespace json = boost::json;
namespace {

using std::chrono::steady_clock;

std::int64_t microseconds_since(steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start)
        .count();
}

// The last `length` hexadecimal digits.
std::string hex_digits(std::uint64_t number, std::size_t length) {
    std::string digits(length, '0');
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, number /= 16) {
        *digit = "0123456789abcdef"[number % 16];
    }
    return digits;
}

}  // namespace

void Functions::Pool::report_started(Task& task) {
    if (task.started) return;
    task.started = host_.now();
    task.running_since = steady_clock::now();
    signal(task, "InvocationStarted", {{"InvocationId", task.invocation.id}}, {});
}

void Functions::Pool::report(const std::shared_ptr<Task>& task, const InstancePointer& instance,
                             const Ending& ending) {
    tasks_.erase(task->invocation.id);
    signal(*task, "InvocationEnded", describe(*task, instance, ending), ending.body);
    host_.lower_busy();
}

json::object Functions::Pool::describe(const Task& task, const InstancePointer& instance,
                                       const Ending& ending) {
    json::object report{{"InvocationId", task.invocation.id}, {"Outcome", ending.outcome}};
    if (!ending.error_type.empty()) report["ErrorType"] = ending.error_type;
    if (ending.exit && ending.exit->signal != 0) {
        report["ExitSignal"] = ending.exit->signal;
    } else if (ending.exit) {
        report["ExitStatus"] = ending.exit->code;
    }
    if (!ending.message.empty()) report["Message"] = ending.message;
    // Without a started invocation it was the initialization that took its time.
    const bool has_run = task.started || (instance && instance->launched);
    report["DurationMicroseconds"] =
        has_run ? microseconds_since(task.started ? task.running_since : instance->since) : 0;
    if (instance && instance->init) {
        report["InitMicroseconds"] = instance->init->count();
        instance->init.reset();
    }
    if (instance && instance->launched) {
        const std::int64_t memory = instance->process->peak_memory_megabytes();
        if (memory > 0) report["MaxMemoryMegabytes"] = memory;
    }
    report["LogStream"] = instance ? instance->log_stream : log_stream_name(*task.function);
    report["Log"] = take_log(*task.function, instance.get());
    return report;
}

json::array Functions::Pool::take_log(const Function& function, Instance* instance) {
    json::array result;
    const auto add = [&](const std::vector<LogEvent>& events) {
        for (const LogEvent& event : events) {
            result.push_back(json::object{{"Timestamp", to_milliseconds(event.timestamp)},
                                          {"Message", event.message}});
        }
    };
    const auto deployment = deployments_.find(function.environment);
    if (deployment != deployments_.end()) add(std::exchange(deployment->second.spare_log, {}));
    if (instance != nullptr && instance->launched) add(instance->process->take_log());
    return result;
}

// For the log of the next invocation: nobody else will tell what the process wrote.
void Functions::Pool::keep_log(Instance& instance) {
    if (!instance.launched) return;
    constexpr std::size_t kMostEvents = 1000;
    auto& spare = deployment_of(instance.function).spare_log;
    for (LogEvent& event : instance.process->take_log()) {
        if (spare.size() < kMostEvents) spare.push_back(std::move(event));
    }
}

void Functions::Pool::signal(const Task& task, std::string_view operation, json::object params,
                             std::string body) {
    Event event;
    event.caller = task.function->owner;
    event.service = "lambda";
    event.operation = operation;
    event.params = std::move(params);
    event.body = std::move(body);
    host_.submit(std::move(event));
}

std::string Functions::Pool::random_hex(std::size_t length) {
    std::string text;
    while (text.size() < length) text += hex_digits(random_(), 8);
    text.resize(length);
    return text;
}

// facts/lambda.md 4.4.
std::string Functions::Pool::log_stream_name(const Function& function) {
    if (settings_.log_stream) {
        if (std::string given = settings_.log_stream(); !given.empty()) return given;
    }
    return day_path(host_.now()) + "/[" + function.version + "]" + random_hex(32);
}

// facts/lambda.md 4.1. Nothing is traced.
std::string Functions::Pool::trace_id() {
    const auto seconds = static_cast<std::uint64_t>(to_milliseconds(host_.now()) / 1000);
    const std::string root = "1-" + hex_digits(seconds, 8) + "-" + random_hex(24);
    return "Root=" + root + ";Parent=" + random_hex(16) + ";Sampled=0";
}

}  // namespace sbemu
