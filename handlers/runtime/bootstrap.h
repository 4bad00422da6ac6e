// The main program of a function: the process's environment, sockets and clock around a Service.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "handlers/runtime/runtime_loop.h"

namespace sbemu::lambda_runtime {

// Serves invocations until the runtime interface goes away. `choose` maps _HANDLER to a function;
// without one the init error Runtime.HandlerNotFound is posted. Returns the process's exit code.
int run_bootstrap(const std::function<std::optional<Service>(const std::string& handler)>& choose);

}  // namespace sbemu::lambda_runtime
