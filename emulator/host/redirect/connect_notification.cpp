#include "emulator/host/redirect/connect_notification.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/host/process/file_descriptor.h"
#include "emulator/host/redirect/redirected_addresses.h"
#include "emulator/host/tls/whole_file.h"

namespace sbemu {
namespace {

// The kernel's structures may be larger than those this was compiled with; it demands zeroes.
class Notification {
  public:
    Notification() {
        seccomp_notif_sizes sizes{};
        syscall(__NR_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes);
        question_.resize(std::max<std::size_t>(sizes.seccomp_notif, sizeof(seccomp_notif)));
        answer_.resize(std::max<std::size_t>(sizes.seccomp_notif_resp, sizeof(seccomp_notif_resp)));
    }
    seccomp_notif& question() { return *reinterpret_cast<seccomp_notif*>(question_.data()); }
    seccomp_notif_resp& answer() { return *reinterpret_cast<seccomp_notif_resp*>(answer_.data()); }

  private:
    std::vector<char> question_;
    std::vector<char> answer_;
};

struct SocketAddress {
    alignas(sockaddr_storage) std::array<char, sizeof(sockaddr_storage)> bytes{};
    std::size_t size = 0;
};

// The memory of the calling thread, or none when it may not be read (setuid programs).
FileDescriptor memory_of(__u32 thread) {
    const std::string path = "/proc/" + std::to_string(thread) + "/mem";
    return FileDescriptor(open(path.c_str(), O_RDWR | O_CLOEXEC));
}

// The process id of a thread, or -1.
long process_of(__u32 thread) try {
    const std::string status = read_whole_file("/proc/" + std::to_string(thread) + "/status");
    const std::size_t position = status.find("\nTgid:");
    if (position == std::string::npos) return -1;
    return std::strtol(status.c_str() + position + sizeof "\nTgid:" - 1, nullptr, 10);
} catch (const std::exception&) {
    return -1;
}

// False only when it is known: name servers are asked by UDP, and a TCP connection to port 53 must
// not end at a UDP port. Some containers do not let anybody look (facts/redirect.md 3.1).
bool may_be_datagram_socket(__u32 thread, int descriptor) {
    const FileDescriptor process(static_cast<int>(syscall(__NR_pidfd_open, process_of(thread), 0)));
    if (!process) return true;
    const FileDescriptor copy(
        static_cast<int>(syscall(__NR_pidfd_getfd, process.get(), descriptor, 0)));
    int type = 0;
    socklen_t size = sizeof type;
    if (!copy || getsockopt(copy.get(), SOL_SOCKET, SO_TYPE, &type, &size) != 0) return true;
    return type == SOCK_DGRAM;
}

// glibc asks these daemons first, and they would resolve AWS's names to AWS; refused, it asks the
// name server (facts/redirect.md 3.1).
bool is_resolver_daemon(const SocketAddress& address) {
    const auto* local = reinterpret_cast<const sockaddr_un*>(address.bytes.data());
    if (address.size <= offsetof(sockaddr_un, sun_path) || local->sun_family != AF_UNIX) {
        return false;
    }
    const std::string_view path(
        local->sun_path, strnlen(local->sun_path, address.size - offsetof(sockaddr_un, sun_path)));
    return path == "/run/systemd/resolve/io.systemd.Resolve" || path == "/var/run/nscd/socket" ||
           path == "/run/nscd/socket";
}

// Changes the address when it is to be redirected; the decision is final.
sbemu_decision redirect(SocketAddress& address, const seccomp_notif& question,
                        RedirectPorts ports) {
    if (is_resolver_daemon(address)) return sbemu_refuse;
    sbemu_endpoint endpoint = sbemu_endpoint_in(address.bytes.data(), address.size);
    const sbemu_decision decision = sbemu_decide(&endpoint, ports.emulator);
    if (decision == sbemu_to_emulator) {
        sbemu_set_loopback(address.bytes.data(), endpoint, endpoint.target);
    } else if (decision == sbemu_to_name_server) {
        const bool is_known_datagram = question.data.nr == __NR_sendto;
        const auto descriptor = static_cast<int>(question.data.args[0]);
        if (!is_known_datagram && !may_be_datagram_socket(question.pid, descriptor)) {
            return sbemu_leave;
        }
        sbemu_set_loopback(address.bytes.data(), endpoint, ports.name_server);
    }
    return decision;
}

// The errno the call is to fail with, or 0 when it may go on.
int judge(int listener, const seccomp_notif& question, RedirectPorts ports) {
    const bool is_send = question.data.nr == __NR_sendto;
    const auto position = static_cast<off_t>(question.data.args[is_send ? 4 : 1]);
    SocketAddress address;
    address.size = std::min<std::size_t>(
        static_cast<std::uint32_t>(question.data.args[is_send ? 5 : 2]), address.bytes.size());
    const FileDescriptor memory = memory_of(question.pid);
    if (!memory) return 0;
    // The thread may have died and another got its number, before the memory was opened.
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &question.id) != 0) return 0;
    const auto size = static_cast<ssize_t>(address.size);
    if (pread(memory.get(), address.bytes.data(), address.size, position) != size) return 0;
    switch (redirect(address, question, ports)) {
        case sbemu_refuse:
            return ECONNREFUSED;
        case sbemu_leave:
            return 0;
        case sbemu_to_emulator:
        case sbemu_to_name_server:
            // What cannot be written cannot be redirected: never let it reach the network instead.
            return pwrite(memory.get(), address.bytes.data(), address.size, position) == size
                       ? 0
                       : ECONNREFUSED;
    }
    return 0;
}

}  // namespace

void answer_notification(int listener, RedirectPorts ports) {
    Notification notification;
    seccomp_notif& question = notification.question();
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &question) != 0) return;
    seccomp_notif_resp& answer = notification.answer();
    answer.id = question.id;
    const int error_number = judge(listener, question, ports);
    if (error_number != 0) {
        answer.error = -error_number;
    } else {
        answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    }
    // Otherwise it fails when the caller has died meanwhile: nothing is left to do.
    while (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) != 0 && errno == EINTR) {
    }
}

}  // namespace sbemu
