// The environment variables of a function's process (facts/lambda.md 4.5).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "emulator/host/functions/function.h"
#include "emulator/host/process/process.h"

namespace sbemu {

// What differs from process to process.
struct FunctionPlace {
    std::filesystem::path task_root;
    std::uint16_t runtime_api_port = 0;
    std::string log_stream;
    // Holds node_modules, or is it; for the runtimes that came with aws-sdk v2. May be empty.
    std::filesystem::path node_path;
    // Where its wall clock is (function_clock.h). May be empty.
    std::filesystem::path clock = {};
};

// Each process signs with a session token of its own, so that what it calls is known to be its.
inline constexpr std::string_view kSessionTokenStart = "sbemu-";
std::string session_token_of(std::string_view log_stream);

// AWS's variables, then the function's own, which cannot replace the reserved ones. Of the
// emulator's own environment PATH and LD_LIBRARY_PATH are kept. The access key id is the account
// number, so that what the function calls happens in its account.
Environment function_environment(const Function& function, const FunctionPlace& place,
                                 const Environment& emulator);

}  // namespace sbemu
