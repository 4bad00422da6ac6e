// CloudWatch Logs: log groups, log streams and their events.
#pragma once

#include "emulator/core/service.h"

namespace sbemu::logs {

const Service& service();

}  // namespace sbemu::logs
