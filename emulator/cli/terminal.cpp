#include "emulator/cli/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "emulator/cli/command.h"

namespace sbemu {
namespace {

std::string coloured(const char* code, std::string_view text) {
    const char* refused = std::getenv("NO_COLOR");
    if (!on_terminal() || (refused && *refused)) return std::string(text);
    return std::string("\033[") + code + "m" + std::string(text) + "\033[0m";
}

}  // namespace

bool on_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

std::string red(std::string_view text) { return coloured("31", text); }
std::string green(std::string_view text) { return coloured("32", text); }
std::string faint(std::string_view text) { return coloured("2", text); }

std::string padded(std::string_view text, std::size_t width) {
    std::string result(text);
    if (result.size() < width) result.append(width - result.size(), ' ');
    return result;
}

std::string size_text(std::size_t bytes) {
    if (bytes < 1'000) return std::to_string(bytes) + " B";
    if (bytes < 1'000'000) return std::to_string(bytes / 1'000) + " KB";
    const std::size_t tenths = bytes / 100'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

std::string read_file(const std::string& path) {
    if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        throw CommandError("cannot read " + path + ": it is a folder");
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) throw CommandError("cannot read " + path + ": " + std::strerror(errno));
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace sbemu
