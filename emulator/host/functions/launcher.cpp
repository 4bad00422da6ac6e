#include "emulator/host/functions/launcher.h"

#include "emulator/host/functions/bootstraps.h"
#include "emulator/host/functions/entry_point.h"
#include "emulator/host/functions/function_clock.h"
#include "emulator/host/functions/function_environment.h"

namespace sbemu {

Launcher::Launcher(boost::asio::io_context& io, FunctionHost& host,
                   const FunctionSettings& settings)
    : settings_(settings),
      interpreters_(settings.environment),
      code_(io, settings.folder / "code",
            [&host](const std::string& hash) { return host.blob(hash); }) {}

void Launcher::launch(Request request) {
    auto shared = std::make_shared<Request>(std::move(request));
    code_.get(shared->function->code_hash, [this, shared](const CodeFolders::Result& code) {
        if (!shared->still_wanted()) return;
        if (!code.error.empty()) return shared->failed({code.error});
        find_interpreter(shared, code.folder);
    });
}

void Launcher::find_interpreter(std::shared_ptr<Request> request, std::filesystem::path task_root) {
    const Function& function = *request->function;
    if (function.is_provided()) return start(*request, task_root, {});
    if (!function.runs_node() && !function.runs_python()) {
        return request->failed({"sbemu does not run the runtime " + function.runtime});
    }
    const auto known = known_interpreters_.find(function.runtime);
    if (known != known_interpreters_.end()) return start(*request, task_root, known->second);
    auto found = std::make_shared<Interpreter>();
    code_.run_aside(
        [this, found, runtime = function.runtime] { *found = interpreters_.find(runtime); },
        [this, found, request, task_root = std::move(task_root)] {
            if (!request->still_wanted()) return;
            if (!found->error.empty()) return request->failed({found->error});
            known_interpreters_[request->function->runtime] = found->path;
            start(*request, task_root, found->path);
        });
}

std::filesystem::path Launcher::bootstrap_for(const Function& function) {
    const auto folder = std::filesystem::absolute(settings_.folder / "runtimes");
    if (function.runs_node()) return write_node_bootstrap(folder);
    if (function.runs_python()) return write_python_bootstrap(folder);
    return {};
}

void Launcher::start(const Request& request, const std::filesystem::path& task_root,
                     const std::string& interpreter) {
    const Function& function = *request.function;
    std::vector<std::string> arguments;
    try {
        arguments = entry_point(function, task_root, interpreter, bootstrap_for(function));
        request.process->start(
            arguments, task_root.string(),
            [&](std::uint16_t port) {
                return function_environment(
                    function,
                    {task_root, port, request.log_stream, settings_.node_path, request.clock},
                    settings_.environment);
            },
            settings_.start);
    } catch (const ProcessStartError& error) {
        // It may have been replaced by another version since it was found.
        known_interpreters_.erase(function.runtime);
        const std::string& program = arguments.front();
        if (has_wrapper(function)) return request.failed({error.what(), 127});
        if (function.is_provided()) return request.failed({describe_start_error(program, error)});
        return request.failed({error.what()});
    } catch (const std::exception& error) {
        return request.failed({error.what()});
    }
    request.launched(function.is_provided() && is_static_program(arguments.front()));
}

}  // namespace sbemu
