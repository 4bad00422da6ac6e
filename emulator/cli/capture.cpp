// sbemu capture: what happened in an emulator, as a text file that can be replayed.
#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <optional>

#include "emulator/cli/captures.h"
#include "emulator/cli/command.h"
#include "emulator/cli/endpoint.h"
#include "emulator/host/state_folder.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace {

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu capture save bug.capture                      of a running sbemu\n"
    "  sbemu capture save bug.capture --state .sbemu       of one that has ended, or was killed\n"
    "  sbemu capture save bug.capture --with-code          with the functions' packages\n"
    "  sbemu capture save bug.capture --redact 'sk_live_\\w+'\n"
    "\n"
    "A capture has everything that happened since the state was empty: calls, answers of "
    "functions,\n"
    "timers. `sbemu replay FILE` does it again, on any machine. Access keys and the values of "
    "NoEcho\n"
    "parameters are replaced by stand-ins, and so is whatever matches a --redact expression; the "
    "code\n"
    "of functions (every zip) by a small zip that names its hash, unless --with-code is given.\n"
    "What else is private in your events is in the file: read it before you send it.";

struct Options {
    std::string file;
    std::string endpoint;
    std::string state;
    CaptureFlags flags;
};

std::string image_of_folder(const std::string& folder) {
    if (!std::filesystem::exists(std::filesystem::path(folder) / "state.db")) {
        throw CommandError("there is no state in " + folder + ".");
    }
    try {
        const StateFolder state = StateFolder::open(folder);
        return Store(state.database()).image();
    } catch (const StateInUse&) {
        throw CommandError("the state in " + folder +
                               " belongs to a running sbemu; leave --state away to ask that one.",
                           kInUse);
    }
}

void save(const Options& options) {
    std::string image;
    if (!options.state.empty()) {
        image = image_of_folder(options.state);
    } else {
        const wire::HttpResponse answer =
            ask(chosen_endpoint(options.endpoint), {"GET", "/_sbemu/state", {}, {}});
        if (answer.status != 200) {
            throw CommandError("sbemu answered " + std::to_string(answer.status) + ": " +
                               answer.body);
        }
        image = answer.body;
    }
    save_capture_of(image, options.file, options.flags);
}

}  // namespace

void add_capture_flags(const Command& command, CaptureFlags& flags, const std::string& prefix) {
    command.add_flag("--" + prefix + "with-code", flags.with_code,
                     "Keep the functions' packages in the capture");
    command.add_repeated_option(
        "--" + prefix + "redact", flags.redact,
        "A regular expression: what matches is replaced by a stand-in; may be repeated");
}

void add_capture(const Command& program, int&) {
    const Command command = program.add_command("capture", "Save what happened as a capture");
    command.footer(kFooter);
    command.require_command(1);
    const Command save_command =
        command.add_command("save", "Write everything since the state was empty to a file");
    save_command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    save_command.add_option("file", options->file, "The file to write").required();
    add_endpoint_option(save_command, options->endpoint);
    save_command.add_option("--state", options->state,
                            "The state folder of an sbemu that does not run");
    add_capture_flags(save_command, options->flags, "");
    save_command.callback([options] { save(*options); });
}

}  // namespace sbemu
