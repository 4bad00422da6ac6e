// The API of DynamoDB Streams: ListStreams, DescribeStream, GetShardIterator, GetRecords.
#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "emulator/core/arn.h"
#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/stream_records.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb::streams {
namespace json = boost::json;
namespace {

constexpr std::int64_t kIteratorLifetime = 15L * 60'000;  // milliseconds
constexpr std::int64_t kOpenEnd = std::numeric_limits<std::int64_t>::max();

void check_stream_arn(const std::string& text) {
    const auto arn = parse_arn(text);
    if (arn && arn->service == "dynamodb" && arn->resource.find("/stream/") != std::string::npos) {
        return;
    }
    throw validation_error("Invalid StreamArn");  // assumed text
}

Stream existing_stream(Context& ctx, const std::string& text) {
    check_stream_arn(text);
    auto stream = find_stream(ctx, text);
    if (!stream) {
        throw ApiError("ResourceNotFoundException",
                       "Requested resource not found: Stream: " + text + " not found");
    }
    return *std::move(stream);
}

struct Iterator {
    std::string stream_arn;
    std::string shard;
    std::int64_t sequence = 0;  // of the next record
    std::int64_t issued = 0;    // milliseconds
};

// "<stream ARN>|1|<base64>" (facts/dynamodb-kinesis.md 2).
std::string encode(const Iterator& iterator) {
    const json::array place{iterator.shard, iterator.sequence, iterator.issued};
    return iterator.stream_arn + "|1|" + base64_encode(json::serialize(place));
}

std::optional<Iterator> decode(const std::string& text) {
    const auto bar = text.find("|1|");
    if (bar == std::string::npos) return std::nullopt;
    const auto plain = base64_decode(std::string_view(text).substr(bar + 3));
    if (!plain) return std::nullopt;
    boost::system::error_code error;
    const json::value value = json::parse(*plain, error);
    const json::array* place = error ? nullptr : value.if_array();
    if (!place || place->size() != 3 || !place->at(0).is_string() || !place->at(1).is_int64() ||
        !place->at(2).is_int64()) {
        return std::nullopt;
    }
    return Iterator{text.substr(0, bar), std::string(std::string_view(place->at(0).as_string())),
                    place->at(1).as_int64(), place->at(2).as_int64()};
}

StreamShard existing_shard(Context& ctx, const Stream& stream, const std::string& id) {
    auto shard = find_shard(ctx, stream, id);
    if (!shard) {  // assumed text
        throw ApiError("ResourceNotFoundException",
                       "Requested resource not found: Shard does not exist");
    }
    return *std::move(shard);
}

json::object describe(const StreamShard& shard) {
    json::object range{{"StartingSequenceNumber", sequence_number_text(shard.first)}};
    if (shard.last) range["EndingSequenceNumber"] = sequence_number_text(*shard.last);
    json::object described{{"ShardId", shard.id}, {"SequenceNumberRange", std::move(range)}};
    if (shard.parent) described["ParentShardId"] = *shard.parent;
    return described;
}

ApiError trimmed() {  // assumed text
    return {"TrimmedDataAccessException",
            "The operation attempted to read past the oldest stream record in a shard"};
}

// A record of this number was there, and is older than 24 hours.
bool is_trimmed(Context& ctx, const Stream& stream, const StreamShard& shard,
                std::int64_t sequence) {
    if (sequence >= stream.next_sequence || sequence >= shard.last.value_or(kOpenEnd)) return false;
    return find_oldest_record(ctx, stream, sequence, sequence) == std::nullopt;
}

std::int64_t given_sequence(Context& ctx, const json::object& request, const Stream& stream,
                            const StreamShard& shard, const std::string& type) {
    const auto text = find_text(request, "SequenceNumber");
    const auto sequence = text ? parse_sequence_number(*text) : std::nullopt;
    if (!sequence || *sequence < shard.first || *sequence > shard.last.value_or(kOpenEnd)) {
        // assumed text
        throw validation_error("Invalid SequenceNumber for ShardIteratorType " + type);
    }
    if (is_trimmed(ctx, stream, shard, *sequence)) throw trimmed();
    return type == "AFTER_SEQUENCE_NUMBER" ? *sequence + 1 : *sequence;
}

// Where reading begins.
std::int64_t first_sequence(Context& ctx, const json::object& request, const Stream& stream,
                            const StreamShard& shard) {
    const std::int64_t end = std::min(stream.next_sequence, shard.last.value_or(kOpenEnd));
    const std::string type = text_member(request, "ShardIteratorType");
    const bool names_sequence = type != "LATEST" && type != "TRIM_HORIZON";
    if (!names_sequence && find_member(request, "SequenceNumber")) {
        // Alternator's test_get_shard_iterator; text assumed, as of the other types.
        throw validation_error("Invalid SequenceNumber for ShardIteratorType " + type);
    }
    if (type == "LATEST") return end;
    if (type == "TRIM_HORIZON") {
        return find_oldest_record(ctx, stream, shard.first, end).value_or(end);
    }
    return given_sequence(ctx, request, stream, shard, type);
}

// Throws unless the request's ShardFilter says CHILD_SHARDS of which shard (texts assumed).
std::string parent_of_filter(const json::object& filter) {
    const auto parent = find_text(filter, "ShardId");
    if (find_text(filter, "Type") != "CHILD_SHARDS") {
        throw validation_error("ShardFilter must have the Type CHILD_SHARDS");
    }
    if (!parent) throw validation_error("ShardFilter of Type CHILD_SHARDS must have a ShardId");
    return *parent;
}

std::vector<StreamShard> described_shards(Context& ctx, const json::object& request,
                                          const Stream& stream, std::int64_t limit) {
    const std::string after = text_member(request, "ExclusiveStartShardId");
    if (!after.empty() && !find_shard(ctx, stream, after)) return {};
    if (const json::object* filter = find_object(request, "ShardFilter")) {
        return list_child_shards(ctx, stream, parent_of_filter(*filter), after, limit);
    }
    return list_shards(ctx, stream, after, limit);
}

}  // namespace

json::object list_streams(Context& ctx, const json::object& request) {
    const std::int64_t limit = number_member(request, "Limit", 100);
    const std::string after = text_member(request, "ExclusiveStartStreamArn");
    if (!after.empty()) check_stream_arn(after);
    json::array streams;
    for (const Stream& stream :
         dynamodb::list_streams(ctx, text_member(request, "TableName"), after, limit)) {
        streams.push_back(json::object{{"StreamArn", stream.arn},
                                       {"TableName", stream.table_name},
                                       {"StreamLabel", stream.label}});
    }
    json::object reply;
    if (streams.size() == static_cast<std::size_t>(limit)) {
        reply["LastEvaluatedStreamArn"] = streams.back().at("StreamArn");
    }
    reply["Streams"] = std::move(streams);
    return reply;
}

json::object describe_stream(Context& ctx, const json::object& request) {
    const Stream stream = existing_stream(ctx, text_member(request, "StreamArn"));
    const std::int64_t limit = number_member(request, "Limit", 100);
    json::object description{{"StreamArn", stream.arn},
                             {"StreamLabel", stream.label},
                             {"StreamStatus", stream.status},
                             {"StreamViewType", stream.view_type},
                             {"CreationRequestDateTime", stream.created},
                             {"TableName", stream.table_name},
                             {"KeySchema", json::parse(stream.key_schema)}};
    json::array& shards = description["Shards"].emplace_array();
    for (const StreamShard& shard : described_shards(ctx, request, stream, limit + 1)) {
        if (shards.size() == static_cast<std::size_t>(limit)) {
            description["LastEvaluatedShardId"] = shards.back().at("ShardId");
            break;
        }
        shards.push_back(describe(shard));
    }
    return {{"StreamDescription", std::move(description)}};
}

json::object get_shard_iterator(Context& ctx, const json::object& request) {
    const Stream stream = existing_stream(ctx, text_member(request, "StreamArn"));
    const StreamShard shard = existing_shard(ctx, stream, text_member(request, "ShardId"));
    const std::int64_t sequence = first_sequence(ctx, request, stream, shard);
    return {{"ShardIterator", encode({stream.arn, shard.id, sequence, to_milliseconds(ctx.now)})}};
}

json::object get_records(Context& ctx, const json::object& request) {
    auto iterator = decode(text_member(request, "ShardIterator"));
    if (!iterator) throw validation_error("Invalid ShardIterator");  // assumed text
    if (to_milliseconds(ctx.now) - iterator->issued > kIteratorLifetime) {
        // assumed text
        throw ApiError("ExpiredIteratorException",
                       "The shard iterator has expired and can no longer be used to retrieve "
                       "stream records.");
    }
    const Stream stream = existing_stream(ctx, iterator->stream_arn);
    const StreamShard shard = existing_shard(ctx, stream, iterator->shard);
    if (is_trimmed(ctx, stream, shard, iterator->sequence)) throw trimmed();

    json::array records;
    for (const StreamRecord& record :
         read_records(ctx, stream, iterator->sequence, shard.last.value_or(kOpenEnd),
                      number_member(request, "Limit", 1000))) {
        records.push_back(parse_stored(record.json));
        iterator->sequence = record.sequence + 1;
    }
    json::object reply{{"Records", std::move(records)}};
    if (!shard.last || iterator->sequence < *shard.last) {
        iterator->issued = to_milliseconds(ctx.now);
        reply["NextShardIterator"] = encode(*iterator);
    }
    return reply;
}

}  // namespace sbemu::dynamodb::streams
