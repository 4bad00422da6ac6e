// The life of the pool's instances: their states, their end, and what is forgotten after it.

#include <algorithm>

#include "emulator/host/functions/function_environment.h"
#include "emulator/host/functions/pool.h"
#include "emulator/host/log/log.h"

namespace sbemu {
namespace {

using std::chrono::steady_clock;
using Error = boost::system::error_code;

constexpr std::chrono::milliseconds kShortestSweep{10};
// What they still had to say has long been read when so many others were forgotten after them.
constexpr std::size_t kMostForgotten = 1000;

}  // namespace

void Functions::Pool::set_state(Instance& instance, State state) {
    instance.state = state;
    instance.since = steady_clock::now();
    if (state == State::starting) return;
    instance.init_timer.reset();
    if (std::exchange(instance.holds_busy, false)) host_.lower_busy();
}

// Numbered from 1 in each emulator: what a killed one has left is used again.
std::filesystem::path Functions::Pool::next_clock_file() {
    const auto folder = std::filesystem::absolute(settings_.folder) / "clocks";
    std::error_code ignored;  // the file that cannot be made then says why
    std::filesystem::create_directories(folder, ignored);
    return folder / std::to_string(++clocks_);
}

// An invocation begins at the emulator's time, though the process may have seen later ones: while
// the emulator's clock stands still, real time passes for processes.
void Functions::Pool::set_clock(Instance& instance) {
    instance.clock->set(host_.ahead());
    tell_of_static(instance);
}

void Functions::Pool::tell_of_static(const Instance& instance) {
    Deployment& deployment = deployment_of(instance.function);
    if (!instance.is_static || deployment.told_of_static || host_.ahead() == Duration{0}) return;
    deployment.told_of_static = true;
    log_warning("function " + instance.function->name +
                ": its bootstrap is a static program, so it sees this machine's time and not "
                "sbemu's (docs/time.md)");
}

void Functions::Pool::follow_clock() {
    const Duration ahead = host_.ahead();
    for (auto& [environment, deployment] : deployments_) {
        for (const InstancePointer& instance : deployment.instances) {
            const bool is_at_work =
                instance->state == State::running || instance->state == State::starting;
            if (is_at_work) {
                instance->clock->move_forward(ahead);
            } else {
                instance->clock->set(ahead);
            }
        }
    }
}

// The process has ended, or was never started.
void Functions::Pool::remove(const InstancePointer& instance) {
    const auto since = instance->since;
    set_state(*instance, State::ended);
    instance->since = since;
    std::erase(deployment_of(instance->function).instances, instance);
}

void Functions::Pool::end(const InstancePointer& instance) {
    if (instance->launched) instance->process->end();
    remove(instance);
}

std::optional<FunctionCaller> Functions::Pool::find_caller(std::string_view session_token) const {
    if (!session_token.starts_with(kSessionTokenStart)) return std::nullopt;
    for (const auto& [environment, deployment] : deployments_) {
        for (const InstancePointer& instance : deployment.instances) {
            if (session_token_of(instance->log_stream) != session_token) continue;
            FunctionCaller caller{instance->function->arn, {}, false};
            if (instance->task) caller.invocation = instance->task->invocation.id;
            return caller;
        }
    }
    const auto forgotten = forgotten_.find(session_token);
    if (forgotten != forgotten_.end()) return FunctionCaller{forgotten->second, {}, true};
    return std::nullopt;
}

void Functions::Pool::forget() {
    if (forgotten_.size() > kMostForgotten) forgotten_.clear();
    for (auto& [environment, deployment] : deployments_) {
        const auto instances = deployment.instances;
        for (const InstancePointer& instance : instances) {
            forgotten_.emplace(session_token_of(instance->log_stream), instance->function->arn);
            end(instance);
        }
    }
    for (std::size_t left = tasks_.size(); left > 0; --left) host_.lower_busy();
    tasks_.clear();
    deployments_.clear();
}

void Functions::Pool::forget_unused() {
    for (auto next = deployments_.begin(); next != deployments_.end();) {
        const Deployment& deployment = next->second;
        if (!deployment.stopped || !deployment.instances.empty() || !deployment.waiting.empty()) {
            ++next;
            continue;
        }
        const std::string hash = deployment.function->code_hash;
        next = deployments_.erase(next);
        const bool is_used = std::any_of(
            deployments_.begin(), deployments_.end(),
            [&](const auto& other) { return other.second.function->code_hash == hash; });
        if (!is_used) launcher_.drop_code(hash);
    }
}

// The invocation that the process works on, or that waits for one like it to start.
std::shared_ptr<Functions::Pool::Task> Functions::Pool::take_task(Instance& instance) {
    if (instance.task || instance.state != State::starting) {
        return std::exchange(instance.task, nullptr);
    }
    auto& waiting = deployment_of(instance.function).waiting;
    if (waiting.empty()) return nullptr;
    auto task = std::move(waiting.front());
    waiting.pop_front();
    return task;
}

void Functions::Pool::sweep() {
    if (sweeping_ || process_count() == 0) return;
    sweeping_ = true;
    sweep_.expires_after(std::max(settings_.idle_limit / 4, kShortestSweep));
    sweep_.async_wait([this](const Error& cancelled) {
        if (cancelled) return;
        sweeping_ = false;
        const auto limit = steady_clock::now() - settings_.idle_limit;
        for (auto& [environment, deployment] : deployments_) {
            const auto instances = deployment.instances;
            for (const InstancePointer& instance : instances) {
                if (instance->state == State::idle && instance->since <= limit) end(instance);
            }
        }
        sweep();
    });
}

}  // namespace sbemu
