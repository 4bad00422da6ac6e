// The errors of Kinesis, each spelled once. Texts: facts/dynamodb-kinesis.md 3.
#pragma once

#include <string>

#include "emulator/core/error.h"

namespace sbemu::kinesis {

inline ApiError invalid_argument(const std::string& message) {
    return {"InvalidArgumentException", message};
}

inline ApiError stream_not_found(const std::string& stream, const std::string& account) {
    return {"ResourceNotFoundException",
            "Stream " + stream + " under account " + account + " not found."};
}

// `shard` is a well-formed id that the stream does not have.
inline ApiError shard_does_not_exist(const std::string& shard, const std::string& stream,
                                     const std::string& account) {
    return {"ResourceNotFoundException", "Shard " + shard + " in stream " + stream +
                                             " under account " + account + " does not exist"};
}

// `shard` cannot be read as a shard id.
inline ApiError shard_not_found(const std::string& shard, const std::string& stream,
                                const std::string& account) {
    return {"ResourceNotFoundException", "Could not find shard " + shard + " in stream " + stream +
                                             " under account " + account + "."};
}

}  // namespace sbemu::kinesis
