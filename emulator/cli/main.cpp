// The command line: one subcommand per file of this folder.
#include <CLI/CLI.hpp>
#include <iostream>

#include "emulator/cli/command.h"
#include "emulator/cli/version.h"

namespace {

constexpr const char* kDescription =
    "A local emulator of what AWS Lambda-backed services stand on: CloudFormation with\n"
    "custom resources, Lambda, DynamoDB, Kinesis, S3, IAM, STS and Logs.\n";

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu up                           start; state is kept in ./.sbemu\n"
    "  sbemu exec -- aws s3 ls            run a program as it is against a running sbemu\n"
    "  sbemu exec --up -- npm test        the same with an emulator of its own\n"
    "  sbemu status                       what is running, and what it waits for\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no sbemu answers, 4 the port or the\n"
    "state folder is in use. `sbemu exec` ends with its command's code.\n"
    "\n"
    "Commands look for a running sbemu at --endpoint, else at AWS_ENDPOINT_URL, else at\n"
    "http://127.0.0.1:4566.";

int run(int argc, char** argv) {
    CLI::App program(kDescription, "sbemu");
    program.set_version_flag("--version", "sbemu " + sbemu::version());
    program.footer(kFooter);
    program.require_subcommand(1);
    int exit_code = 0;
    for (const auto add : {sbemu::add_up, sbemu::add_exec, sbemu::add_status, sbemu::add_clock}) {
        add(program, exit_code);
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // CLI11 prints help and errors itself.
        return program.exit(error) == 0 ? 0 : sbemu::kWrongUsage;
    }
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const sbemu::CommandError& error) {
        std::cerr << "sbemu: " << error.what() << "\n";
        return error.exit_code;
    } catch (const std::exception& error) {
        std::cerr << "sbemu: " << error.what() << "\n";
        return sbemu::kFailed;
    }
}
