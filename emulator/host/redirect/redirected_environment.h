// The variables that make a child process reach the emulator and trust its certificates.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "emulator/host/redirect/redirect.h"

namespace sbemu {

struct RedirectedEnvironment {
    RedirectedChild kind = RedirectedChild::command;
    std::uint16_t port = 0;
    // The emulator's name server; 0 when there is none.
    std::uint16_t name_server_port = 0;
    // Empty: nothing is preloaded.
    std::filesystem::path preload_library;
    std::filesystem::path certificate_authority;
    // The system's certificates one by one under their hashes, as OpenSSL looks them up when it
    // meets one; empty when this system has none.
    std::filesystem::path certificate_folder;
    // The path of a bundle with the certificates of the given file (the system's bundle when it is
    // empty) and the authority's.
    std::function<std::filesystem::path(const std::filesystem::path&)> bundle;
};

// The environment with the variables of facts/redirect.md section 2 set, the user's own values
// respected: bundles are added to, LD_PRELOAD and NODE_OPTIONS are prepended to, credentials and
// region are set only when missing. Calls nothing but `settings.bundle`. The order of the
// variables is kept; new ones follow.
Environment redirected_environment(Environment environment, const RedirectedEnvironment& settings);

// The value of a variable, or null.
const char* find_variable(const Environment& environment, std::string_view name);

}  // namespace sbemu
