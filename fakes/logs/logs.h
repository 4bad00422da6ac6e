#pragma once

#include "emulator/core/service.h"

namespace sbemu::logs {

const Service& service();

}  // namespace sbemu::logs
