// Kinesis Data Streams: streams, shards and their records.
#pragma once

#include "emulator/core/service.h"

namespace sbemu::kinesis {

const Service& service();

}  // namespace sbemu::kinesis
