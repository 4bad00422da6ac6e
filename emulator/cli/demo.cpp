// sbemu demo: an emulator of its own, and the Streambot story on it.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

#include "emulator/cli/command.h"
#include "emulator/cli/demo_story.h"
#include "emulator/cli/server_options.h"
#include "emulator/cli/terminal.h"
#include "emulator/cli/text.h"

namespace sbemu {
namespace {

constexpr const char* kFooter =
    "\nStreambot keeps the configuration of Lambda functions and their connections to streams by\n"
    "two custom resources. The demo starts an emulator that keeps nothing, deploys Streambot and\n"
    "a service that uses it, sends records through, changes the service in place, and deletes\n"
    "everything. Each line is what the emulator answered, and when. Nothing outside of the\n"
    "process is touched, and no sbemu needs to be running.\n"
    "\n"
    "It needs streambot.zip and example-service.zip beside the program; the build puts them "
    "there.\n"
    "\n"
    "Exit codes: 0 all went as told, 1 something did not.";

// Runs an emulator in a thread for as long as it lives.
class OwnEmulator {
  public:
    OwnEmulator() : work_(boost::asio::make_work_guard(io_)) {
        ServerFlags flags;
        flags.ephemeral = true;
        flags.port = 0;
        server_ = start_server(io_, flags);
        thread_ = std::thread([this] { io_.run(); });
    }
    ~OwnEmulator() {
        io_.stop();
        thread_.join();
    }
    OwnEmulator(const OwnEmulator&) = delete;
    OwnEmulator& operator=(const OwnEmulator&) = delete;

    std::string url() const { return server_->url(); }
    Client client() const { return {Endpoint::parse(server_->url()), Identity{}}; }

  private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

std::filesystem::path own_folder() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

int demo() {
    const DemoPackages packages = demo_packages(own_folder());
    try {
        const auto started = std::chrono::steady_clock::now();
        const OwnEmulator emulator;
        const auto took =
            std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started);
        std::cout << "Streambot on an emulator that keeps nothing, at " << emulator.url()
                  << ", started in " << duration_text(took) << ".\n"
                  << "The first column is the time in seconds.\n";
        tell_demo_story(emulator.client(), packages);
        return 0;
    } catch (const DemoFailure& failure) {
        std::cout << "\n" << red("Not as told: ") << failure.what() << "\n" << std::flush;
    } catch (const CommandError& error) {
        std::cout << "\n" << red("Not as told: ") << error.what() << "\n" << std::flush;
    }
    return kFailed;
}

}  // namespace

void add_demo(const Command& program, int& exit_code) {
    const Command command = program.add_command(
        "demo", "Watch Streambot's whole life in two seconds, on an emulator that keeps nothing");
    command.footer(kFooter);
    command.callback([&exit_code] { exit_code = demo(); });
}

}  // namespace sbemu
