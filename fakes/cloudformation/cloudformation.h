// CloudFormation: stacks, their resources and events, and the custom-resource protocol.
#pragma once

#include "emulator/core/service.h"

namespace sbemu::cloudformation {

const Service& service();

}  // namespace sbemu::cloudformation
