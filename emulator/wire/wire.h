// Bytes to calls and answers to bytes: the five AWS protocols over the API models.
// Pure functions: no sockets, no clock, no state.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/core/event.h"

namespace sbemu::wire {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method;
    std::string target;  // as received: path and query, still percent-encoded
    Headers headers;     // as received, Host included (HTTP/2's :authority becomes Host)
    std::string body;    // transfer coding removed, content coding (gzip, aws-chunked) not

    // The first value of a header, whatever its case; empty if absent.
    std::string_view header(std::string_view name) const;
};

struct HttpResponse {
    int status = 200;
    // Without Content-Length, Date and Connection, which the host adds; but the answer to a HEAD
    // brings its own Content-Length (the object's) with an empty body.
    Headers headers;
    std::string body;
};

// One AWS call read from a request, with what is needed to answer it in the caller's format.
struct Call {
    Caller caller;
    std::string service;
    std::string operation;
    boost::json::object params;
    std::string params_text;  // Event::params_text
    std::string body;

    std::string protocol;      // "json", "query", "rest-json", "rest-xml": see core/model.h
    std::string content_type;  // of the request: JSON answers echo it
    std::string accept_encoding;
    std::string method;
    bool has_origin = false;    // a browser asks
    std::string session_token;  // X-Amz-Security-Token
    // The address that was called, "http://127.0.0.1:4566", when it is not a host name of AWS's:
    // URLs in the answer then lead there.
    std::string endpoint;
};

// Finds service and operation (by credential scope, X-Amz-Target, Host, path) and reads the
// parameters; or gives the answer to a request that cannot be one, with an id from `request_id`.
std::variant<Call, HttpResponse> decode(HttpRequest request, Time now,
                                        const std::function<std::string()>& request_id);

// The answer in the caller's protocol: result, error, headers, checksums.
HttpResponse encode(const Call& call, const std::variant<Outcome, ApiError>& answer,
                    std::string_view request_id);

}  // namespace sbemu::wire
