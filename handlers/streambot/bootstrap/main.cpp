// The executable of streambot.zip.
#include "handlers/runtime/bootstrap.h"
#include "handlers/streambot/streambot.h"

int main() { return sbemu::lambda_runtime::run_bootstrap(sbemu::streambot::service_of); }
