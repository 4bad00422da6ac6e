// What the commands of the command line share. A command is one file, add_<command> in it, and a
// line in program.cpp.
#pragma once

#include <stdexcept>
#include <string>

#include "emulator/cli/command_line.h"

namespace sbemu {

// Exit codes, as `sbemu --help` lists them. `sbemu exec` passes on its command's own.
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;
inline constexpr int kUnreachable = 3;
inline constexpr int kInUse = 4;
inline constexpr int kExecFailed = 125;

// Ends the command: the program prints the message and exits with the code.
struct CommandError : std::runtime_error {
    explicit CommandError(const std::string& message, int exit_code = kFailed)
        : std::runtime_error(message), exit_code(exit_code) {}

    int exit_code;
};

// Each adds its command to the program; what the command does is its callback, which sets
// `exit_code` if that is not 0 and throws CommandError.
void add_up(const Command& program, int& exit_code);
void add_exec(const Command& program, int& exit_code);
void add_status(const Command& program, int& exit_code);
void add_clock(const Command& program, int& exit_code);
void add_deploy(const Command& program, int& exit_code);
void add_invoke(const Command& program, int& exit_code);
void add_logs(const Command& program, int& exit_code);
void add_run(const Command& program, int& exit_code);
void add_chaos(const Command& program, int& exit_code);
void add_demo(const Command& program, int& exit_code);
void add_capture(const Command& program, int& exit_code);
void add_replay(const Command& program, int& exit_code);
void add_scenario(const Command& program, int& exit_code);
void add_minimize(const Command& program, int& exit_code);
void add_snapshot(const Command& program, int& exit_code);
void add_reset(const Command& program, int& exit_code);
void add_import(const Command& program, int& exit_code);
void add_generate_event(const Command& program, int& exit_code);
void add_fault(const Command& program, int& exit_code);
void add_capabilities(const Command& program, int& exit_code);

}  // namespace sbemu
