#include "emulator/host/http/http_client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "emulator/host/http/response_reader.h"

namespace sbemu {
namespace {

class ClientSocket {
  public:
    explicit ClientSocket(const addrinfo& address)
        : descriptor_(::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC,
                               address.ai_protocol)) {}
    ~ClientSocket() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    ClientSocket(const ClientSocket&) = delete;
    ClientSocket& operator=(const ClientSocket&) = delete;

    bool connect(const addrinfo& address) const {
        return descriptor_ >= 0 && ::connect(descriptor_, address.ai_addr, address.ai_addrlen) == 0;
    }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            // The server may have answered and closed before it read everything.
            if (sent < 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    // Empty at the end.
    std::string_view receive() {
        while (true) {
            const ssize_t size = ::recv(descriptor_, buffer_.data(), buffer_.size(), 0);
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) throw std::runtime_error(std::strerror(errno));
            return {buffer_.data(), static_cast<std::size_t>(size)};
        }
    }

  private:
    int descriptor_;
    std::array<char, 16 * 1024> buffer_;
};

struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses resolve(const Endpoint& endpoint) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int error =
        ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &list);
    if (error != 0) throw UnreachableError(::gai_strerror(error));
    return Addresses(list);
}

std::string request_bytes(const Endpoint& endpoint, const wire::HttpRequest& request) {
    std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\n";
    bytes += "Host: " + endpoint.host + ":" + std::to_string(endpoint.port) + "\r\n";
    for (const auto& [name, value] : request.headers) bytes += name + ": " + value + "\r\n";
    bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    bytes += "Connection: close\r\n\r\n";
    return bytes + request.body;
}

wire::HttpResponse transfer(ClientSocket& socket, const std::string& bytes) {
    socket.send(bytes);
    ResponseReader reader;
    while (true) {
        const std::string_view received = socket.receive();
        if (received.empty()) return reader.receive_end();
        if (auto response = reader.receive(received)) return std::move(*response);
    }
}

}  // namespace

Endpoint Endpoint::parse(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    const auto bad = [&] {
        return std::invalid_argument("'" + std::string(url) +
                                     "' is not an endpoint such as http://127.0.0.1:4566");
    };
    if (url.substr(0, kScheme.size()) != kScheme) throw bad();
    std::string_view rest = url.substr(kScheme.size());
    while (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
    Endpoint endpoint;
    const auto colon = rest.rfind(':');
    if (colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos) {
        const std::string_view port = rest.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
        if (error != std::errc{} || end != port.data() + port.size()) throw bad();
        rest = rest.substr(0, colon);
    }
    if (rest.size() > 2 && rest.front() == '[' && rest.back() == ']') {
        rest = rest.substr(1, rest.size() - 2);
    }
    if (rest.empty() || rest.find('/') != std::string_view::npos) throw bad();
    endpoint.host = rest;
    return endpoint;
}

std::string Endpoint::url() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    return "http://" + (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

wire::HttpResponse fetch(const Endpoint& endpoint, const wire::HttpRequest& request) {
    const Addresses addresses = resolve(endpoint);
    std::string reason = "no address";
    for (const addrinfo* address = addresses.get(); address; address = address->ai_next) {
        ClientSocket socket(*address);
        if (!socket.connect(*address)) {
            reason = std::strerror(errno);
            continue;
        }
        try {
            return transfer(socket, request_bytes(endpoint, request));
        } catch (const std::runtime_error& error) {
            throw UnreachableError(error.what());
        }
    }
    throw UnreachableError(reason);
}

}  // namespace sbemu
