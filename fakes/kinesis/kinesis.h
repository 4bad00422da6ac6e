#pragma once

#include "emulator/core/service.h"

namespace sbemu::kinesis {

const Service& service();

}  // namespace sbemu::kinesis
