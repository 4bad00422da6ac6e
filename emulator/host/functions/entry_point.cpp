#include "emulator/host/functions/entry_point.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>

namespace sbemu {
namespace {

constexpr std::string_view kWrapper = "AWS_LAMBDA_EXEC_WRAPPER";
// facts/lambda.md 4.5.
constexpr std::string_view kNoBootstrap =
    "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";

std::vector<std::string> own_bootstrap(const std::filesystem::path& task_root) {
    const std::string program = (task_root / "bootstrap").string();
    struct stat status {};
    if (stat(program.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        throw NotStarted(std::string(kNoBootstrap) +
                         " (sbemu: the package has no file named bootstrap)");
    }
    if (access(program.c_str(), X_OK) != 0) {
        throw NotStarted(std::string(kNoBootstrap) +
                         " (sbemu: the package's bootstrap is not executable; chmod +x it before "
                         "zipping)");
    }
    return {program};
}

// Wrappers name their place on AWS.
std::string wrapper_of(const Function& function, const std::filesystem::path& task_root) {
    constexpr std::string_view kTask = "/var/task/";
    const std::string& wrapper = function.variables.at(std::string(kWrapper));
    if (!wrapper.starts_with(kTask)) return wrapper;
    return (task_root / wrapper.substr(kTask.size())).string();
}

std::string machine_name(unsigned machine) {
    switch (machine) {
        case 3:
            return "x86 (32 bit)";
        case 40:
            return "arm (32 bit)";
        case 62:
            return "x86_64";
        case 183:
            return "arm64";
        case 243:
            return "riscv";
        default:
            return "machine " + std::to_string(machine);
    }
}

// What the file begins with says what it needs.
std::string needs_of(const std::string& program) {
    std::ifstream file(program, std::ios::binary);
    std::array<char, 20> head{};
    file.read(head.data(), head.size());
    const std::string_view start(head.data(), static_cast<std::size_t>(file.gcount()));
    if (start.starts_with("#!")) {
        file.clear();
        file.seekg(2);
        std::string line;
        std::getline(file, line);
        const bool has_return = line.ends_with('\r');
        if (has_return) line.pop_back();
        return "its first line asks for the interpreter '" + line +
               "', which is not on this machine" +
               (has_return ? " under that name: the line ends in CR LF" : "");
    }
    if (start.starts_with("\x7f"
                          "ELF") &&
        start.size() == head.size()) {
        const unsigned machine =
            static_cast<unsigned char>(start[18]) + 256U * static_cast<unsigned char>(start[19]);
        return "it is a program for " + machine_name(machine) +
               "; either this machine is another one or the program's loader is not installed here";
    }
    return "it is neither a program for this machine nor a script with a '#!' line";
}

}  // namespace

bool has_wrapper(const Function& function) {
    // Not for provided.* (facts/lambda.md 4.5).
    return !function.is_provided() && function.variables.contains(std::string(kWrapper));
}

std::vector<std::string> entry_point(const Function& function,
                                     const std::filesystem::path& task_root,
                                     const std::string& interpreter,
                                     const std::filesystem::path& bootstrap) {
    if (function.is_provided()) return own_bootstrap(task_root);
    std::vector<std::string> arguments;
    if (has_wrapper(function)) arguments.push_back(wrapper_of(function, task_root));
    arguments.push_back(interpreter);
    arguments.push_back(bootstrap.string());
    return arguments;
}

std::string describe_start_error(const std::string& program, const ProcessStartError& error) {
    const std::string name = std::filesystem::path(program).filename().string();
    const std::string text = "fork/exec /var/task/" + name + ": ";
    switch (error.error_number()) {
        case ENOENT:
            return text + "no such file or directory (sbemu: " + needs_of(program) + ")";
        case ENOEXEC:
            return text + "exec format error (sbemu: " + needs_of(program) + ")";
        case EACCES:
            return text + "permission denied (sbemu: " + error.what() + ")";
        default:
            return error.what();
    }
}

}  // namespace sbemu
