#pragma once

#include "emulator/core/service.h"

namespace sbemu::iam {

const Service& service();

}  // namespace sbemu::iam
