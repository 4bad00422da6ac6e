// One question of the kernel on a seccomp listener, and its answer.
#pragma once

#include <cstdint>

namespace sbemu {

struct RedirectPorts {
    std::uint16_t emulator = 0;
    std::uint16_t name_server = 0;
};

// Receives one notification and answers it: the caller's address may have been changed in its
// memory before, or the call is refused. To be called when poll(2) says that one is there.
void answer_notification(int listener, RedirectPorts ports);

}  // namespace sbemu
