// What the commands that play scenarios share: which files, where in them, and how far it is.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace sbemu {

// The files, and those below the folders, of `paths`. Throws CommandError.
std::vector<std::string> scenario_files(const std::vector<std::string>& paths);

// Those whose path contains `filter`, or matches it if it has a *. Throws CommandError if none do.
std::vector<std::string> filtered(const std::vector<std::string>& all, const std::string& filter);

// "line 12: what", a scenario's own way to say where, with the file.
std::string with_file(const std::string& file, const std::string& message);

// A line on a terminal that the next one replaces; nothing elsewhere and in CI.
void show_progress(const std::string& text);
void clear_progress();

// Runs `work` in as many threads at once, this one among them; 0 is one per core.
void run_in_threads(unsigned jobs, std::size_t at_most, const std::function<void()>& work);

}  // namespace sbemu
