// sbemu up: runs the emulator until it is interrupted.
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "emulator/cli/captures.h"
#include "emulator/cli/command.h"
#include "emulator/cli/server_options.h"
#include "emulator/cli/version.h"
#include "emulator/host/emulator.h"

namespace sbemu {
namespace {

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu up                                 http://127.0.0.1:4566, state in ./.sbemu\n"
    "  sbemu up --ephemeral --port 0            nothing is kept; any free port\n"
    "  sbemu up --clock virtual                 an hour passes with `sbemu clock advance 1h`\n"
    "\n"
    "The state survives the emulator's end, whatever way it ends. Ctrl-C ends it.";

void print_greeting(const Server& server, const ServerFlags& flags) {
    const std::string url = server.url();
    const std::string state =
        flags.ephemeral ? "in memory, gone when sbemu ends" : server.folder().string();
    std::cout << "sbemu " << version() << " listens on " << url << "\n"
              << "  state  " << state << "\n"
              << "  clock  " << flags.clock << "\n\n"
              << "Point AWS clients at it:\n\n"
              << "  export AWS_ENDPOINT_URL=" << url << "\n"
              << "  export AWS_ACCESS_KEY_ID=000000000000 AWS_SECRET_ACCESS_KEY=sbemu\n"
              << "  export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1\n\n"
              << "or run a program as it is:\n\n"
              << "  sbemu exec" << (url == "http://127.0.0.1:4566" ? "" : " --endpoint " + url)
              << " -- COMMAND\n\n"
              << "Ctrl-C ends it.\n"
              << std::flush;
}

struct Record {
    std::string file;
    CaptureFlags flags;
};

// What is found out only at the end would cost the capture.
void check_record(const Record& record) {
    const std::filesystem::path folder = std::filesystem::path(record.file).parent_path();
    if (::access(folder.empty() ? "." : folder.c_str(), W_OK) != 0) {
        throw CommandError("--record: cannot write into " + folder.string() + ".", kWrongUsage);
    }
}

void run(const ServerFlags& flags, const Record& record) {
    if (!record.file.empty()) check_record(record);
    boost::asio::io_context io(1);
    const auto server = start_server(io, flags);
    boost::asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&io](const boost::system::error_code&, int) { io.stop(); });
    print_greeting(*server, flags);
    if (!record.file.empty() && flags.ephemeral) {
        std::cerr << "sbemu: note: " << record.file
                  << " is written at the end, of a state in memory: kill -9 loses both.\n";
    }
    io.run();
    if (!record.file.empty()) {
        save_capture_of(server->emulator().state_image(), record.file, record.flags);
    }
}

}  // namespace

void add_up(const Command& program, int&) {
    const Command command = program.add_command("up", "Start the emulator");
    command.footer(kFooter);
    const auto flags = std::make_shared<ServerFlags>();
    command.add_option("--port", flags->port, "The port to listen on; 0 takes any free one")
        .in_range(0, 65535)
        .shows_default();
    command
        .add_option("--host", flags->address,
                    "The address to listen on; 0.0.0.0 lets other machines in")
        .shows_default();
    const Option state =
        command.add_option("--state", flags->state, "The folder to keep the state in")
            .shows_default();
    command.add_flag("--ephemeral", flags->ephemeral, "Keep nothing: all is in memory")
        .excludes(state);
    add_emulator_flags(command, *flags);
    const auto record = std::make_shared<Record>();
    command.add_option("--record", record->file,
                       "When it ends, write what happened as a capture (see sbemu replay)");
    add_capture_flags(command, record->flags, "record-");
    command.callback([flags, record] { run(*flags, *record); });
}

}  // namespace sbemu
