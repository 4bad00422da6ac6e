// Which program a function is started with.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "emulator/host/functions/function.h"
#include "emulator/host/process/process.h"

namespace sbemu {

// A function for which no process can be started; what() is what AWS says, then what sbemu knows.
struct NotStarted : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The program and its arguments. `interpreter` and `bootstrap` are the paths of node or python3
// and of sbemu's bootstrap for it; not looked at for provided.*, which runs the package's own
// `bootstrap`. Throws NotStarted.
std::vector<std::string> entry_point(const Function& function,
                                     const std::filesystem::path& task_root,
                                     const std::string& interpreter,
                                     const std::filesystem::path& bootstrap);

// Does the function have itself started through a wrapper (AWS_LAMBDA_EXEC_WRAPPER)?
bool has_wrapper(const Function& function);

// Why execve refused the program, in the words of AWS (which are Go's) and with the reason.
std::string describe_start_error(const std::string& program, const ProcessStartError& error);

}  // namespace sbemu
