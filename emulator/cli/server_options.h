// The options with which a command starts an emulator, and starting it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "emulator/cli/command_line.h"
#include "emulator/host/server.h"

namespace sbemu {

struct ServerFlags {
    std::string address = "127.0.0.1";
    std::uint16_t port = 4566;
    std::string state = ".sbemu";
    bool ephemeral = false;
    std::string clock = "real";
    std::string latency = "none";
    std::optional<std::uint64_t> seed;
    std::string node_path;
    bool paused = false;  // for a replay: ServerOptions::paused
    bool verbose = false;
};

// Adds --clock, --latency, --seed, --node-path and --verbose.
void add_emulator_flags(const Command& command, ServerFlags& flags);

// Throws CommandError, saying what to do.
std::unique_ptr<Server> start_server(boost::asio::io_context& io, const ServerFlags& flags);

}  // namespace sbemu
