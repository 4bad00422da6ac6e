// A small name server: answers AWS's names with the sentinel address, and asks the system's own
// server for all others. Needed by programs that do not resolve names through libc (static Go,
// c-ares).
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/host/process/file_descriptor.h"

namespace sbemu {

// The answer to a query for one of AWS's names (its address for A, none for other types);
// nothing for other names and for what is no query of one question.
std::optional<std::string> answer_for_aws_name(std::string_view query);

// The query turned into an answer without records: NXDOMAIN (3) or SERVFAIL (2). Empty when there
// is not even a header.
std::string failed_answer(std::string_view query, std::uint8_t code);

struct NameServerAddress {
    sockaddr_storage address{};
    socklen_t size = 0;
};

// The first `nameserver` of a resolv.conf, with port 53.
std::optional<NameServerAddress> first_name_server(std::string_view resolver_configuration);

// Both sockets are non-blocking: call the functions when poll(2) says so. One thread at a time.
class NameServer {
  public:
    // Binds a free UDP port of 127.0.0.1. Throws std::runtime_error.
    explicit NameServer(std::string resolver_configuration_file = "/etc/resolv.conf");

    std::uint16_t port() const { return port_; }
    int client_socket() const { return clients_.get(); }
    // -1 until a name has been passed on.
    int upstream_socket() const { return upstream_.get(); }

    void answer_clients();
    void pass_on_answers();

  private:
    struct Pending {
        bool is_waiting = false;
        sockaddr_in client{};
        std::uint16_t id = 0;  // sent upstream
        std::string query;
    };
    void forward(std::string query, const sockaddr_in& client);
    bool reach_upstream();
    void fail_pending();
    void answer(const std::string& message, const sockaddr_in& client);

    std::string configuration_file_;
    FileDescriptor clients_;
    FileDescriptor upstream_;
    NameServerAddress upstream_address_;
    std::uint16_t port_ = 0;
    std::array<Pending, 256> pending_;  // by the id sent upstream; the oldest is given up
    std::uint16_t next_id_ = 0;
};

}  // namespace sbemu
