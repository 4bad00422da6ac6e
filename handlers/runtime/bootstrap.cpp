#include "handlers/runtime/bootstrap.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "handlers/runtime/aws_client.h"
#include "handlers/runtime/http_client.h"

namespace sbemu::lambda_runtime {
namespace {

std::optional<std::string> process_variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

// One write per line, so that lines of the function and of Lambda never mix.
void write_log_line(std::string_view line) {
    std::string text(line);
    text += '\n';
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t written = write(STDOUT_FILENO, rest.data(), rest.size());
        if (written <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

Context sandbox_context() {
    Context context;
    context.function_name = process_variable("AWS_LAMBDA_FUNCTION_NAME").value_or("");
    context.function_version = process_variable("AWS_LAMBDA_FUNCTION_VERSION").value_or("");
    context.memory_limit_mb =
        std::atoi(process_variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").value_or("0").c_str());
    context.log_group_name = process_variable("AWS_LAMBDA_LOG_GROUP_NAME").value_or("");
    context.log_stream_name = process_variable("AWS_LAMBDA_LOG_STREAM_NAME").value_or("");
    context.log = write_log_line;
    context.variable = process_variable;
    context.set_variable = [](const std::string& name, const std::string& value) {
        return setenv(name.c_str(), value.c_str(), 1) == 0;
    };
    return context;
}

}  // namespace

int run_bootstrap(const std::function<std::optional<Service>(const std::string& handler)>& choose) {
    const auto address = process_variable("AWS_LAMBDA_RUNTIME_API");
    if (!address) {
        write_log_line("AWS_LAMBDA_RUNTIME_API is not set: this program is started by AWS Lambda");
        return 1;
    }
    try {
        const Timing timing = real_timing();
        HttpClient transport;
        RuntimeLoop loop(transport, timing, *address, sandbox_context());
        const std::string handler = process_variable("_HANDLER").value_or("");
        const std::optional<Service> service = choose(handler);
        if (!service) {
            const std::string message = handler + " is undefined or not exported";
            write_log_line("Runtime.HandlerNotFound: " + message);
            loop.post_init_error("Runtime.HandlerNotFound", message);
            return 1;
        }
        // Here, in the init phase, nobody waits for it: the first invocation would.
        transport.prepare();
        AwsClient aws(transport, timing, process_variable, write_log_line);
        for (;;) {
            loop.serve_one([&](const boost::json::value& event, Context& context) {
                aws.begin_invocation(context.deadline_ms);
                return (*service)(event, context, aws);
            });
        }
    } catch (const std::exception& error) {
        write_log_line(std::string("the runtime interface at ") + *address +
                       " is gone: " + error.what());
        return 1;
    }
}

}  // namespace sbemu::lambda_runtime
