// A client's socket, for what no HTTP client would send.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace sbemu {

// Everything has two seconds.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval limit{2, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    RawClient& send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            REQUIRE(sent > 0);
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return *this;
    }

    void end_of_input() { ::shutdown(socket_, SHUT_WR); }

    // Until the text has been received; what came up to its end.
    std::string until(std::string_view text) {
        while (received_.find(text) == std::string::npos) {
            if (!receive()) return "MISSING " + std::string(text) + " IN " + received_;
        }
        const auto end = received_.find(text) + text.size();
        const std::string before = received_.substr(0, end);
        received_.erase(0, end);
        return before;
    }

    // All that comes until the server closes.
    std::string rest() {
        while (receive()) {
        }
        return closed_ ? received_ : "NOT CLOSED AFTER " + received_;
    }

    // Nothing is to be read, and the connection is open.
    bool quiet() {
        char byte = 0;
        return received_.empty() && ::recv(socket_, &byte, 1, MSG_DONTWAIT) < 0;
    }

  private:
    bool receive() {
        std::array<char, 65536> buffer{};
        // A machine that stands still for a moment interrupts what has a time limit (signal(7)).
        const ssize_t size = TEMP_FAILURE_RETRY(::recv(socket_, buffer.data(), buffer.size(), 0));
        closed_ = size == 0 || (size < 0 && errno == ECONNRESET);
        if (size <= 0) return false;
        received_.append(buffer.data(), static_cast<std::size_t>(size));
        return true;
    }

    int socket_;
    bool closed_ = false;
    std::string received_;
};

}  // namespace sbemu
