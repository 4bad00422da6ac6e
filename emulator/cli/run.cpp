// sbemu run: plays scenario files and tells what came out differently.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "emulator/cli/command.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"
#include "emulator/scenario/scenario.h"

namespace sbemu {
namespace {

namespace json = boost::json;
namespace files = std::filesystem;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu run scenarios                      every *.scenario in and below the folder\n"
    "  sbemu run story.scenario --mode plain    once only, while writing it\n"
    "  sbemu run story.scenario --update        write what happened as what is expected\n"
    "\n"
    "A scenario is played on an emulator of its own in memory, without HTTP, at a fixed time and\n"
    "seed: it answers the same every time. By default each is played three times: plain; with\n"
    "SQLite returning unordered rows backwards (reversed); and killed and opened again before\n"
    "every event (reopened). The answers must be the same.\n"
    "\n"
    "Files that a scenario names are looked up from the top of the git repository it is in, else\n"
    "from the current folder. docs/scenarios.md has the form.\n"
    "\n"
    "Exit codes: 0 all as expected, 1 a difference or a step that makes no sense, 2 wrong usage.";

struct Options {
    std::vector<std::string> paths;
    std::string mode = "all";
    bool update = false;
    bool json = false;
};

struct Result {
    std::string file;
    Duration took{};
    std::string error;  // "FILE:LINE: ..."; empty if it could be played
    std::optional<Mode> failed_mode;
    std::vector<Difference> differences;
    bool updated = false;

    bool ok() const { return error.empty() && differences.empty(); }
};

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

std::vector<Mode> chosen_modes(const std::string& name) {
    if (name == "plain") return {Mode::plain};
    if (name == "reversed") return {Mode::reversed_selects};
    if (name == "reopened") return {Mode::reopened};
    return {std::begin(kModes), std::end(kModes)};
}

void show_progress(const std::string& file, Mode mode) {
    if (on_terminal()) {
        std::cout << "\r\033[K" << faint("        " + file + ", " + std::string(name_of(mode)))
                  << std::flush;
    }
}

void update(const std::string& file, const std::string& text, Result& result) {
    std::vector<Step> steps = parse_scenario(text);
    play(steps, Mode::plain, scenario_root(file));
    const std::string updated = print_scenario(steps);
    if (updated == text) return;
    std::ofstream stream(file, std::ios::binary);
    stream << updated;
    if (!stream.flush()) throw CommandError("cannot write " + file);
    result.updated = true;
}

// "line 12: what" is the scenario's own way to say where.
std::string with_file(const std::string& file, const std::string& message) {
    constexpr std::string_view kLine = "line ";
    return message.starts_with(kLine) ? file + ":" + message.substr(kLine.size())
                                      : file + ": " + message;
}

// Stops at the first mode that differs: the others would mostly repeat it.
Result play_file(const std::string& file, const Options& options) {
    Result result;
    result.file = file;
    const auto started = std::chrono::steady_clock::now();
    try {
        if (options.update) update(file, read_file(file), result);
        const std::string text = read_file(file);
        for (const Mode mode : chosen_modes(options.mode)) {
            if (!options.json) show_progress(file, mode);
            std::vector<Step> steps = parse_scenario(text);
            result.differences = play(steps, mode, scenario_root(file));
            if (result.differences.empty()) continue;
            result.failed_mode = mode;
            break;
        }
    } catch (const std::exception& error) {
        result.error = with_file(file, error.what());
    }
    result.took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started);
    return result;
}

void print(const Result& result) {
    if (on_terminal()) std::cout << "\r\033[K";
    std::cout << (result.ok() ? green("ok      ") : red("FAILED  ")) << result.file << "  "
              << faint(duration_text(result.took));
    if (result.updated) std::cout << "  updated";
    if (result.failed_mode) std::cout << "  (" << name_of(*result.failed_mode) << ")";
    std::cout << "\n";
    if (!result.error.empty()) std::cout << "\n" << result.error << "\n\n";
    for (const Difference& difference : result.differences) {
        std::cout << "\n" << with_file(result.file, explain(difference));
    }
    if (!result.differences.empty()) {
        std::cout << "\n- is expected, + is what happened. If + is right: sbemu run " << result.file
                  << " --update\n\n";
    }
    std::cout << std::flush;
}

json::object as_json(const Result& result) {
    json::array differences;
    for (const Difference& difference : result.differences) {
        differences.push_back(json::object{{"line", difference.line},
                                           {"step", difference.verb},
                                           {"expected", difference.expected},
                                           {"actual", difference.actual}});
    }
    json::object object{{"file", result.file},
                        {"ok", result.ok()},
                        {"milliseconds", result.took.count()},
                        {"updated", result.updated},
                        {"differences", std::move(differences)}};
    if (result.failed_mode) object["mode"] = name_of(*result.failed_mode);
    if (!result.error.empty()) object["error"] = result.error;
    return object;
}

int run(const Options& options) {
    const std::vector<std::string> scenarios = scenario_files(options.paths);
    const auto started = std::chrono::steady_clock::now();
    json::array report;
    std::size_t failed = 0;
    for (const std::string& file : scenarios) {
        const Result result = play_file(file, options);
        if (!result.ok()) ++failed;
        if (options.json) {
            report.push_back(as_json(result));
        } else {
            print(result);
        }
    }
    const std::size_t passed = scenarios.size() - failed;
    if (options.json) {
        std::cout << json::serialize(json::object{
                         {"passed", passed}, {"failed", failed}, {"files", std::move(report)}})
                  << "\n";
    } else {
        const auto took =
            std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started);
        std::cout << passed << " as expected, "
                  << (failed == 0 ? std::string("none") : red(std::to_string(failed)))
                  << " failed, " << duration_text(took) << "\n";
    }
    return failed == 0 ? 0 : kFailed;
}

}  // namespace

void add_run(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand("run", "Play scenario files and check the answers");
    command->footer(kFooter);
    const auto options = std::make_shared<Options>();
    command->add_option("path", options->paths, "Scenario files, or folders of *.scenario files")
        ->required();
    command
        ->add_option("--mode", options->mode,
                     "Play only this way: plain, reversed or reopened; all is each in turn")
        ->check(CLI::IsMember({"plain", "reversed", "reopened", "all"}))
        ->capture_default_str();
    command->add_flag("--update", options->update,
                      "Write what happened into the files as what is expected");
    command->add_flag("--json", options->json, "Print JSON");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace sbemu
