// sbemu import: a capture from events that somebody logged.
#include "emulator/capture/import.h"

#include <filesystem>
#include <iostream>
#include <memory>

#include "emulator/capture/replay.h"
#include "emulator/cli/captures.h"
#include "emulator/cli/command.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/version.h"
#include "emulator/live/package_folder.h"

namespace sbemu {
namespace {

namespace files = std::filesystem;

constexpr const char* kUnderstood =
    "What is understood: custom-resource requests of CloudFormation; batches of Kinesis, DynamoDB "
    "and\nSQS; events of SNS, S3, EventBridge and HTTP; documents of OnFailure destinations; each "
    "as JSON,\nin a log, or in an export of one.";

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu import event.json\n"
    "  aws logs filter-log-events --log-group-name /aws/lambda/f | sbemu import - -o f.capture\n"
    "  sbemu import log.txt --code my-function=build/my-function -o bug.capture\n"
    "\n"
    "Finds Lambda events in files: JSON, JSON lines, CloudWatch log text, exports of the console "
    "and the\n"
    "CLI, documents of OnFailure destinations. What an event presupposes (stack, table, stream, "
    "mapping,\n"
    "function) is made in the capture by calls, so that the services send the event themselves. "
    "The\n"
    "function's answer is left open unless it is known. An event that is there twice is taken "
    "once.\n"
    "Accounts, ARNs and the ResponseURL become sbemu's. `sbemu replay` plays the capture.\n"
    "\n"
    "Exit codes: 0 a capture was written, 1 no event was found or one is malformed, 2 wrong "
    "usage.";

struct Options {
    std::vector<std::string> files;
    std::string output;
    std::vector<std::string> code;
    ImportOptions import;
};

std::map<std::string, std::string> read_code(const std::vector<std::string>& texts) {
    std::map<std::string, std::string> code;
    for (const std::string& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw CommandError("--code takes FUNCTION=FOLDER or FUNCTION=ZIP, not '" + text + "'.",
                               kWrongUsage);
        }
        code[text.substr(0, equals)] = package_of(text.substr(equals + 1));
    }
    return code;
}

FoundEvents read_events(const Options& options) {
    FoundEvents found;
    for (const std::string& file : options.files) find_events(read_file(file), found);
    for (const std::string& note : found.notes) std::cerr << "sbemu: note: " << note << ".\n";
    if (!found.events.empty()) return found;
    std::string message = "no event was found.";
    if (!found.strange.empty()) {
        message += " There is a JSON object with " + found.strange.front() + ".";
    } else if (found.notes.empty()) {
        message += " There is no JSON object in it.";
    }
    throw CommandError(message + "\n" + kUnderstood);
}

void run(Options options) {
    const std::string& account = options.import.account;
    if (account.size() != 12 || account.find_first_not_of("0123456789") != std::string::npos) {
        throw CommandError("--account takes twelve digits, not '" + account + "'.", kWrongUsage);
    }
    options.import.version = version();
    options.import.code = read_code(options.code);
    const FoundEvents found = read_events(options);
    if (options.output.empty()) {
        const files::path first(options.files.front() == "-" ? "imported" : options.files.front());
        options.output = (first.parent_path() / (first.stem().string() + ".capture")).string();
    }
    Imported imported;
    try {
        imported = import_events(found.events, options.import);
    } catch (const CaptureError& error) {
        throw CommandError(std::string(error.what()) + ".");
    }
    for (const std::string& line : imported.made) std::cout << line << "\n";
    for (const std::string& note : imported.notes) std::cerr << "sbemu: note: " << note << ".\n";
    if (const Replayed again = replay(imported.capture); again.difference) {
        throw CommandError("the capture does not replay, which is a defect of sbemu: " +
                           name_of(again.difference->captured) + "\n" +
                           again.difference->explain());
    }
    write_whole_file(options.output, print_capture(imported.capture));
    std::cout << options.output << ": " << imported.capture.events.size() << " events, unseed "
              << unseed_of(imported.capture) << "\n";
}

}  // namespace

void add_import(const Command& program, int&) {
    const Command command =
        program.add_command("import", "Make a capture of events that somebody logged");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    ImportOptions& import = options->import;
    command.add_option("files", options->files, "Where to look; - is standard input").required();
    command.add_option("-o,--output", options->output,
                       "The file to write (default: beside the first, NAME.capture)");
    command.add_repeated_option(
        "--code", options->code,
        "FUNCTION=FOLDER or FUNCTION=ZIP: its code; else an empty package stands for it");
    command.add_option("--function", import.function,
                       "The function's name, for events that do not tell it");
    command.add_option("--runtime", import.runtime, "Of the functions").shows_default();
    command.add_option("--handler", import.handler, "Of the functions").shows_default();
    command.add_option("--timeout", import.timeout_seconds, "Of the functions, in seconds")
        .in_range(1, 900)
        .shows_default();
    command.add_option("--account", import.account, "Twelve digits").shows_default();
    command.add_option("--region", import.region, "Default: the event's own");
    command.callback([options] { run(*options); });
}

}  // namespace sbemu
