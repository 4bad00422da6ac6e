// ApiError ends the current operation and becomes its AWS error reply.
#pragma once

#include <boost/json/object.hpp>
#include <stdexcept>
#include <string>

namespace sbemu {

struct ApiError : std::runtime_error {
    ApiError(std::string code, const std::string& message, int status = 400)
        : std::runtime_error(message), code(std::move(code)), status(status) {}

    std::string code;            // "ResourceNotFoundException", without a namespace
    int status;                  // HTTP status
    boost::json::object fields;  // extra members of the reply, e.g. "Item"
};

// A request for something sbemu does not do; the message names it. Never a quiet success.
inline ApiError not_implemented(const std::string& what) {
    return {"NotImplemented", "sbemu does not implement " + what + " yet.", 501};
}

}  // namespace sbemu
