// How commands find a running sbemu and ask it something.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "emulator/cli/command_line.h"
#include "emulator/host/http/http_client.h"

namespace sbemu {

void add_endpoint_option(const Command& command, std::string& endpoint);

// The option's value, else AWS_ENDPOINT_URL, else http://127.0.0.1:4566. Throws CommandError.
Endpoint chosen_endpoint(const std::string& option);

// Sends a request and returns the answer, whatever its status. Throws CommandError (kUnreachable)
// saying how to start an sbemu.
wire::HttpResponse ask(const Endpoint& endpoint, const wire::HttpRequest& request);

// Calls sbemu's own interface (host/control_api.h): an empty `body` sends none. Throws
// CommandError with sbemu's words if it answers an error.
boost::json::object ask_control(const Endpoint& endpoint, std::string method, std::string path,
                                const boost::json::object& body = {});

}  // namespace sbemu
