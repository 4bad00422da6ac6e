#include "emulator/host/functions/pool.h"

#include <algorithm>

#include "emulator/host/log/log.h"

namespace sbemu {
namespace {

using std::chrono::steady_clock;
using Error = boost::system::error_code;

// A process that has answered asks for the next event at once. One that does not by then is not
// waited for: another one is started.
constexpr std::chrono::milliseconds kFinishPatience{100};

}  // namespace

Functions::Pool::Pool(boost::asio::io_context& io, FunctionHost& host, FunctionSettings settings)
    : io_(io),
      host_(host),
      settings_(std::move(settings)),
      launcher_(io, host, settings_),
      patience_(io),
      sweep_(io) {}

Functions::Pool::~Pool() {
    for (const auto& weak : processes_) {
        if (const auto process = weak.lock()) process->end_and_wait();
    }
}

// ---------------------------------------------------------------------------------- effects

void Functions::Pool::prepare(Function function) {
    const auto shared = known(std::move(function));
    Deployment& deployment = deployment_of(shared);
    deployment.stopped = false;
    if (!deployment.instances.empty() || process_count() >= settings_.process_limit) return;
    start(deployment, nullptr, true);
    balance();
}

void Functions::Pool::invoke(Function function, Invocation invocation) {
    const std::string id = invocation.id;
    auto task = std::make_shared<Task>();
    task->invocation = std::move(invocation);
    task->function = known(std::move(function));
    task->number = ++last_number_;
    if (!tasks_.emplace(id, task).second) {
        log_error("functions: the invocation " + id + " is running already");
        return;
    }
    host_.raise_busy();
    Deployment& deployment = deployment_of(task->function);
    deployment.stopped = false;  // a fault stops what is warm and invokes at once
    deployment.waiting.push_back(std::move(task));
    balance();
}

void Functions::Pool::stop(const std::string& environment) {
    const auto found = deployments_.find(environment);
    if (found == deployments_.end()) return;
    Deployment& deployment = found->second;
    deployment.stopped = true;
    const auto instances = deployment.instances;
    for (const InstancePointer& instance : instances) {
        const bool is_needed = instance->task || !deployment.waiting.empty();
        const bool is_free = instance->state == State::idle || instance->state == State::finishing;
        if (is_free || (instance->state == State::starting && !is_needed)) end(instance);
    }
    balance();
}

void Functions::Pool::kill(const std::string& invocation_id) {
    const auto found = tasks_.find(invocation_id);
    if (found == tasks_.end()) return;  // it has just ended
    const std::shared_ptr<Task> task = found->second;
    task->killed = true;
    Deployment& deployment = deployment_of(task->function);
    for (const InstancePointer& instance : deployment.instances) {
        if (instance->task != task) continue;
        if (instance->launched) return instance->process->kill();  // on_exit reports
        const InstancePointer kept = instance;
        end(kept);
        report(task, kept, {"killed"});
        return balance();
    }
    std::erase(deployment.waiting, task);
    report(task, nullptr, {"killed"});
    balance();
}

std::size_t Functions::Pool::process_count() const {
    std::size_t count = 0;
    for (const auto& [environment, deployment] : deployments_) {
        count += deployment.instances.size();
    }
    return count;
}

// One copy of the function for everything that happens in its environment.
std::shared_ptr<const Function> Functions::Pool::known(Function function) {
    const auto found = deployments_.find(function.environment);
    if (found != deployments_.end()) return found->second.function;
    return std::make_shared<const Function>(std::move(function));
}

Functions::Pool::Deployment& Functions::Pool::deployment_of(
    const std::shared_ptr<const Function>& function) {
    Deployment& deployment = deployments_[function->environment];
    if (!deployment.function) deployment.function = function;
    return deployment;
}

// ------------------------------------------------------------------------------- who works on what

// Gives waiting invocations to processes and starts processes for those that are left. A process
// may fail to start before start() returns: then this runs again.
void Functions::Pool::balance() {
    unbalanced_ = true;
    if (balancing_) return;
    balancing_ = true;
    while (std::exchange(unbalanced_, false)) balance_once();
    balancing_ = false;
}

void Functions::Pool::balance_once() {
    for (auto& [environment, deployment] : deployments_) {
        while (give_to_idle(deployment)) {
        }
    }
    while (Deployment* deployment = first_in_need()) {
        if (!make_room()) break;
        start(*deployment, nullptr, false);
    }
    forget_unused();
}

bool Functions::Pool::give_to_idle(Deployment& deployment) {
    if (deployment.waiting.empty()) return false;
    // The one used last is the warmest.
    const auto idle =
        std::find_if(deployment.instances.rbegin(), deployment.instances.rend(),
                     [](const auto& instance) { return instance->state == State::idle; });
    if (idle == deployment.instances.rend()) return false;
    auto task = std::move(deployment.waiting.front());
    deployment.waiting.pop_front();
    hand_over(*idle, std::move(task));
    return true;
}

// Where the invocation that came first among those without a process waits.
Functions::Pool::Deployment* Functions::Pool::first_in_need() {
    Deployment* first = nullptr;
    std::int64_t first_number = 0;
    for (auto& [environment, deployment] : deployments_) {
        if (deployment.waiting.empty()) continue;
        const std::size_t served = on_its_way(deployment);
        if (deployment.waiting.size() <= served) continue;
        const std::int64_t number = deployment.waiting[served]->number;
        if (first != nullptr && number > first_number) continue;
        first = &deployment;
        first_number = number;
    }
    return first;
}

// Processes that will ask for an event soon.
std::size_t Functions::Pool::on_its_way(const Deployment& deployment) {
    std::size_t count = 0;
    const auto now = steady_clock::now();
    bool is_finishing = false;
    for (const InstancePointer& instance : deployment.instances) {
        if (instance->state == State::starting && !instance->task) ++count;
        if (instance->state != State::finishing || now - instance->since >= kFinishPatience) {
            continue;
        }
        is_finishing = true;
        ++count;
    }
    if (is_finishing) {
        patience_.expires_after(kFinishPatience);
        patience_.async_wait([this](const Error& cancelled) {
            if (!cancelled) balance();
        });
    }
    return count;
}

// At the limit an idle process makes room, the one that was idle for longest.
bool Functions::Pool::make_room() {
    if (process_count() < settings_.process_limit) return true;
    InstancePointer oldest;
    for (const auto& [environment, deployment] : deployments_) {
        for (const InstancePointer& instance : deployment.instances) {
            if (instance->state != State::idle) continue;
            if (!oldest || instance->since < oldest->since) oldest = instance;
        }
    }
    if (!oldest) return false;
    end(oldest);
    return true;
}

void Functions::Pool::start(Deployment& deployment, std::shared_ptr<Task> task, bool is_prepared) {
    const auto instance = std::make_shared<Instance>();
    instance->function = deployment.function;
    instance->log_stream = log_stream_name(*deployment.function);
    instance->task = std::move(task);
    instance->since = steady_clock::now();
    instance->holds_busy = is_prepared;
    if (is_prepared) host_.raise_busy();
    instance->clock = std::make_unique<FunctionClock>(next_clock_file(), host_.ahead());
    // An instance that has been removed hears nothing more of its process.
    const auto weak = std::weak_ptr<Instance>(instance);
    const auto if_alive = [weak](auto then) {
        return [weak, then](auto&&... what) {
            const auto alive = weak.lock();
            if (alive && alive->state != State::ended) then(alive, std::move(what)...);
        };
    };
    FunctionProcess::Listener listener;
    listener.on_ready = if_alive([this](const InstancePointer& one) { on_ready(one); });
    listener.on_answer = if_alive(
        [this](const InstancePointer& one, Posted posted) { on_answer(one, std::move(posted)); });
    listener.on_init_error = if_alive(
        [this](const InstancePointer& one, const Posted& posted) { on_init_error(one, posted); });
    listener.on_exit =
        if_alive([this](const InstancePointer& one, ProcessExit exit) { on_exit(one, exit); });
    instance->process = std::make_shared<FunctionProcess>(
        io_, [&host = host_] { return host.now(); }, std::move(listener));
    deployment.instances.push_back(instance);
    launcher_.launch(
        {instance->function, instance->process, instance->log_stream, instance->clock->file(),
         [instance] { return instance->state != State::ended; },
         [this, instance](bool is_static) { on_launched(instance, is_static); },
         [this, instance](const LaunchFailure& why) { on_launch_failed(instance, why); }});
    sweep();
}

void Functions::Pool::hand_over(const InstancePointer& instance, std::shared_ptr<Task> task) {
    report_started(*task);
    const Invocation& invocation = task->invocation;
    RuntimeEvent event;
    event.request_id = invocation.request_id;
    event.deadline = *task->started + std::chrono::seconds(task->function->timeout);
    event.invoked_arn = invocation.invoked_arn;
    event.trace_id = trace_id();
    event.client_context = invocation.client_context;
    event.payload = invocation.payload;
    instance->task = std::move(task);
    set_state(*instance, State::running);
    set_clock(*instance);
    instance->process->deliver(std::move(event));
}

// --------------------------------------------------------------------------- what processes do

void Functions::Pool::on_launched(const InstancePointer& instance, bool is_static) {
    instance->is_static = is_static;
    tell_of_static(*instance);
    std::erase_if(processes_, [](const auto& process) { return process.expired(); });
    processes_.push_back(instance->process);
    instance->launched = true;
    instance->since = steady_clock::now();
    // Started again for one invocation, a process has as long as that one.
    if (instance->task) return;
    instance->init_timer = std::make_unique<boost::asio::steady_timer>(io_, settings_.init_limit);
    instance->init_timer->async_wait(
        [this, weak = std::weak_ptr<Instance>(instance)](const Error& cancelled) {
            const auto alive = weak.lock();
            if (!cancelled && alive && alive->state == State::starting) on_init_timeout(alive);
        });
}

void Functions::Pool::on_launch_failed(const InstancePointer& instance,
                                       const LaunchFailure& failure) {
    const auto task = take_task(*instance);
    remove(instance);
    if (!task) {
        log_warning("cannot start function " + instance->function->name + ": " + failure.message);
    } else if (failure.exit_status) {
        report(task, instance,
               {"exit", {}, failure.message, ProcessExit{*failure.exit_status, 0}, {}});
    } else {
        report(task, instance,
               {"not-started", "Runtime.InvalidEntrypoint", failure.message, {}, {}});
    }
    balance();
}

void Functions::Pool::on_ready(const InstancePointer& instance) {
    if (instance->state == State::starting) {
        instance->init = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() -
                                                                               instance->since);
    }
    set_state(*instance, State::idle);
    Deployment& deployment = deployment_of(instance->function);
    const auto place =
        std::find(deployment.instances.begin(), deployment.instances.end(), instance);
    std::rotate(place, place + 1, deployment.instances.end());
    if (instance->task) {
        hand_over(instance, std::exchange(instance->task, nullptr));
    } else if (deployment.stopped && deployment.waiting.empty()) {
        end(instance);
    }
    balance();
}

void Functions::Pool::on_answer(const InstancePointer& instance, Posted posted) {
    if (!instance->task || instance->task->killed) return;  // on_exit reports
    const auto task = std::exchange(instance->task, nullptr);
    Ending ending{posted.is_error ? "error" : "response", std::move(posted.error_type)};
    ending.body = std::move(posted.body);
    report(task, instance, ending);
    set_state(*instance, State::finishing);
    const Deployment& deployment = deployment_of(instance->function);
    if (!deployment.stopped || !deployment.waiting.empty()) return;
    end(instance);
    balance();
}

void Functions::Pool::on_init_error(const InstancePointer& instance, const Posted& posted) {
    if (instance->task && instance->task->killed) return;
    if (const auto task = take_task(*instance)) {
        report(task, instance, {"init-error", posted.error_type, {}, {}, posted.body});
    } else {
        keep_log(*instance);
    }
    end(instance);
    balance();
}

void Functions::Pool::on_init_timeout(const InstancePointer& instance) {
    const auto task = take_task(*instance);
    keep_log(*instance);
    end(instance);
    Deployment& deployment = deployment_of(instance->function);
    deployment.spare_log.push_back(
        {host_.now(), "INIT_REPORT Init Duration: " + std::to_string(settings_.init_limit.count()) +
                          ".00 ms\tPhase: init\tStatus: timeout\n"});
    if (task) {
        report_started(*task);
        start(deployment, task, false);
    }
    balance();
}

void Functions::Pool::on_exit(const InstancePointer& instance, ProcessExit exit) {
    const auto task = take_task(*instance);
    remove(instance);
    if (!task) {
        keep_log(*instance);
    } else if (task->killed) {
        report(task, instance, {"killed"});
    } else {
        report(task, instance, {"exit", {}, {}, exit, {}});
    }
    balance();
}

}  // namespace sbemu
