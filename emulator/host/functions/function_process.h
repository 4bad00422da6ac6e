// One running function: its process, its Runtime API on a port of its own, and its output.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "emulator/host/functions/function_output.h"
#include "emulator/host/functions/runtime_api.h"
#include "emulator/host/http/http_server.h"
#include "emulator/host/process/process.h"

namespace sbemu {

// Belongs to the thread that runs the io_context. It keeps itself alive until its process has
// ended.
class FunctionProcess : public std::enable_shared_from_this<FunctionProcess> {
  public:
    struct Listener {
        std::function<void()> on_ready;  // it waits for an event
        std::function<void(Posted)> on_answer;
        std::function<void(Posted)> on_init_error;
        std::function<void(ProcessExit)> on_exit;  // without having been end()ed
    };
    using Clock = std::function<Time()>;
    // What starts the process; throws ProcessStartError.
    using Start = std::function<Process(ProcessOptions)>;
    // The environment for a Runtime API on this port of 127.0.0.1.
    using MakeEnvironment = std::function<Environment(std::uint16_t port)>;

    FunctionProcess(boost::asio::io_context& io, Clock clock, Listener listener);
    ~FunctionProcess();  // kills, and waits for the end
    FunctionProcess(const FunctionProcess&) = delete;
    FunctionProcess& operator=(const FunctionProcess&) = delete;

    // Throws ProcessStartError, and std::system_error when there is no port.
    void start(std::vector<std::string> arguments, std::string working_directory,
               const MakeEnvironment& environment, const Start& start);

    // Hands an event over. It must be waiting for one.
    void deliver(RuntimeEvent event);
    // What it has written since the last call, up to this moment.
    std::vector<LogEvent> take_log();
    // The most memory the process has used, in megabytes; 0 if that is not known.
    std::int64_t peak_memory_megabytes();

    // SIGKILL for the process and its group; on_exit follows.
    void kill();
    // The same, and the listener hears nothing more.
    void end();
    // The same, and waits.
    void end_and_wait();

  private:
    void attach();
    void read_output();
    void drain_output();
    void watch_exit();
    void on_ended();
    void finish();
    void end_leftovers();

    boost::asio::io_context& io_;
    Clock clock_;
    Listener listener_;
    RuntimeApi api_;
    HttpListener http_;
    std::unique_ptr<Process> process_;
    boost::asio::posix::stream_descriptor output_;
    boost::asio::posix::stream_descriptor exit_;
    boost::asio::steady_timer last_words_;
    FunctionOutput lines_;
    std::int64_t peak_memory_ = 0;
    std::string runtime_api_;  // "AWS_LAMBDA_RUNTIME_API=127.0.0.1:PORT"
    bool killed_ = false;
    bool detached_ = false;
};

}  // namespace sbemu
