// Starts a child process, signals it and tells how it ended.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "emulator/host/process/file_descriptor.h"

namespace sbemu {

// "NAME=value" each, as execve(2) takes them.
using Environment = std::vector<std::string>;

// The calling process's own environment.
Environment current_environment();

enum class Stream {
    inherit,  // the caller's
    null,     // /dev/null
    pipe,     // a pipe; the caller's end is non-blocking
    output,   // standard error only: where standard output goes, which must be a pipe or null
};

struct ProcessOptions {
    // The program and its arguments. A program without '/' is looked up in the PATH of
    // `environment`, as a shell would.
    std::vector<std::string> arguments;
    // Exactly what the child gets; nothing is added.
    Environment environment;
    // The caller's when empty.
    std::filesystem::path working_directory;
    Stream standard_input = Stream::null;
    Stream standard_output = Stream::inherit;
    Stream standard_error = Stream::inherit;
    // The child leads a process group of its own: signals go to the whole group, and what is
    // left of the group is killed when its leader has ended.
    bool own_process_group = false;
    // Descriptors above 2 that are not close-on-exec reach the child (a shell's <(...), make's
    // job server). When false they never do.
    bool keep_other_descriptors = false;
    // SIGKILL for the child when the *thread* that started it ends (PR_SET_PDEATHSIG). Start such
    // children from a thread that lives as long as the emulator.
    bool die_with_parent = true;
    // Ask the kernel to report the child's connect(2) and sendto(2) on Process::listener. Without
    // kernel support the child starts all the same and listener_error says why.
    bool notify_on_connect = false;
};

// How a process ended: a signal, or an exit code when signal is 0.
struct ProcessExit {
    int code = 0;
    int signal = 0;

    bool succeeded() const { return code == 0 && signal == 0; }
    // What a shell reports: the code, or 128 + signal.
    int shell_status() const { return signal != 0 ? 128 + signal : code; }
    bool operator==(const ProcessExit&) const = default;
};

// A program that could not be started; what() is "cannot run PROGRAM: REASON".
class ProcessStartError : public std::runtime_error {
  public:
    ProcessStartError(const std::string& text, int error_number)
        : std::runtime_error(text), error_number_(error_number) {}
    // ENOENT, EACCES, ENOEXEC, ...
    int error_number() const { return error_number_; }

  private:
    int error_number_;
};

// A running child. Destroying it kills the child and waits for its end. Not thread-safe.
class Process {
  public:
    // Safe in a process with threads. Returns when the program runs (execve has succeeded).
    // Throws ProcessStartError.
    static Process start(const ProcessOptions& options);

    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    ~Process();

    pid_t pid() const { return pid_; }
    // Becomes readable when the child has ended (pidfd_open(2)); none before Linux 5.3.
    int pid_descriptor() const { return pid_descriptor_.get(); }

    // The caller's ends of the pipes asked for, non-blocking and close-on-exec; may be moved out.
    FileDescriptor standard_input;
    FileDescriptor standard_output;
    FileDescriptor standard_error;
    // The seccomp listener, when asked for and available; to be given to a Supervisor at once:
    // until somebody answers on it every connect(2) of the child waits.
    FileDescriptor listener;
    // Why there is no listener although one was asked for (errno), else 0.
    int listener_error = 0;

    // Sends the signal to the process, or to its group when it leads one. Nothing after its end
    // has been seen.
    void signal(int number);
    // Blocks until the child has ended. Later calls return the same.
    ProcessExit wait();
    // As wait, but returns nothing while the child is running.
    std::optional<ProcessExit> try_wait();

  private:
    Process() = default;
    std::optional<ProcessExit> reap(int flags);
    void end() noexcept;

    pid_t pid_ = -1;
    bool leads_group_ = false;
    FileDescriptor pid_descriptor_;
    std::optional<ProcessExit> exit_;
};

}  // namespace sbemu
