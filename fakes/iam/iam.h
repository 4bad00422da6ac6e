// IAM: roles with their inline policies, attached AWS managed policies and tags. Policies are
// checked for their grammar and kept; nothing is authorised by them yet.
#pragma once

#include "emulator/core/service.h"

namespace sbemu::iam {

const Service& service();

}  // namespace sbemu::iam
