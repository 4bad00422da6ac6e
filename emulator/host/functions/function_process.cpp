#include "emulator/host/functions/function_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <system_error>

#include "emulator/host/process/leftovers.h"

namespace sbemu {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;

// A process that ends by itself may have posted its answer just before: the request gets this
// long to be read.
constexpr std::chrono::milliseconds kLastWords{20};
// Headers may hold an X-Ray cause of a megabyte (facts/lambda.md 4.1).
constexpr std::size_t kHeaderLimit = 1024 * 1024 + 64 * 1024;
// A handler may run for 15 minutes, and a process be idle for longer, on one connection.
constexpr std::chrono::hours kIdleConnection{24};
// Read at most this much in one turn, so that a function that writes without end starves nobody.
constexpr int kReadsPerTurn = 16;

}  // namespace

FunctionProcess::FunctionProcess(asio::io_context& io, Clock clock, Listener listener)
    : io_(io),
      clock_(std::move(clock)),
      listener_(std::move(listener)),
      api_({[this] { listener_.on_ready(); },
            [this](Posted posted) { listener_.on_answer(std::move(posted)); },
            [this](Posted posted) { listener_.on_init_error(std::move(posted)); }}),
      http_(
          io,
          [this](wire::HttpRequest request, HttpListener::Respond respond) {
              if (detached_) return;
              const auto self = shared_from_this();
              api_.handle(std::move(request), std::move(respond));
          },
          HttpOptions{kHeaderLimit, HttpOptions().body_limit, kIdleConnection, {}, {}}),
      output_(io),
      exit_(io),
      last_words_(io) {}

FunctionProcess::~FunctionProcess() = default;

void FunctionProcess::start(std::vector<std::string> arguments, std::string working_directory,
                            const MakeEnvironment& environment, const Start& start) {
    ProcessOptions options;
    options.arguments = std::move(arguments);
    const std::uint16_t port = http_.listen("127.0.0.1", 0);
    runtime_api_ = "AWS_LAMBDA_RUNTIME_API=127.0.0.1:" + std::to_string(port);
    options.environment = environment(port);
    options.working_directory = std::move(working_directory);
    options.standard_output = Stream::pipe;
    options.standard_error = Stream::output;
    options.own_process_group = true;
    process_ = std::make_unique<Process>(start(std::move(options)));
    attach();
}

void FunctionProcess::attach() {
    const int exit = ::fcntl(process_->pid_descriptor(), F_DUPFD_CLOEXEC, 3);
    if (exit < 0) {
        throw std::system_error(errno, std::generic_category(),
                                "cannot watch a function's process (pidfd_open, Linux 5.3)");
    }
    exit_.assign(exit);
    output_.assign(process_->standard_output.release());
    read_output();
    watch_exit();
}

void FunctionProcess::deliver(RuntimeEvent event) { api_.deliver(std::move(event)); }

void FunctionProcess::read_output() {
    output_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](const Error& error) {
                           if (error || !self->output_.is_open()) return;
                           self->drain_output();
                           if (self->output_.is_open()) self->read_output();
                       });
}

void FunctionProcess::drain_output() {
    std::array<char, 64 * 1024> piece;
    for (int i = 0; i < kReadsPerTurn && output_.is_open(); ++i) {
        const ssize_t size = ::read(output_.native_handle(), piece.data(), piece.size());
        if (size > 0) {
            lines_.receive({piece.data(), static_cast<std::size_t>(size)}, clock_());
        } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
            output_.close();
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

std::vector<LogEvent> FunctionProcess::take_log() {
    drain_output();
    lines_.finish_line(clock_());
    return lines_.take();
}

std::int64_t FunctionProcess::peak_memory_megabytes() {
    std::ifstream status("/proc/" + std::to_string(process_->pid()) + "/status");
    constexpr std::string_view kPeak = "VmHWM:";
    std::string line;
    while (std::getline(status, line)) {
        if (!line.starts_with(kPeak)) continue;
        const std::size_t start = line.find_first_not_of(" \t", kPeak.size());
        std::int64_t kilobytes = 0;
        if (start != std::string::npos) {
            std::from_chars(line.data() + start, line.data() + line.size(), kilobytes);
        }
        peak_memory_ = (kilobytes + 1023) / 1024;
    }
    return peak_memory_;
}

void FunctionProcess::watch_exit() {
    exit_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const Error& error) {
                         if (!error) self->on_ended();
                     });
}

void FunctionProcess::on_ended() {
    if (killed_) return finish();
    last_words_.expires_after(kLastWords);
    last_words_.async_wait([self = shared_from_this()](const Error&) { self->finish(); });
}

void FunctionProcess::finish() {
    const auto exit = process_->try_wait();
    if (!exit) return watch_exit();
    end_leftovers();
    http_.close();
    if (detached_) {
        output_.close();
        return;
    }
    detached_ = true;
    listener_.on_exit(*exit);
    output_.close();
}

void FunctionProcess::kill() {
    killed_ = true;
    process_->signal(SIGKILL);
    last_words_.cancel();
}

void FunctionProcess::end() {
    detached_ = true;
    kill();
    end_leftovers();
    http_.close();
}

// On AWS the sandbox ends with everything in it. While the port is ours no other function has it in
// its environment.
void FunctionProcess::end_leftovers() { kill_processes_with(runtime_api_); }

void FunctionProcess::end_and_wait() {
    end();
    process_->wait();
    Error ignored;
    exit_.close(ignored);
    output_.close(ignored);
    last_words_.cancel();
}

}  // namespace sbemu
