// What the effects of Lambda tell about a function and an invocation (fakes/lambda/lambda.h).
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "emulator/core/context.h"

namespace sbemu {

// A function as it is run: it never changes, another one with another environment comes instead.
struct Function {
    std::string environment;
    std::string arn;
    std::string name;
    std::string version;
    std::string runtime;
    std::string handler;
    std::string code_hash;
    std::int64_t memory_size = 128;  // megabytes
    std::int64_t timeout = 3;        // seconds
    std::map<std::string, std::string> variables;
    std::string log_group;
    Caller owner;  // account and region

    bool runs_node() const { return runtime.starts_with("nodejs"); }
    bool runs_python() const { return runtime.starts_with("python"); }
    bool is_provided() const { return runtime.starts_with("provided"); }

    // Throws std::invalid_argument naming the member that is missing or of another type.
    static Function parse(const boost::json::object& function);
};

struct Invocation {
    std::string id;
    std::string request_id;
    std::string invoked_arn;
    std::string payload;
    std::string client_context;  // JSON; empty when there is none

    // Throws as Function::parse.
    static Invocation parse(const boost::json::object& effect);
};

}  // namespace sbemu
