#include "emulator/host/redirect/run_redirected.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <thread>

namespace sbemu {
namespace {

// As a shell reports them.
constexpr int kNotFound = 127;
constexpr int kCannotRun = 126;

// Whom the handler passes signals on to; 0 for nobody. Lock-free, so a handler may read it.
std::atomic<pid_t> signalled_process = 0;
// A signal that came before there was somebody to pass it on to.
std::atomic<int> early_signal = 0;
static_assert(std::atomic<pid_t>::is_always_lock_free);

void pass_on(int number, siginfo_t* information, void*) {
    // Ctrl-C on a terminal reaches every process of the foreground group: the command has it.
    if (information->si_code == SI_KERNEL) return;
    const int saved = errno;
    const pid_t process = signalled_process.load();
    if (process > 0) {
        kill(process, number);
    } else {
        early_signal = number;
    }
    errno = saved;
}

// Signals go to the command while this lives.
class SignalsPassedOn {
  public:
    SignalsPassedOn() {
        early_signal = 0;
        struct sigaction action {};
        action.sa_sigaction = pass_on;
        action.sa_flags = SA_SIGINFO | SA_RESTART;
        sigemptyset(&action.sa_mask);
        for (std::size_t i = 0; i < kNumbers.size(); ++i) {
            sigaction(kNumbers[i], nullptr, &before_[i]);
            // What is ignored (nohup, a background job of a simple shell) stays ignored.
            if (before_[i].sa_handler != SIG_IGN) sigaction(kNumbers[i], &action, nullptr);
        }
    }
    ~SignalsPassedOn() {
        signalled_process = 0;
        for (std::size_t i = 0; i < kNumbers.size(); ++i) {
            sigaction(kNumbers[i], &before_[i], nullptr);
        }
    }
    void pass_on_to(pid_t process) {
        signalled_process = process;
        if (const int number = early_signal.exchange(0); number != 0) kill(process, number);
    }
    SignalsPassedOn(const SignalsPassedOn&) = delete;
    SignalsPassedOn& operator=(const SignalsPassedOn&) = delete;

  private:
    static constexpr std::array<int, 4> kNumbers = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    std::array<struct sigaction, kNumbers.size()> before_{};
};

// Waits without taking the exit status, so that the process id stays the command's until the
// handler knows that nobody is to be signalled any more.
ProcessExit wait_for(Process& process) {
    siginfo_t seen{};
    while (waitid(P_PID, static_cast<id_t>(process.pid()), &seen, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    signalled_process = 0;
    return process.wait();
}

void reap_orphans() {
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
}

// Serves what the command has left behind until it has ended or the time is over.
bool linger(Redirect& redirect, const RunOptions& options) {
    constexpr std::chrono::milliseconds kStep{20};
    const auto end = std::chrono::steady_clock::now() + options.linger;
    while (true) {
        if (options.reap_orphans) reap_orphans();
        if (redirect.wait_until_unwatched(kStep)) return true;
        if (std::chrono::steady_clock::now() >= end) return false;
    }
}

// Daemons the command starts stay our descendants while this lives: a hardened kernel lets us
// change the memory of no others (Yama).
class OrphansAdopted {
  public:
    explicit OrphansAdopted(bool adopt) { prctl(PR_SET_CHILD_SUBREAPER, adopt ? 1 : 0, 0, 0, 0); }
    ~OrphansAdopted() { prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0); }
    OrphansAdopted(const OrphansAdopted&) = delete;
    OrphansAdopted& operator=(const OrphansAdopted&) = delete;
};

ProcessOptions process_options(const RunOptions& options) {
    ProcessOptions wanted;
    wanted.arguments = options.command;
    wanted.environment = options.environment;
    wanted.standard_input = Stream::inherit;
    wanted.keep_other_descriptors = true;
    return wanted;
}

struct Ended {
    ProcessExit exit;
    bool was_supervised = false;
};

Ended run_command(Redirect& redirect, const RunOptions& options) {
    SignalsPassedOn signals;
    auto running = redirect.start(process_options(options), RedirectedChild::command);
    signals.pass_on_to(running.process.pid());
    return {wait_for(running.process), running.seccomp};
}

}  // namespace

int run_redirected(const RunOptions& options) {
    const OrphansAdopted adopted(options.reap_orphans);
    Redirect redirect(options.redirect);
    try {
        const Ended ended = run_command(redirect, options);
        if (ended.was_supervised && !linger(redirect, options)) {
            std::fputs(
                "sbemu exec: processes that the command left behind can make no new connections\n",
                stderr);
        }
        return ended.exit.shell_status();
    } catch (const ProcessStartError& error) {
        std::fprintf(stderr, "sbemu exec: %s\n", error.what());
        return error.error_number() == ENOENT ? kNotFound : kCannotRun;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "sbemu exec: %s\n", error.what());
        return kCannotRun;
    }
}

}  // namespace sbemu
