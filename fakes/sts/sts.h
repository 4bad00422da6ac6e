#pragma once

#include "emulator/core/service.h"

namespace sbemu::sts {

const Service& service();

}  // namespace sbemu::sts
