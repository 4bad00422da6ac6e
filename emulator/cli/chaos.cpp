// sbemu chaos: plays scenarios under random faults and names the seeds that break them.
#include "emulator/scenario/chaos.h"

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <mutex>
#include <optional>

#include "emulator/cli/command.h"
#include "emulator/cli/scenario_files.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu chaos scenarios/streambot --seeds 1000   each scenario under 1000 plans of faults\n"
    "  sbemu chaos story.scenario --seed 17           that plan once more, and what it broke\n"
    "  sbemu chaos story.scenario --seed 17 --print   the scenario with that plan in it, which\n"
    "                                                 'sbemu run' plays\n"
    "\n"
    "What is expected must hold in spite of the faults: throttling, errors and lost answers of\n"
    "services that a handler calls; a ResponseURL that refuses, or takes a response late or "
    "twice;\n"
    "events that come twice; handlers killed at work. They are put where the scenario's handlers\n"
    "('answer with ...') have something to do. docs/chaos.md tells what is drawn, and what may\n"
    "differ: times, and ids that a time is in.\n"
    "\n"
    "Exit codes: 0 nothing broke, 1 a seed broke a scenario, a scenario is not as expected even\n"
    "without faults, or no fault fired at all; 2 wrong usage.";

struct Options {
    std::vector<std::string> paths;
    std::uint64_t seeds = 100;
    std::uint64_t first = 1;
    std::optional<std::uint64_t> seed;
    bool print = false;
    bool json = false;
    std::string filter;
    unsigned jobs = 1;
};

struct Broken {
    std::uint64_t seed = 0;
    FaultPlan plan;
    Difference difference;
};

// One scenario under all of its seeds.
struct Result {
    std::string file;
    std::string error;  // why it could not be played, or what is different without faults
    std::uint64_t seeds = 0;
    std::size_t fired = 0;
    std::vector<Broken> broken;
    FaultPlan plan;  // of the seed, if it is only one

    bool ok() const { return error.empty() && broken.empty(); }
};

std::vector<Step> steps_of(const std::string& file) {
    std::vector<Step> steps = parse_scenario(read_file(file));
    if (!find_chaos(steps)) return steps;
    throw CommandError(file + " has faults of its own (chaos): sbemu run plays it");
}

Rehearsal rehearsal_of(const std::string& file) {
    Rehearsal rehearsal(steps_of(file), scenario_root(file));
    if (rehearsal.differences().empty()) return rehearsal;
    throw CommandError("not as expected even without faults:\n\n" +
                       with_file(file, explain(rehearsal.differences().front())));
}

std::string indented(const std::string& lines) {
    std::string text;
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size() - 1);
        text += "    " + lines.substr(at, end + 1 - at);
        at = end + 1;
    }
    return text;
}

std::string plan_text(const FaultPlan& plan) {
    std::string text;
    for (const std::string& line : plan) text += line + "\n";
    return text;
}

void print(const std::string& file, const Broken& broken) {
    clear_progress();
    std::cout << red("BROKE   ") << file << "  seed " << broken.seed << "\n\n"
              << indented(plan_text(broken.plan)) << "\n"
              << indented(with_file(file, explain(broken.difference))) << "\n"
              << std::flush;
}

// Seeds are played by all threads; the results keep their order.
class Campaign {
  public:
    Campaign(const Options& options, std::vector<std::string> files) : options_(options) {
        for (std::string& file : files) {
            Result& result = results_.emplace_back();
            result.file = std::move(file);
        }
    }

    const std::vector<Result>& run() {
        for (Result& result : results_) {
            try {
                const Rehearsal rehearsal = rehearsal_of(result.file);
                play(rehearsal, result);
            } catch (const std::exception& error) {
                result.error = with_file(result.file, error.what());
            }
            if (!options_.json) report(result);
        }
        return results_;
    }

  private:
    void play(const Rehearsal& rehearsal, Result& result) {
        const std::uint64_t first = options_.seed.value_or(options_.first);
        const std::uint64_t count = options_.seed ? 1 : options_.seeds;
        if (rehearsal.targets().empty()) return;
        if (options_.seed) result.plan = plan_of_seed(rehearsal.targets(), first);
        std::atomic<std::uint64_t> next{0};
        std::mutex mutex;
        run_in_threads(options_.jobs, count, [&] {
            for (std::uint64_t i = next++; i < count; i = next++) {
                const std::uint64_t seed = first + i;
                const FaultPlan plan = plan_of_seed(rehearsal.targets(), seed);
                ChaosResult played = play_under(plan, rehearsal, Mode::plain);
                const std::lock_guard lock(mutex);
                ++result.seeds;
                result.fired += played.fired;
                if (!played.differences.empty()) {
                    result.broken.push_back({seed, plan, std::move(played.differences.front())});
                }
                if (options_.json) continue;
                show_progress(result.file + "  " + std::to_string(result.seeds) + "/" +
                              std::to_string(count) + " seeds, " +
                              std::to_string(result.broken.size()) + " broke");
            }
        });
        std::sort(result.broken.begin(), result.broken.end(),
                  [](const Broken& one, const Broken& other) { return one.seed < other.seed; });
    }

    void report(const Result& result) const {
        clear_progress();
        for (const Broken& broken : result.broken) print(result.file, broken);
        if (!result.error.empty()) {
            std::cout << red("FAILED  ") << result.error << "\n";
        } else if (result.seeds == 0) {
            std::cout << red("nothing ") << result.file
                      << "  no handler answers in it ('answer with ...'), so there is nothing to "
                         "put faults on\n";
        } else {
            std::cout << (result.ok() ? green("ok      ") : red("BROKE   ")) << result.file << "  "
                      << result.seeds << (result.seeds == 1 ? " seed, " : " seeds, ")
                      << result.broken.size() << " broke, " << result.fired << " faults fired\n";
        }
        // A plan that broke the scenario is shown with what it broke.
        if (result.broken.empty() && !result.plan.empty()) {
            std::cout << "\n" << indented(plan_text(result.plan));
        }
        std::cout << std::flush;
    }

    const Options& options_;
    std::vector<Result> results_;
};

json::object as_json(const Result& result) {
    json::array broken;
    for (const Broken& each : result.broken) {
        broken.push_back(json::object{{"seed", each.seed},
                                      {"plan", json::value_from(each.plan)},
                                      {"line", each.difference.line},
                                      {"step", each.difference.verb},
                                      {"expected", each.difference.expected},
                                      {"actual", each.difference.actual}});
    }
    json::object object{{"file", result.file},
                        {"ok", result.ok()},
                        {"seeds", result.seeds},
                        {"fired", result.fired},
                        {"broken", std::move(broken)}};
    if (!result.error.empty()) object["error"] = result.error;
    return object;
}

// The scenario of a seed, as text.
int print_scenario_of(const std::vector<std::string>& files, const Options& options) {
    if (files.size() != 1 || !options.seed) {
        throw CommandError("--print takes one scenario and a --seed", kWrongUsage);
    }
    const Rehearsal rehearsal = rehearsal_of(files.front());
    const FaultPlan plan = plan_of_seed(rehearsal.targets(), *options.seed);
    if (plan.empty()) throw CommandError(files.front() + ": there is nothing to put faults on");
    std::cout << print_scenario(with_chaos(rehearsal.steps(), plan));
    return 0;
}

int run(const Options& options) {
    std::vector<std::string> files = scenario_files(options.paths);
    if (!options.filter.empty()) files = filtered(files, options.filter);
    if (options.print) return print_scenario_of(files, options);
    const auto started = std::chrono::steady_clock::now();
    Campaign campaign(options, files);
    const std::vector<Result>& results = campaign.run();
    json::array report;
    std::uint64_t played = 0;
    std::size_t broke = 0;
    std::size_t fired = 0;
    bool failed = false;
    for (const Result& result : results) {
        played += result.seeds;
        broke += result.broken.size();
        fired += result.fired;
        failed = failed || !result.ok();
        if (options.json) report.push_back(as_json(result));
    }
    if (options.json) {
        std::cout << json::serialize(json::object{{"played", played},
                                                  {"broke", broke},
                                                  {"fired", fired},
                                                  {"files", std::move(report)}})
                  << "\n";
    } else {
        const auto took =
            std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started);
        std::cout << "\n"
                  << played << " played, "
                  << (broke == 0 ? std::string("none") : red(std::to_string(broke))) << " broke, "
                  << fired << " faults fired, " << duration_text(took) << "\n";
        if (broke > 0) {
            std::cout << "Once more: sbemu chaos FILE --seed N; as a scenario: --print\n";
        }
    }
    if (fired > 0 || failed) return failed ? kFailed : 0;
    throw CommandError("no fault fired: this has tried nothing");
}

}  // namespace

void add_chaos(const Command& program, int& exit_code) {
    const Command command = program.add_command("chaos", "Play scenario files under random faults");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("path", options->paths, "Scenario files, or folders of *.scenario files")
        .required();
    const Option seeds =
        command.add_option("--seeds", options->seeds, "How many plans of faults for each scenario")
            .positive()
            .shows_default();
    const Option first =
        command.add_option("--first", options->first, "The first seed").shows_default();
    command.add_option("--seed", options->seed, "Only the plan of this seed, which is shown")
        .excludes(seeds)
        .excludes(first);
    command.add_flag("--print", options->print,
                     "Play nothing, print the scenario with the plan of --seed in it");
    command.add_flag("--json", options->json, "Print JSON");
    command.add_option("--jobs", options->jobs, "Seeds at a time; 0 is one per core")
        .shows_default();
    command.add_option("--filter", options->filter,
                       "Only files whose path contains this, or matches it if it has a *");
    command.callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace sbemu
