// The list of services, by hand: no self-registering statics.
#pragma once

#include "emulator/core/service.h"

namespace sbemu {

const Registry& all_services();

}  // namespace sbemu
