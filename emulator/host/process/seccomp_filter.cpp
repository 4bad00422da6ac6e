#include "emulator/host/process/seccomp_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iterator>

// Newer than the headers of some supported systems.
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

namespace sbemu {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "add the AUDIT_ARCH_ constant of this architecture"
#endif

constexpr std::uint32_t kNumber = offsetof(seccomp_data, nr);
constexpr std::uint32_t kArch = offsetof(seccomp_data, arch);
// sendto's address; both halves, whichever comes first in memory.
constexpr std::uint32_t kAddress = offsetof(seccomp_data, args) + 4 * sizeof(std::uint64_t);

constexpr sock_filter load(std::uint32_t offset) {
    return {BPF_LD | BPF_W | BPF_ABS, 0, 0, offset};
}
constexpr sock_filter if_equal(std::uint32_t value, std::uint8_t then, std::uint8_t otherwise) {
    return {BPF_JMP | BPF_JEQ | BPF_K, then, otherwise, value};
}
constexpr sock_filter answer(std::uint32_t action) { return {BPF_RET | BPF_K, 0, 0, action}; }

// Programs of another architecture (32 bits) pass through: their system calls have other numbers.
constexpr sock_filter kFilter[] = {
    load(kArch),
    if_equal(kArchitecture, 0, 7),
    load(kNumber),
    if_equal(__NR_connect, 6, 0),
    if_equal(__NR_sendto, 0, 4),
    load(kAddress),
    if_equal(0, 0, 3),
    load(kAddress + 4),
    if_equal(0, 0, 1),
    answer(SECCOMP_RET_ALLOW),
    answer(SECCOMP_RET_USER_NOTIF),
};

}  // namespace

int install_connect_filter() {
    // Without it only a privileged process may install a filter.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    sock_fprog program{static_cast<unsigned short>(std::size(kFilter)),
                       const_cast<sock_filter*>(kFilter)};
    constexpr unsigned long kFlags =
        SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    // A notification that was received must not be restarted by a signal (Go preempts its threads
    // with SIGURG); Linux before 5.19 does not know the flag (facts/redirect.md 3.1).
    for (const unsigned long flags : {kFlags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, kFlags}) {
        const long listener = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
        if (listener >= 0) return static_cast<int>(listener);
        if (errno != EINVAL) return -1;
    }
    return -1;
}

}  // namespace sbemu
