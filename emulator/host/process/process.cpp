#include "emulator/host/process/process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <system_error>

#include "emulator/host/process/child.h"

namespace sbemu {
namespace {

[[noreturn]] void fail(const ProcessOptions& options, int error_number) {
    const std::string program = options.arguments.empty() ? "\"\"" : options.arguments.front();
    throw ProcessStartError(
        "cannot run " + program + ": " + std::generic_category().message(error_number),
        error_number);
}

std::string_view search_path(const Environment& environment) {
    constexpr std::string_view kName = "PATH=";
    for (const std::string& variable : environment) {
        if (variable.starts_with(kName)) return std::string_view(variable).substr(kName.size());
    }
    return "/usr/local/bin:/usr/bin:/bin";
}

// The paths execvpe would try.
std::vector<std::string> candidates(const std::string& program, const Environment& environment) {
    if (program.find('/') != std::string::npos) return {program};
    std::vector<std::string> paths;
    std::string_view rest = search_path(environment);
    while (true) {
        const std::size_t colon = rest.find(':');
        const std::string folder(rest.substr(0, colon));
        paths.push_back((folder.empty() ? "." : folder) + "/" + program);
        if (colon == std::string_view::npos) return paths;
        rest.remove_prefix(colon + 1);
    }
}

// Pointers for execve; valid while `texts` is.
std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

// A descriptor above 2 even when the caller runs with its standard streams closed.
FileDescriptor above_standard(const ProcessOptions& options, FileDescriptor descriptor) {
    if (descriptor.get() > 2) return descriptor;
    const int copy = fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 3);
    if (copy < 0) fail(options, errno);
    return FileDescriptor(copy);
}

struct StreamEnds {
    FileDescriptor ours;
    FileDescriptor childs;
};

StreamEnds open_stream(const ProcessOptions& options, Stream stream, int number) {
    StreamEnds ends;
    if (stream == Stream::null) {
        const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (null < 0) fail(options, errno);
        ends.childs = above_standard(options, FileDescriptor(null));
    } else if (stream == Stream::pipe) {
        std::array<int, 2> pair{};
        if (pipe2(pair.data(), O_CLOEXEC) != 0) fail(options, errno);
        FileDescriptor reader(pair[0]);
        FileDescriptor writer(pair[1]);
        ends.ours = above_standard(options, std::move(number == 0 ? writer : reader));
        ends.childs = above_standard(options, std::move(number == 0 ? reader : writer));
        fcntl(ends.ours.get(), F_SETFL, O_NONBLOCK | fcntl(ends.ours.get(), F_GETFL));
    }
    return ends;
}

// Every signal blocked while this lives.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t before_{};
};

// One report of the child, or nothing when the socket was closed by execve.
std::optional<ChildReport> receive_report(int socket, FileDescriptor& attached) {
    ChildReport report{};
    iovec part{&report, sizeof report};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ssize_t count = 0;
    do {
        count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (count < 0 && errno == EINTR);
    if (count != static_cast<ssize_t>(sizeof report)) return std::nullopt;
    if (const cmsghdr* header = CMSG_FIRSTHDR(&message);
        header != nullptr && header->cmsg_type == SCM_RIGHTS) {
        int descriptor = -1;
        std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
        attached = FileDescriptor(descriptor);
    }
    return report;
}

// As posix_spawn does: until it becomes another program the child shares our memory, on a stack of
// its own, and this thread waits. A fork would copy the page tables, and every page written
// afterwards would fault: for a large state, milliseconds. Returns the process id, or -1 and errno.
pid_t start_child(const ChildPlan& plan) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // One sanitizer would take the child's stack for a stray pointer; the other keeps what it knows
    // of a thread in the memory that the child would share.
    const pid_t child = fork();
    if (child == 0) become_child(plan);
    return child;
#else
    constexpr std::size_t kStackSize = 64 * 1024;
    alignas(16) std::array<char, kStackSize> stack;
    const auto run_child = [](void* given) -> int {
        become_child(*static_cast<const ChildPlan*>(given));
    };
    return clone(run_child, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | SIGCHLD,
                 const_cast<ChildPlan*>(&plan));
#endif
}

ProcessExit exit_of(int status) {
    if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
    return {WEXITSTATUS(status), 0};
}

}  // namespace

Environment current_environment() {
    Environment result;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        result.emplace_back(*variable);
    }
    return result;
}

Process Process::start(const ProcessOptions& options) {
    if (options.arguments.empty() || options.arguments.front().empty()) fail(options, ENOENT);
    StreamEnds input = open_stream(options, options.standard_input, 0);
    StreamEnds output = open_stream(options, options.standard_output, 1);
    StreamEnds error = open_stream(options, options.standard_error, 2);
    std::array<int, 2> pair{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) != 0) {
        fail(options, errno);
    }
    FileDescriptor report = above_standard(options, FileDescriptor(pair[0]));
    FileDescriptor childs_report = above_standard(options, FileDescriptor(pair[1]));

    const std::vector<std::string> paths =
        candidates(options.arguments.front(), options.environment);
    const std::vector<char*> arguments = pointers(options.arguments);
    const std::vector<char*> variables = pointers(options.environment);
    const std::vector<char*> path_pointers = pointers(paths);
    const int childs_error =
        options.standard_error == Stream::output ? output.childs.get() : error.childs.get();
    const ChildPlan plan{
        arguments.data(),
        variables.data(),
        path_pointers.data(),
        options.working_directory.empty() ? nullptr : options.working_directory.c_str(),
        {input.childs.get(), output.childs.get(), childs_error},
        childs_report.get(),
        getpid(),
        options.own_process_group,
        options.keep_other_descriptors,
        options.die_with_parent,
        options.notify_on_connect};

    Process process;
    {
        const SignalsBlocked blocked;
        process.pid_ = start_child(plan);
    }
    if (process.pid_ < 0) fail(options, errno);
    process.leads_group_ = options.own_process_group;
    childs_report.close();
    while (const auto told = receive_report(report.get(), process.listener)) {
        if (told->kind == ChildReport::Kind::not_started) fail(options, told->error_number);
        process.listener_error = told->error_number;
    }
    process.pid_descriptor_ =
        FileDescriptor(static_cast<int>(syscall(__NR_pidfd_open, process.pid_, 0)));
    process.standard_input = std::move(input.ours);
    process.standard_output = std::move(output.ours);
    process.standard_error = std::move(error.ours);
    return process;
}

Process::Process(Process&& other) noexcept
    : standard_input(std::move(other.standard_input)),
      standard_output(std::move(other.standard_output)),
      standard_error(std::move(other.standard_error)),
      listener(std::move(other.listener)),
      listener_error(other.listener_error),
      pid_(std::exchange(other.pid_, -1)),
      leads_group_(other.leads_group_),
      pid_descriptor_(std::move(other.pid_descriptor_)),
      exit_(other.exit_) {}

Process& Process::operator=(Process&& other) noexcept {
    if (this != &other) {
        end();
        standard_input = std::move(other.standard_input);
        standard_output = std::move(other.standard_output);
        standard_error = std::move(other.standard_error);
        listener = std::move(other.listener);
        listener_error = other.listener_error;
        pid_ = std::exchange(other.pid_, -1);
        leads_group_ = other.leads_group_;
        pid_descriptor_ = std::move(other.pid_descriptor_);
        exit_ = other.exit_;
    }
    return *this;
}

Process::~Process() { end(); }

void Process::end() noexcept {
    if (pid_ < 0 || exit_) return;
    signal(SIGKILL);
    reap(0);
}

void Process::signal(int number) {
    if (pid_ <= 0 || exit_) return;
    kill(leads_group_ ? -pid_ : pid_, number);
}

ProcessExit Process::wait() { return *reap(0); }

std::optional<ProcessExit> Process::try_wait() { return reap(WNOHANG); }

// Looks first and takes the exit status afterwards: until then the process id, and with it the
// group's, cannot be given to anybody else.
std::optional<ProcessExit> Process::reap(int flags) {
    if (exit_ || pid_ < 0) return exit_;
    siginfo_t seen{};
    int result = 0;
    do {
        seen.si_pid = 0;
        result = waitid(P_PID, static_cast<id_t>(pid_), &seen, WEXITED | WNOWAIT | flags);
    } while (result != 0 && errno == EINTR);
    if (result == 0 && seen.si_pid == 0) return std::nullopt;
    if (leads_group_) kill(-pid_, SIGKILL);
    // When the caller's process ignores SIGCHLD the kernel keeps no status: not a success.
    int status = W_EXITCODE(255, 0);
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    exit_ = exit_of(status);
    return exit_;
}

}  // namespace sbemu
