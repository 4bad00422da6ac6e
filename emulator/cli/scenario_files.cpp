#include "emulator/cli/scenario_files.h"

#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "emulator/cli/command.h"
#include "emulator/cli/terminal.h"

namespace sbemu {

namespace files = std::filesystem;

namespace {

bool matches(const std::string& file, const std::string& filter) {
    if (filter.find('*') == std::string::npos) return file.find(filter) != std::string::npos;
    return ::fnmatch(filter.c_str(), file.c_str(), 0) == 0;
}

}  // namespace

std::vector<std::string> scenario_files(const std::vector<std::string>& paths) {
    std::vector<std::string> found;
    for (const std::string& path : paths) {
        if (!files::exists(path)) throw CommandError("there is no " + path, kWrongUsage);
        if (!files::is_directory(path)) {
            found.push_back(path);
            continue;
        }
        std::vector<std::string> below;
        for (const auto& entry : files::recursive_directory_iterator(path)) {
            if (entry.path().extension() == ".scenario") below.push_back(entry.path().string());
        }
        if (below.empty()) throw CommandError("no *.scenario in or below " + path, kWrongUsage);
        std::sort(below.begin(), below.end());
        found.insert(found.end(), below.begin(), below.end());
    }
    return found;
}

std::vector<std::string> filtered(const std::vector<std::string>& all, const std::string& filter) {
    std::vector<std::string> left;
    for (const std::string& file : all) {
        if (matches(file, filter)) left.push_back(file);
    }
    if (!left.empty()) return left;
    std::string there;
    for (const std::string& file : all) there += "\n  " + file;
    throw CommandError("no scenario matches '" + filter + "'. There are:" + there, kWrongUsage);
}

std::string with_file(const std::string& file, const std::string& message) {
    static constexpr std::string_view kLine = "line ";
    return message.starts_with(kLine) ? file + ":" + message.substr(kLine.size())
                                      : file + ": " + message;
}

void show_progress(const std::string& text) {
    const char* in_ci = std::getenv("CI");
    if (!on_terminal() || (in_ci && *in_ci)) return;
    std::cout << "\r\033[K" << faint(text) << std::flush;
}

void clear_progress() {
    if (on_terminal()) std::cout << "\r\033[K";
}

void run_in_threads(unsigned jobs, std::size_t at_most, const std::function<void()>& work) {
    if (jobs == 0) jobs = std::thread::hardware_concurrency();
    jobs = std::min<unsigned>(jobs, static_cast<unsigned>(at_most));
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < jobs; ++i) threads.emplace_back(work);
    work();
}

}  // namespace sbemu
