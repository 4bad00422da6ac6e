// sbemu run: plays scenario files and tells what came out differently.
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>
#include <optional>

#include "emulator/cli/command.h"
#include "emulator/cli/junit.h"
#include "emulator/cli/scenario_files.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"
#include "emulator/scenario/scenario.h"

namespace sbemu {
namespace {

namespace json = boost::json;

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
    std::string junit;
    std::string shard;
    std::string filter;
    unsigned jobs = 1;
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

std::vector<Mode> chosen_modes(const std::string& name) {
    if (name == "plain") return {Mode::plain};
    if (name == "reversed") return {Mode::reversed_selects};
    if (name == "reopened") return {Mode::reopened};
    return {std::begin(kModes), std::end(kModes)};
}

// Every n-th of the sorted files, beginning with the i-th.
std::vector<std::string> sharded(std::vector<std::string> all, const std::string& shard) {
    unsigned index = 0;
    unsigned count = 0;
    char after = 0;
    const bool digits = shard.find_first_not_of("0123456789/") == std::string::npos;
    if (!digits || shard.size() > 11 ||
        std::sscanf(shard.c_str(), "%u/%u%c", &index, &count, &after) != 2 || index == 0 ||
        index > count) {
        throw CommandError("--shard " + shard + ": it must be i/n with 1 <= i <= n, as 2/4",
                           kWrongUsage);
    }
    std::sort(all.begin(), all.end());
    std::vector<std::string> mine;
    for (std::size_t i = index - 1; i < all.size(); i += count) mine.push_back(all[i]);
    return mine;
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

// Stops at the first mode that differs: the others would mostly repeat it.
Result play_file(const std::string& file, const Options& options) {
    Result result;
    result.file = file;
    const auto started = std::chrono::steady_clock::now();
    try {
        if (options.update) update(file, read_file(file), result);
        const std::string text = read_file(file);
        for (const Mode mode : chosen_modes(options.mode)) {
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
    clear_progress();
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

// Each thread takes the next file; a story shares nothing with another.
std::vector<Result> play_all(const std::vector<std::string>& scenarios, const Options& options) {
    std::vector<Result> results(scenarios.size());
    std::atomic<std::size_t> next{0};
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t printed = 0;
    std::vector<bool> ready(scenarios.size());
    std::mutex mutex;
    const auto work = [&] {
        for (std::size_t i = next++; i < scenarios.size(); i = next++) {
            {
                const std::lock_guard lock(mutex);
                if (!options.json) {
                    show_progress(std::to_string(done) + "/" + std::to_string(scenarios.size()) +
                                  ", " + std::to_string(failed) + " failed, " + scenarios[i]);
                }
            }
            results[i] = play_file(scenarios[i], options);
            const std::lock_guard lock(mutex);
            ++done;
            if (!results[i].ok()) ++failed;
            ready[i] = true;
            for (; printed < ready.size() && ready[printed]; ++printed) {
                if (!options.json) print(results[printed]);
            }
        }
    };
    run_in_threads(options.jobs, scenarios.size(), work);
    return results;
}

void write_junit(const std::string& path, const std::vector<Result>& results) {
    std::vector<JunitCase> cases;
    for (const Result& result : results) {
        JunitCase test{result.file, static_cast<double>(result.took.count()) / 1000, "",
                       result.error};
        for (const Difference& difference : result.differences) {
            test.failure += with_file(result.file, explain(difference));
        }
        cases.push_back(std::move(test));
    }
    std::ofstream stream(path, std::ios::binary);
    stream << junit_xml(cases);
    if (!stream.flush()) throw CommandError("cannot write " + path);
}

int run(const Options& options) {
    std::vector<std::string> scenarios = scenario_files(options.paths);
    if (!options.filter.empty()) scenarios = filtered(scenarios, options.filter);
    if (!options.shard.empty()) scenarios = sharded(scenarios, options.shard);
    const auto started = std::chrono::steady_clock::now();
    const std::vector<Result> results = play_all(scenarios, options);
    if (!options.junit.empty()) write_junit(options.junit, results);
    json::array report;
    std::size_t failed = 0;
    for (const Result& result : results) {
        if (!result.ok()) ++failed;
        if (options.json) report.push_back(as_json(result));
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

void add_run(const Command& program, int& exit_code) {
    const Command command = program.add_command("run", "Play scenario files and check the answers");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("path", options->paths, "Scenario files, or folders of *.scenario files")
        .required();
    command
        .add_option("--mode", options->mode,
                    "Play only this way: plain, reversed or reopened; all is each in turn")
        .one_of({"plain", "reversed", "reopened", "all"})
        .shows_default();
    command.add_flag("--update", options->update,
                     "Write what happened into the files as what is expected");
    command.add_flag("--json", options->json, "Print JSON");
    command.add_option("--junit", options->junit, "Write a JUnit XML report to this file");
    command.add_option("--jobs", options->jobs, "Scenarios at a time; 0 is one per core")
        .shows_default();
    command.add_option("--shard", options->shard, "Only part i of n, as 2/4");
    command.add_option("--filter", options->filter,
                       "Only files whose path contains this, or matches it if it has a *");
    command.callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace sbemu
