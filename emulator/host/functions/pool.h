// The processes of all functions and the invocations they work on.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "emulator/host/functions/function_clock.h"
#include "emulator/host/functions/functions.h"
#include "emulator/host/functions/launcher.h"

namespace sbemu {

class Functions::Pool {
  public:
    Pool(boost::asio::io_context& io, FunctionHost& host, FunctionSettings settings);
    ~Pool();

    void prepare(Function function);
    void invoke(Function function, Invocation invocation);
    void stop(const std::string& environment);
    void kill(const std::string& invocation_id);
    void forget();
    void follow_clock();

    std::optional<FunctionCaller> find_caller(std::string_view session_token) const;
    std::size_t process_count() const;
    std::size_t invocation_count() const { return tasks_.size(); }

  private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    // An invocation on its way.
    struct Task {
        Invocation invocation;
        std::shared_ptr<const Function> function;
        std::int64_t number = 0;           // in the order of arrival
        std::optional<Time> started = {};  // when InvocationStarted was reported
        SteadyTime running_since = {};     // for the duration
        bool killed = false;
    };

    enum class State {
        starting,   // until it asks for its first event
        idle,       // waits for an event
        running,    // works on its task
        finishing,  // has answered, has not asked for the next event
        ended,
    };

    // One process, from the decision to start it.
    struct Instance {
        std::shared_ptr<const Function> function;
        std::string log_stream;
        std::unique_ptr<FunctionClock> clock;
        std::shared_ptr<FunctionProcess> process;
        State state = State::starting;
        bool launched = false;                               // the process exists
        bool is_static = false;                              // it sees this machine's time
        bool holds_busy = false;                             // it was prepared, and is starting
        std::shared_ptr<Task> task = {};                     // which it works on, or is started for
        SteadyTime since = {};                               // in this state
        std::optional<std::chrono::microseconds> init = {};  // until it is reported
        std::unique_ptr<boost::asio::steady_timer> init_timer = {};
    };
    using InstancePointer = std::shared_ptr<Instance>;

    // The function as it is configured in one environment.
    struct Deployment {
        std::shared_ptr<const Function> function;
        std::vector<InstancePointer> instances;  // the one used last is at the end
        std::deque<std::shared_ptr<Task>> waiting = {};
        std::vector<LogEvent> spare_log = {};  // of processes that have ended
        bool stopped = false;
        bool told_of_static = false;  // that it sees another time than the emulator's
    };

    // How a task ended.
    struct Ending {
        std::string outcome;
        std::string error_type = {};
        std::string message = {};
        std::optional<ProcessExit> exit = {};
        std::string body = {};
    };

    Deployment& deployment_of(const std::shared_ptr<const Function>& function);
    std::shared_ptr<const Function> known(Function function);

    void balance();
    void balance_once();
    bool give_to_idle(Deployment& deployment);
    Deployment* first_in_need();
    std::size_t on_its_way(const Deployment& deployment);
    bool make_room();
    void start(Deployment& deployment, std::shared_ptr<Task> task, bool is_prepared);
    void hand_over(const InstancePointer& instance, std::shared_ptr<Task> task);
    void report_started(Task& task);

    std::filesystem::path next_clock_file();
    void set_clock(Instance& instance);
    void tell_of_static(const Instance& instance);
    void on_launched(const InstancePointer& instance, bool is_static);
    void on_launch_failed(const InstancePointer& instance, const LaunchFailure& failure);
    void on_ready(const InstancePointer& instance);
    void on_answer(const InstancePointer& instance, Posted posted);
    void on_init_error(const InstancePointer& instance, const Posted& posted);
    void on_init_timeout(const InstancePointer& instance);
    void on_exit(const InstancePointer& instance, ProcessExit exit);

    void set_state(Instance& instance, State state);
    void remove(const InstancePointer& instance);
    void end(const InstancePointer& instance);
    void forget_unused();
    std::shared_ptr<Task> take_task(Instance& instance);
    void report(const std::shared_ptr<Task>& task, const InstancePointer& instance,
                const Ending& ending);
    boost::json::object describe(const Task& task, const InstancePointer& instance,
                                 const Ending& ending);
    boost::json::array take_log(const Function& function, Instance* instance);
    void keep_log(Instance& instance);
    void signal(const Task& task, std::string_view operation, boost::json::object params,
                std::string body);
    void sweep();

    std::string random_hex(std::size_t length);
    std::string log_stream_name(const Function& function);
    std::string trace_id();

    boost::asio::io_context& io_;
    FunctionHost& host_;
    FunctionSettings settings_;
    Launcher launcher_;
    std::map<std::string, Deployment> deployments_;              // by environment
    std::map<std::string, std::shared_ptr<Task>> tasks_;         // by invocation
    std::map<std::string, std::string, std::less<>> forgotten_;  // session token -> function
    std::vector<std::weak_ptr<FunctionProcess>> processes_;      // alive until they have ended
    boost::asio::steady_timer patience_;
    boost::asio::steady_timer sweep_;
    bool sweeping_ = false;
    bool balancing_ = false;
    bool unbalanced_ = false;
    std::int64_t last_number_ = 0;
    std::int64_t clocks_ = 0;
    std::random_device random_;
};

}  // namespace sbemu
