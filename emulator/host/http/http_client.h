// A small blocking HTTP/1.1 client, with which the command line speaks to a running sbemu.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "emulator/wire/wire.h"

namespace sbemu {

// "http://127.0.0.1:4566", taken apart.
struct Endpoint {
    std::string host;
    std::uint16_t port = 80;

    // Throws std::invalid_argument if the text is not an http:// URL of a host and port.
    static Endpoint parse(std::string_view url);
    std::string url() const;
};

// Nobody answers there; what() says why.
struct UnreachableError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Sends the request on a connection of its own and waits for the answer as long as it takes.
// Adds Host, Content-Length and Connection. Throws UnreachableError.
wire::HttpResponse fetch(const Endpoint& endpoint, const wire::HttpRequest& request);

}  // namespace sbemu
