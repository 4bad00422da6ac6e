#include "emulator/host/functions/interpreters.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>

#include "emulator/host/redirect/redirected_environment.h"

namespace sbemu {
namespace {

constexpr std::chrono::seconds kLauncherPatience{10};

bool is_program(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           access(path.c_str(), X_OK) == 0;
}

bool is_script(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 2> start{};
    return file.read(start.data(), start.size()) && start[0] == '#' && start[1] == '!';
}

std::vector<std::string> folders_of(const char* path) {
    std::vector<std::string> folders;
    std::string_view rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
        const std::size_t colon = std::min(rest.find(':'), rest.size());
        if (colon > 0) folders.emplace_back(rest.substr(0, colon));
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return folders;
}

// What the child writes until it closes its end, or nothing if that takes too long.
std::string read_all(int descriptor) {
    const auto end = std::chrono::steady_clock::now() + kLauncherPatience;
    std::string text;
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        pollfd ready{descriptor, POLLIN, 0};
        if (left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) == 0) return {};
        std::array<char, 4096> piece{};
        const ssize_t size = read(descriptor, piece.data(), piece.size());
        if (size == 0) return text;
        if (size < 0 && errno != EAGAIN && errno != EINTR) return {};
        if (size > 0) text.append(piece.data(), static_cast<std::size_t>(size));
    }
}

std::vector<std::string> names_of(const std::string& runtime) {
    if (runtime.starts_with("nodejs")) return {"node", "nodejs"};
    return {runtime, "python3"};
}

std::string missing(const std::string& runtime) {
    if (runtime.starts_with("nodejs")) {
        return "the runtime " + runtime +
               " needs `node` on the PATH that sbemu was started with, and there is none: install "
               "Node.js (on Debian: apt-get install nodejs)";
    }
    return "the runtime " + runtime + " needs `" + runtime +
           "` or `python3` on the PATH that sbemu was started with, and there is none: install "
           "Python (on Debian: apt-get install python3)";
}

}  // namespace

Interpreter Interpreters::find(const std::string& runtime) {
    const std::lock_guard lock(mutex_);
    std::string& known = found_[runtime];
    if (known.empty() || !is_program(known)) {
        known.clear();
        for (const std::string& name : names_of(runtime)) {
            known = find_working(name);
            if (!known.empty()) break;
        }
    }
    return {known, known.empty() ? missing(runtime) : std::string()};
}

std::string Interpreters::find_working(const std::string& name) const {
    const bool is_node = name.starts_with("node");
    for (const std::string& folder : folders_of(find_variable(environment_, "PATH"))) {
        const std::string path = folder + "/" + name;
        if (!is_program(path)) continue;
        const std::string program = is_script(path) ? behind_launcher(path, is_node) : path;
        if (!program.empty()) return program;
    }
    return {};
}

// Empty if the launcher has no such version.
std::string Interpreters::behind_launcher(const std::string& path, bool is_node) const {
    ProcessOptions options;
    options.arguments =
        is_node ? std::vector<std::string>{path, "-p", "process.execPath"}
                : std::vector<std::string>{path, "-c", "import sys; print(sys.executable)"};
    options.environment = environment_;
    options.standard_output = Stream::pipe;
    options.standard_error = Stream::null;
    options.own_process_group = true;
    try {
        Process process = Process::start(options);
        std::string program = read_all(process.standard_output.get());
        if (program.empty()) process.signal(SIGKILL);
        if (!process.wait().succeeded()) return {};
        while (program.ends_with('\n')) program.pop_back();
        return is_program(program) ? program : path;
    } catch (const ProcessStartError&) {
        return {};
    }
}

}  // namespace sbemu
