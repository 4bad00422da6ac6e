// Runs Lambda functions as local processes: carries out the effects of fakes/lambda/lambda.h and
// reports how invocations ended.
//
// Each environment (a function as it is configured now) has its own warm processes, one event at
// a time each. Packages are unpacked to FOLDER/code/<hash>/, which is LAMBDA_TASK_ROOT and the
// working directory. /tmp is the machine's, shared by everything that runs on it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/fwd.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/core/context.h"
#include "emulator/host/functions/function_host.h"
#include "emulator/host/process/process.h"

namespace sbemu {

struct FunctionSettings {
    // Where packages and bootstraps are unpacked; created when needed.
    std::filesystem::path folder;
    // `sbemu up --node-path`: holds node_modules, or is it. May be empty.
    std::filesystem::path node_path;
    // The emulator's own; PATH says where node and python3 are.
    Environment environment = current_environment();
    // How processes are started: by Redirect::start, so that they reach the emulator.
    std::function<Process(ProcessOptions)> start = Process::start;
    // Names the log stream of a process that is started now; "" or none: a new name. A replay gives
    // processes the names that they had.
    std::function<std::string()> log_stream = {};
    // Further invocations wait, in order, until a process is free or has ended.
    std::size_t process_limit = 100;
    // A process without an event for this long is ended.
    std::chrono::milliseconds idle_limit = std::chrono::minutes(10);
    // facts/lambda.md 4.2: a process that has not asked for its first event by then is ended and
    // started once more, for the invocation that waits for it and within that one's timeout.
    std::chrono::milliseconds init_limit = std::chrono::seconds(10);
};

// A function that makes a call.
struct FunctionCaller {
    std::string function;       // its ARN
    std::string invocation;     // the InvocationId; empty between two
    bool is_forgotten = false;  // its process was ended by forget()
};

// Belongs to the thread that runs the io_context; unpacking alone has a thread of its own.
class Functions {
  public:
    // `host` must outlive it.
    Functions(boost::asio::io_context& io, FunctionHost& host, FunctionSettings settings);
    // Ends every process and waits for that; reports nothing more.
    ~Functions();
    Functions(const Functions&) = delete;
    Functions& operator=(const Functions&) = delete;

    // For effects whose kind begins with "lambda.". What is not one of the contract is logged.
    void carry_out(const Effect& effect);

    // The host's clock has jumped, or stands still now, or goes on: processes see it.
    void follow_clock();

    // Ends every process and forgets every invocation; nothing is reported of them. What their
    // processes had asked for before is still known to be theirs (FunctionCaller::is_forgotten).
    void forget();

    // Processes that are running or being started, idle ones included.
    std::size_t process_count() const;
    // Whose process signs with this session token, and what it is working on; nothing if none does.
    std::optional<FunctionCaller> find_caller(std::string_view session_token) const;

    // Invocations that have not ended.
    std::size_t invocation_count() const;

  private:
    class Pool;
    std::unique_ptr<Pool> pool_;
};

}  // namespace sbemu
