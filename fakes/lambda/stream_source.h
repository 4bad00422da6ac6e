// Kinesis and DynamoDB streams as a poller reads them: as a client, through their operations.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu::lambda {

enum class SourceType { kinesis, dynamodb };

struct StreamSource {
    SourceType type;
    std::string arn;
    Caller owner;      // account and region of the ARN
    std::string name;  // of a Kinesis stream
};

// Nothing if the ARN is not one of a Kinesis stream or a DynamoDB stream.
std::optional<StreamSource> parse_stream_source(std::string_view arn);

struct StreamShard {
    std::string id;
    std::string parent;
    std::string adjacent_parent;
};

// In the order of the service. The error is the service's own.
std::variant<std::vector<StreamShard>, ApiError> list_stream_shards(Context& ctx,
                                                                    const StreamSource& source);

struct StreamRecord {
    std::string sequence_number;
    std::int64_t arrived_at = 0;  // milliseconds
    boost::json::object record;   // as GetRecords answers it
};

struct StreamPage {
    std::vector<StreamRecord> records;
    bool is_drained = false;  // the shard is closed and this was its end
};

// Up to `limit` records from a position of rows.h (Shard::position_type, position) on.
std::variant<StreamPage, ApiError> read_stream(Context& ctx, const StreamSource& source,
                                               std::string_view shard,
                                               std::string_view position_type,
                                               std::string_view position, std::int64_t limit);

}  // namespace sbemu::lambda
