// The seccomp filter that makes the kernel report connect(2) and sendto(2) to a listener.
#pragma once

namespace sbemu {

// Installs the filter in the calling process, for good; every program it executes and every
// process it starts has it too. Returns the listener (close-on-exec), or -1 with errno set: EBUSY
// when there is one already, EINVAL or ENOSYS on old kernels. Async-signal-safe.
int install_connect_filter();

}  // namespace sbemu
