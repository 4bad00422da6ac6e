// What the commands of the command line share. A command is one file, add_<command> in it, and a
// line in program.cpp.
#pragma once

#include <stdexcept>
#include <string>

namespace CLI {
class App;
}

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
void add_up(CLI::App& program, int& exit_code);
void add_exec(CLI::App& program, int& exit_code);
void add_status(CLI::App& program, int& exit_code);
void add_clock(CLI::App& program, int& exit_code);
void add_deploy(CLI::App& program, int& exit_code);
void add_invoke(CLI::App& program, int& exit_code);
void add_logs(CLI::App& program, int& exit_code);
void add_run(CLI::App& program, int& exit_code);
void add_chaos(CLI::App& program, int& exit_code);
void add_demo(CLI::App& program, int& exit_code);
void add_capture(CLI::App& program, int& exit_code);
void add_replay(CLI::App& program, int& exit_code);
void add_scenario(CLI::App& program, int& exit_code);
void add_minimize(CLI::App& program, int& exit_code);
void add_snapshot(CLI::App& program, int& exit_code);
void add_reset(CLI::App& program, int& exit_code);
void add_import(CLI::App& program, int& exit_code);
void add_generate_event(CLI::App& program, int& exit_code);
void add_fault(CLI::App& program, int& exit_code);
void add_capabilities(CLI::App& program, int& exit_code);

}  // namespace sbemu
