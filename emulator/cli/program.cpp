// The command line: one subcommand per file of this folder.
#include "emulator/cli/program.h"

#include <iostream>

#include "emulator/cli/command.h"
#include "emulator/cli/command_line.h"
#include "emulator/cli/version.h"

namespace sbemu {
namespace {

constexpr const char* kDescription =
    "A local emulator of what AWS Lambda-backed services stand on: CloudFormation with\n"
    "custom resources, Lambda, DynamoDB, Kinesis, S3, IAM, STS and Logs.\n";

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu demo                         what this is, in two seconds\n"
    "  sbemu up                           start; state is kept in ./.sbemu\n"
    "  sbemu deploy template.json         create or update a stack, and watch it\n"
    "  sbemu exec -- aws s3 ls            run a program as it is against a running sbemu\n"
    "  sbemu exec --up -- npm test        the same with an emulator of its own\n"
    "  sbemu run scenarios                play stories: what happened, what is expected\n"
    "  sbemu capture save bug.capture     what happened, as a file\n"
    "  sbemu replay bug.capture           the same once more, on any machine\n"
    "  sbemu import log.txt               a capture from events that somebody logged\n"
    "  sbemu status                       what is running, and what it waits for\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no sbemu answers, 4 the port or the\n"
    "state folder is in use. `sbemu exec` ends with its command's code.\n"
    "\n"
    "Commands look for a running sbemu at --endpoint, else at AWS_ENDPOINT_URL, else at\n"
    "http://127.0.0.1:4566. Account and region are those of AWS_ACCESS_KEY_ID (twelve digits)\n"
    "and AWS_REGION, else 000000000000 and us-east-1.";

// CLI11 would only say that a command is missing.
void refuse_unknown_word(const Program& program, int argc, const char* const* argv) {
    if (argc < 2 || program.knows(argv[1])) return;
    const std::string word = argv[1];
    throw CommandError(std::string("there is no ") +
                           (word.starts_with("-") ? "option " : "command ") + word +
                           "; sbemu --help lists what there is.",
                       kWrongUsage);
}

int run(int argc, const char* const* argv) {
    const Program program("sbemu", kDescription, version());
    program.root().footer(kFooter);
    program.root().require_command();
    int exit_code = 0;
    for (const auto add :
         {add_up,       add_demo,        add_exec,   add_deploy,         add_invoke,  add_logs,
          add_run,      add_chaos,       add_status, add_clock,          add_capture, add_replay,
          add_minimize, add_scenario,    add_import, add_generate_event, add_fault,   add_snapshot,
          add_reset,    add_capabilities}) {
        add(program.root(), exit_code);
    }
    refuse_unknown_word(program, argc, argv);
    try {
        program.run(argc, argv);
    } catch (const CommandLineEnd& end) {
        return end.wrong ? kWrongUsage : 0;
    }
    return exit_code;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
    try {
        return run(argc, argv);
    } catch (const CommandError& error) {
        std::cerr << "sbemu: " << error.what() << "\n";
        return error.exit_code;
    } catch (const std::exception& error) {
        std::cerr << "sbemu: " << error.what() << "\n";
        return kFailed;
    }
}

}  // namespace sbemu
