#pragma once

#include "emulator/core/service.h"

namespace sbemu::s3 {

const Service& service();

}  // namespace sbemu::s3
