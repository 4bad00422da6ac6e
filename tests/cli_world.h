// The command line against an emulator of the test's own.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "emulator/cli/client.h"
#include "emulator/cli/program.h"
#include "emulator/host/server.h"
#include "fakes/services.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

struct Ran {
    int exit_code = 0;
    std::string output;
    std::string errors;
};

// Runs `sbemu ARGUMENTS` in this process.
inline Ran run_sbemu(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "sbemu");
    std::vector<const char*> pointers;
    for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
    std::ostringstream output;
    std::ostringstream errors;
    std::streambuf* const output_before = std::cout.rdbuf(output.rdbuf());
    std::streambuf* const errors_before = std::cerr.rdbuf(errors.rdbuf());
    const int exit_code = run_program(static_cast<int>(pointers.size()), pointers.data());
    std::cout.rdbuf(output_before);
    std::cerr.rdbuf(errors_before);
    return {exit_code, output.str(), errors.str()};
}

// An emulator in a thread of its own that keeps nothing.
class CliWorld {
  public:
    CliWorld() : work_(boost::asio::make_work_guard(io_)) {
        ServerOptions options;
        options.port = 0;
        options.seed = 1;
        server_ = std::make_unique<Server>(io_, all_services(), std::move(options));
        thread_ = std::thread([this] { io_.run(); });
    }
    ~CliWorld() {
        io_.stop();
        thread_.join();
    }
    CliWorld(const CliWorld&) = delete;
    CliWorld& operator=(const CliWorld&) = delete;

    // Runs the command with this emulator as its endpoint.
    Ran run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--endpoint", server_->url()});
        return run_sbemu(std::move(arguments));
    }
    Client client() const { return {Endpoint::parse(server_->url()), identity_of_environment()}; }

    std::string file(const std::string& name, const std::string& content) const {
        const std::string path = (folder_.path() / name).string();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

  private:
    TemporaryFolder folder_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

}  // namespace sbemu
