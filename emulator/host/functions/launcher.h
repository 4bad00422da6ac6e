// From a function to its running process: package, interpreter, port, process.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "emulator/host/functions/code_folders.h"
#include "emulator/host/functions/function.h"
#include "emulator/host/functions/function_process.h"
#include "emulator/host/functions/functions.h"
#include "emulator/host/functions/interpreters.h"

namespace sbemu {

// Why there is no process.
struct LaunchFailure {
    std::string message;
    // A wrapper that cannot be run ends as a process of AWS's shell would (facts/lambda.md 4.5).
    std::optional<int> exit_status = {};
};

class Launcher {
  public:
    Launcher(boost::asio::io_context& io, FunctionHost& host, const FunctionSettings& settings);

    using Failed = std::function<void(const LaunchFailure&)>;

    // Makes everything ready and starts `process`, then calls `launched`; or `failed`. Either may
    // be called before this returns. `still_wanted` is asked before the process is started: when
    // it says no nothing more happens.
    struct Request {
        std::shared_ptr<const Function> function;
        std::shared_ptr<FunctionProcess> process;
        std::string log_stream;
        std::filesystem::path clock;  // function_clock.h
        std::function<bool()> still_wanted;
        std::function<void(bool is_static)> launched;  // is_static_program
        Failed failed;
    };
    void launch(Request request);

    // No environment has this package any more.
    void drop_code(const std::string& hash) { code_.drop(hash); }

  private:
    void find_interpreter(std::shared_ptr<Request> request, std::filesystem::path task_root);
    void start(const Request& request, const std::filesystem::path& task_root,
               const std::string& interpreter);
    std::filesystem::path bootstrap_for(const Function& function);

    const FunctionSettings& settings_;
    Interpreters interpreters_;
    std::map<std::string, std::string> known_interpreters_;  // by runtime
    CodeFolders code_;
};

}  // namespace sbemu
