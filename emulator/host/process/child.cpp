#include "emulator/host/process/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "emulator/host/process/seccomp_filter.h"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

namespace sbemu {
namespace {

void send_report(const ChildPlan& plan, ChildReport report, int descriptor) {
    iovec part{&report, sizeof report};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    if (descriptor >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    sendmsg(plan.report, &message, MSG_NOSIGNAL);
}

[[noreturn]] void give_up(const ChildPlan& plan, int error_number) {
    send_report(plan, {ChildReport::Kind::not_started, error_number}, -1);
    _exit(127);
}

// The parent's handlers would run in the child otherwise, on pipes they share. What the parent
// ignores stays ignored (nohup), but for SIGPIPE: servers ignore it, programs rely on it.
void reset_signals() {
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction action {};
        if (sigaction(number, nullptr, &action) != 0) continue;
        if (action.sa_handler == SIG_DFL) continue;
        if (action.sa_handler == SIG_IGN && number != SIGPIPE) continue;
        action = {};
        action.sa_handler = SIG_DFL;
        sigaction(number, &action, nullptr);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

// The parent keeps every descriptor of the plan above 2, so that none overwrites another.
void set_standard_streams(const ChildPlan& plan) {
    for (int number = 0; number < 3; ++number) {
        if (plan.standard[number] < 0) continue;
        if (dup2(plan.standard[number], number) < 0) give_up(plan, errno);
    }
}

void execute(const ChildPlan& plan) {
    int error_number = ENOENT;
    for (const char* const* path = plan.candidates; *path != nullptr; ++path) {
        execve(*path, plan.arguments, plan.environment);
        // As execvpe: look further, but remember that something was there.
        if (errno == EACCES) {
            error_number = EACCES;
        } else if (errno != ENOENT && errno != ENOTDIR) {
            give_up(plan, errno);
        }
    }
    give_up(plan, error_number);
}

}  // namespace

void become_child(const ChildPlan& plan) {
    if (plan.die_with_parent) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(plan, errno);
        // The parent may have gone before the line above.
        if (getppid() != plan.parent) _exit(127);
    }
    if (plan.own_process_group && setpgid(0, 0) != 0) give_up(plan, errno);
    reset_signals();
    set_standard_streams(plan);
    if (plan.working_directory != nullptr && chdir(plan.working_directory) != 0) {
        give_up(plan, errno);
    }
    // Linux before 5.11 has no close_range for this; our own descriptors are close-on-exec anyway.
    if (!plan.keep_other_descriptors) syscall(__NR_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
    // Last, so that nothing of the above waits for a supervisor.
    if (plan.notify_on_connect) {
        const int listener = install_connect_filter();
        const int error_number = listener < 0 ? errno : 0;
        const auto kind =
            listener < 0 ? ChildReport::Kind::no_listener : ChildReport::Kind::listener;
        send_report(plan, {kind, error_number}, listener);
    }
    execute(plan);
    _exit(127);
}

}  // namespace sbemu
