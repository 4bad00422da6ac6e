// sbemu scenario: writes the scenario that keeps a capture as a test.
#include <filesystem>
#include <iostream>
#include <memory>

#include "emulator/cli/captures.h"
#include "emulator/cli/command.h"
#include "emulator/scenario/scenario_of_capture.h"

namespace sbemu {
namespace {

namespace files = std::filesystem;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu scenario small.capture -o scenarios/bug.scenario\n"
    "  sbemu scenario small.capture -o scenarios/bug.scenario --handler my-function=./src\n"
    "\n"
    "The scenario has the calls, the times and the functions' answers of the capture, and expects\n"
    "what is answered today. With --handler the function's code runs whenever the scenario is\n"
    "played (`answer with ./src`), so that the scenario fails until the code is right: then write\n"
    "what you expect instead, or play it again with `sbemu run --update` when it is fixed.\n"
    "FUNCTION is its name, or the logical id that its name was made of. Make the capture small\n"
    "first: sbemu minimize. docs/scenarios.md has the form.";

struct Options {
    std::string file;
    std::string output;
    std::string title;
    std::vector<std::string> handlers;
};

ScenarioOptions scenario_options(const Options& options) {
    ScenarioOptions chosen;
    chosen.title = options.title.empty() ? "What happened in " + options.file + "." : options.title;
    for (const std::string& handler : options.handlers) {
        const auto equals = handler.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == handler.size()) {
            throw CommandError("--handler takes FUNCTION=FOLDER, not '" + handler + "'.",
                               kWrongUsage);
        }
        chosen.handlers[handler.substr(0, equals)] = handler.substr(equals + 1);
    }
    files::path output(options.output);
    const files::path top = scenario_root(options.output);
    chosen.file_prefix =
        files::absolute(output.replace_extension("")).lexically_relative(top).generic_string() +
        ".";
    return chosen;
}

void run(const Options& options) {
    const Capture capture = read_capture(options.file);
    try {
        CapturedScenario scenario = scenario_of(capture, scenario_options(options));
        const files::path top = scenario_root(options.output);
        for (const auto& [name, text] : scenario.files) {
            write_whole_file((top / name).string(), text);
        }
        play(scenario.steps, Mode::plain, top.string());
        write_whole_file(options.output, print_scenario(scenario.steps));
        std::cout << options.output;
        for (const auto& [name, text] : scenario.files) std::cout << ", " << name;
        std::cout << "\nRead it, then: sbemu run " << options.output << "\n";
    } catch (const CaptureError& error) {
        throw CommandError(std::string(error.what()) + ".");
    }
}

}  // namespace

void add_scenario(const Command& program, int&) {
    const Command command =
        program.add_command("scenario", "Write the scenario that keeps a capture as a test");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("file", options->file, "The capture").required();
    command.add_option("-o,--output", options->output, "The scenario to write").required();
    command.add_option("--title", options->title, "The story in a sentence");
    command.add_repeated_option(
        "--handler", options->handlers,
        "FUNCTION=FOLDER: code that runs when the scenario is played; repeatable");
    command.callback([options] { run(*options); });
}

}  // namespace sbemu
