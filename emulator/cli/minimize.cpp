// sbemu minimize: makes a capture as small as it can be and still fail.
#include "emulator/capture/minimize.h"

#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "emulator/cli/captures.h"
#include "emulator/cli/command.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"

namespace sbemu {
namespace {

namespace files = std::filesystem;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu minimize bug.capture --check './fails.sh {}'\n"
    "  sbemu minimize bug.capture -o small.capture \\\n"
    "        --check '! grep -q ROLLBACK_COMPLETE {}'\n"
    "\n"
    "The command is run by a shell, with the capture to be checked in place of {} (or at its "
    "end).\n"
    "It says that the bug is there by failing: any exit code but 0, the same as with the whole\n"
    "capture. Events from outside are left out, and entries of their batches; timers, invocations\n"
    "and replies are worked out anew for every try, with the functions answering as captured.\n"
    "\n"
    "Exit codes: 0 a smaller capture was written (or it was as small as it can be), 1 the check\n"
    "does not fail with the whole capture, 2 wrong usage.";

struct Options {
    std::string file;
    std::string output;
    std::string check;
};

// A folder for the length of the command.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = files::temp_directory_path() / "sbemu-minimize-XXXXXX";
        if (!mkdtemp(pattern.data())) throw CommandError("cannot make a temporary folder.");
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        files::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const files::path& path() const { return path_; }

  private:
    files::path path_;
};

class Check {
  public:
    explicit Check(std::string command) : command_(std::move(command)) {}

    bool fails(const Capture& capture) {
        const std::string file = folder_.path() / "candidate.capture";
        write_whole_file(file, print_capture(capture));
        std::string command = command_;
        const auto place = command.find("{}");
        if (place == std::string::npos) {
            command += " " + file;
        } else {
            command.replace(place, 2, file);
        }
        // Its output would drown the progress; what it wants to keep it can write to a file.
        const int status = std::system(("( " + command + " ) >/dev/null 2>&1 </dev/null").c_str());
        const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 256;
        if (!first_) first_ = code;
        return code != 0 && code == *first_;
    }

  private:
    std::string command_;
    TemporaryFolder folder_;
    std::optional<int> first_;
};

std::string default_output(const std::string& file) {
    const files::path path(file);
    return (path.parent_path() / (path.stem().string() + ".min" + path.extension().string()))
        .string();
}

void run(const Options& options) {
    const Capture capture = read_capture(options.file);
    Check check(options.check);
    MinimizeProgress last;
    const auto started = std::chrono::steady_clock::now();
    const auto took = [&] {
        return duration_text(
            std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started));
    };
    try {
        const Capture smallest = minimize(
            capture, [&](const Capture& candidate) { return check.fails(candidate); },
            [&](const MinimizeProgress& progress) {
                last = progress;
                if (!on_terminal()) return;
                std::cout << "\r\033[K"
                          << faint(std::to_string(progress.events) + " events from outside, " +
                                   std::to_string(progress.entries) + " entries in batches, " +
                                   std::to_string(progress.tries) + " tries, " + took())
                          << std::flush;
            });
        if (on_terminal()) std::cout << "\r\033[K";
        const std::string output =
            options.output.empty() ? default_output(options.file) : options.output;
        write_whole_file(output, print_capture(smallest));
        std::cout << output << ": " << smallest.events.size() << " of " << capture.events.size()
                  << " events, " << last.events << " from outside, after " << last.tries
                  << " tries, " << took() << "\n";
    } catch (const CaptureError& error) {
        throw CommandError(std::string(error.what()) + ".");
    }
}

}  // namespace

void add_minimize(const Command& program, int&) {
    const Command command =
        program.add_command("minimize", "Make a capture as small as it can be and still fail");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("file", options->file, "The capture").required();
    command
        .add_option("--check", options->check,
                    "A command that fails when the bug is there; {} is the capture's file")
        .required();
    command.add_option("-o,--output", options->output,
                       "The file to write (default: beside it, NAME.min.capture)");
    command.callback([options] { run(*options); });
}

}  // namespace sbemu
