// Names of KMS keys. sbemu has no KMS: services that encrypt say with which key, and each name
// leads to one that is always the same.
#pragma once

#include <string>
#include <string_view>

#include "emulator/core/context.h"

namespace sbemu {

// The ARN of the key that an alias ("alias/aws/dynamodb"), an alias's ARN, an id or an ARN names;
// of the caller's account and region, unless an ARN names others.
std::string kms_key_arn(const Caller& caller, std::string_view key);

}  // namespace sbemu
