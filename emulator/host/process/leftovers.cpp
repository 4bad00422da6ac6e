#include "emulator/host/process/leftovers.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace sbemu {
namespace {

// A process may start another one while we look. Every round ends those found; this many suffice
// for all but those that mean to escape.
constexpr int kRounds = 5;

bool is_process(const std::string& name) {
    return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

bool has_variable(const std::filesystem::path& folder, const std::string& variable) {
    std::ifstream file(folder / "environ", std::ios::binary);  // unreadable: somebody else's
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string whole = variable + '\0';
    return text.starts_with(whole) || text.find('\0' + whole) != std::string::npos;
}

std::vector<pid_t> processes_with(const std::string& variable) {
    std::vector<pid_t> found;
    std::error_code error;
    std::filesystem::directory_iterator entry("/proc", error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename();
        if (is_process(name) && has_variable(entry->path(), variable)) {
            found.push_back(std::stoi(name));
        }
    }
    return found;
}

}  // namespace

void kill_processes_with(const std::string& variable) {
    for (int round = 0; round < kRounds; ++round) {
        const std::vector<pid_t> found = processes_with(variable);
        if (found.empty()) return;
        for (const pid_t process : found) kill(process, SIGKILL);
    }
}

}  // namespace sbemu
