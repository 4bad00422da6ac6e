// The executable of example-service.zip. There is one function in it, so any handler name means it.
#include "handlers/example/example.h"
#include "handlers/runtime/bootstrap.h"
#include "handlers/streambot/streambot.h"

int main() {
    return sbemu::lambda_runtime::run_bootstrap([](const std::string&) {
        return sbemu::streambot::with_configuration(sbemu::example::store_records);
    });
}
