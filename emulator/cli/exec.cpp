// sbemu exec: runs a command so that the AWS host names it calls lead to sbemu.
#include <boost/asio/executor_work_guard.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "emulator/cli/command.h"
#include "emulator/cli/endpoint.h"
#include "emulator/cli/server_options.h"
#include "emulator/host/redirect/run_redirected.h"
#include "emulator/host/state_folder.h"

namespace sbemu {
namespace {

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu exec -- aws sts get-caller-identity       against the sbemu that is running\n"
    "  sbemu exec -- node deploy.js --stage test       the command's own options follow --\n"
    "  sbemu exec --up -- npm test                     an emulator for the command's life\n"
    "  sbemu exec --up --clock fast -- ./test.sh       ... whose waiting takes no time\n"
    "\n"
    "No setting of the command is changed and none is needed: it looks up and dials the real\n"
    "host names of AWS, and sbemu answers with certificates the command is made to trust. All\n"
    "other names and addresses work as ever.\n"
    "\n"
    "Exit codes: the command's own; 128 + N if signal N ended it; 127 if it was not found, 126 if\n"
    "it cannot be run; 125 if sbemu itself failed.";

struct Options {
    std::string endpoint;
    bool up = false;
    ServerFlags server;
    std::vector<std::string> command;
};

RunOptions run_options(const Options& options, std::uint16_t port,
                       const std::filesystem::path& certificate_file,
                       const std::filesystem::path& folder) {
    RunOptions run;
    run.command = options.command;
    run.environment = current_environment();
    run.redirect.port = port;
    run.redirect.certificate_authority = certificate_file;
    run.redirect.folder = folder;
    return run;
}

int run_against_running(const Options& options) {
    const Endpoint endpoint = chosen_endpoint(options.endpoint);
    if (endpoint.host != "127.0.0.1" && endpoint.host != "localhost") {
        throw CommandError("`sbemu exec` leads to an sbemu on this machine (127.0.0.1), not to " +
                               endpoint.url() + ". Set AWS_ENDPOINT_URL there instead.",
                           kWrongUsage);
    }
    const wire::HttpResponse certificate = ask(endpoint, {"GET", "/_sbemu/ca.pem", {}, {}});
    if (certificate.status != 200) {
        throw CommandError("what answers at " + endpoint.url() + " gives no certificate (status " +
                           std::to_string(certificate.status) + "): " + certificate.body);
    }
    const StateFolder scratch = StateFolder::ephemeral();
    const std::filesystem::path certificate_file = scratch.path() / "ca.pem";
    std::ofstream(certificate_file) << certificate.body;
    return run_redirected(
        run_options(options, endpoint.port, certificate_file, scratch.path() / "redirect"));
}

int run_with_own_emulator(const Options& options) {
    boost::asio::io_context io(1);
    const auto work = boost::asio::make_work_guard(io);
    ServerFlags flags = options.server;
    flags.ephemeral = true;
    flags.port = 0;
    const auto server = start_server(io, flags);
    // Functions are children of this thread and end with it.
    std::thread thread([&io] { io.run(); });
    RunOptions run =
        run_options(options, server->port(), server->certificate_file(), server->folder() / "exec");
    // The emulator's own children are waited for by itself.
    run.reap_orphans = false;
    const int exit_code = run_redirected(run);
    io.stop();
    thread.join();
    return exit_code;
}

int run(const Options& options) {
    try {
        return options.up ? run_with_own_emulator(options) : run_against_running(options);
    } catch (const CommandError& error) {
        throw CommandError(error.what(), kExecFailed);
    } catch (const std::exception& error) {
        throw CommandError(error.what(), kExecFailed);
    }
}

}  // namespace

void add_exec(const Command& program, int& exit_code) {
    const Command command =
        program.add_command("exec", "Run a command, unchanged, against the emulator");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    const Option up =
        command.add_flag("--up", options->up,
                         "Start an emulator that lives as long as the command and keeps "
                         "nothing");
    add_endpoint_option(command, options->endpoint);
    command.option("--endpoint").excludes(up);
    add_emulator_flags(command, options->server);
    for (const char* flag : {"--clock", "--seed", "--node-path", "--verbose"}) {
        command.option(flag).needs(up);
    }
    command.add_option("command", options->command, "The command and its arguments, after --")
        .required();
    command.positionals_at_end();
    command.callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace sbemu
