// Lets unmodified child processes reach the emulator through real AWS host names on port 443:
// a seccomp supervisor and a preloaded library, together or either alone (facts/redirect.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "emulator/host/process/process.h"

namespace sbemu {

struct RedirectSettings {
    // The emulator's port on 127.0.0.1.
    std::uint16_t port = 0;
    // The authority's ca.pem (CertificateAuthority::certificate_file()); exists.
    std::filesystem::path certificate_authority;
    // Where the preloaded library and the certificate bundles are written when the first child
    // starts; created when missing. Must be readable for the users the children run as.
    std::filesystem::path folder;
    // Which mechanisms to use.
    bool preload = true;
    bool seccomp = true;
};

// What the environment is prepared for.
enum class RedirectedChild {
    command,  // anything a user runs: CA variables of every client
    lambda,   // a function: as command, but node is told to use OpenSSL's store, which is faster
};

struct RedirectedProcess {
    Process process;
    // What is at work. Both false: only the variables were set.
    bool preload = false;
    bool seccomp = false;
    // Why seccomp is not, although asked for (errno: EBUSY when a listener is there already,
    // EINVAL or ENOSYS on old kernels, EPERM); 0 when it was not asked for, or SBEMU_EXEC=1 in the
    // child's environment says that an outer `sbemu exec` has it.
    int seccomp_error = 0;
};

// Thread-safe. One per emulator; its children must not outlive it: once it is gone, connect(2)
// fails in those that have the seccomp filter.
class Redirect {
  public:
    // Touches nothing; files, the thread and the DNS socket come with the first child.
    explicit Redirect(RedirectSettings settings);
    ~Redirect();

    // Starts the child with `options.environment` changed as its kind needs it and
    // notify_on_connect set as possible. Throws ProcessStartError, and std::runtime_error naming
    // the file when one cannot be written.
    RedirectedProcess start(ProcessOptions options, RedirectedChild kind);

    // The environment alone, for those who start processes themselves.
    Environment environment(Environment environment, RedirectedChild kind);

    // How many children (with their descendants) the supervisor still serves.
    std::size_t watched() const;
    // Returns when no child is served any more (true) or the time is over. A child that has ended
    // is served until its parent has waited for it.
    bool wait_until_unwatched(std::chrono::milliseconds timeout);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sbemu
