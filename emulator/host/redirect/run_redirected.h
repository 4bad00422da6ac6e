// What `sbemu exec -- COMMAND` does.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "emulator/host/redirect/redirect.h"

namespace sbemu {

struct RunOptions {
    std::vector<std::string> command;
    // Usually current_environment().
    Environment environment;
    RedirectSettings redirect;
    // How long to go on serving processes the command has left behind.
    std::chrono::milliseconds linger{2000};
    // Adopt and reap what the command leaves behind. False when this process has other children
    // that somebody else waits for.
    bool reap_orphans = true;
};

// Runs the command on the caller's terminal, passes SIGINT, SIGTERM, SIGHUP and SIGQUIT on to it
// (not what the terminal already sent to both), and waits for it. Returns its exit code, 128 +
// signal, 127 when it was not found, 126 when it cannot be run; what went wrong is said on
// standard error. Call it in one thread at a time.
int run_redirected(const RunOptions& options);

}  // namespace sbemu
