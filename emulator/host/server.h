// A whole sbemu: state, emulator, functions and the port it listens on.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "emulator/core/latency.h"
#include "emulator/host/clock.h"

namespace sbemu {

class Emulator;
class Registry;

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 4566;  // 0: any free one
    // None: everything is in memory and gone at the end.
    std::optional<std::filesystem::path> state_folder;
    // What a new state begins with: an image of a database with every service's tables.
    std::string_view empty_state = {};
    ClockMode clock = ClockMode::real_time;
    Latency latency = Latency::none;
    std::uint64_t seed = 0;
    // Where Node functions find what they require besides their own package.
    std::filesystem::path node_path;
    bool log_calls = false;
    // For a replay: EmulatorOptions::paused, and the time is that of the events.
    bool paused = false;
    std::string version;
};

// All calls come from the thread that runs the io_context; constructing may be another.
class Server {
  public:
    // Opens the state and listens; requests are answered once the io_context runs. Throws
    // StateInUse, StoreError, std::system_error (the port is taken: errc::address_in_use),
    // std::invalid_argument (the address is none), and std::runtime_error.
    Server(boost::asio::io_context& io, const Registry& registry, ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;
    // Where to reach it from this machine: "http://127.0.0.1:4566".
    std::string url() const;
    // The state's folder; also of an ephemeral state, for files that live as long as it.
    const std::filesystem::path& folder() const;
    // ca.pem of the certificate authority; made when it is first asked for. Thread-safe.
    std::filesystem::path certificate_file();
    Emulator& emulator();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sbemu
