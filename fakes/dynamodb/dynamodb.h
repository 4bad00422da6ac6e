// DynamoDB and DynamoDB Streams: tables, items and their stream records.
#pragma once

#include "emulator/core/service.h"

namespace sbemu::dynamodb {

const Service& service();
const Service& streams_service();  // the API of its own: DescribeStream, GetRecords, ...

}  // namespace sbemu::dynamodb
