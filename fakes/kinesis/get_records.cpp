// GetShardIterator and GetRecords.
#include <boost/json.hpp>

#include "emulator/core/members.h"
#include "fakes/kinesis/errors.h"
#include "fakes/kinesis/operations.h"
#include "fakes/kinesis/requests.h"
#include "fakes/kinesis/sequence_number.h"
#include "fakes/kinesis/shard_iterator.h"

namespace sbemu::kinesis {
namespace json = boost::json;
namespace {

constexpr std::int64_t kIteratorLifetime = 300'000;  // milliseconds

// Thu Jan 22 01:22:02 UTC 2015, from "Thu, 22 Jan 2015 01:22:02 GMT".
std::string java_time(Time time) {
    const std::string http = http_time(time);
    return http.substr(0, 3) + " " + http.substr(8, 3) + " " + http.substr(5, 2) + " " +
           http.substr(17, 8) + " UTC " + http.substr(12, 4);
}

bool takes_sequence_number(std::string_view type) {
    return type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER";
}

void check_members_fit(const std::string& type, bool has_sequence_number) {
    if (takes_sequence_number(type) == has_sequence_number) return;
    throw invalid_argument(
        "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
        "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. "
        "Request specified " +
        type + (has_sequence_number ? " and also a" : " and no") + " StartingSequenceNumber.");
}

std::int64_t position_of_number(const Context& ctx, const Stream& stream, const Shard& shard,
                                const std::string& text, bool after) {
    const std::string where = "StartingSequenceNumber " + text +
                              " used in GetShardIterator on shard " + shard.id() + " in stream " +
                              stream.name + " under account " + ctx.caller.account + " is invalid";
    const auto number = parse_sequence_number(text);
    if (!number) throw invalid_argument(where + ".");
    if (number->shard != shard.index) {
        const Shard other{number->shard, {}, 0};
        throw invalid_argument("Invalid StartingSequenceNumber. It encodes " + other.id() +
                               ", while it was used in a call to a shard with " + shard.id());
    }
    if (number->shard_created != shard.created) {
        throw invalid_argument(where + " because it did not come from this stream.");
    }
    return number->position + (after ? 1 : 0);
}

std::int64_t position_of_timestamp(Context& ctx, const json::object& request, const Stream& stream,
                                   const Shard& shard) {
    const auto timestamp = find_number(request, "Timestamp");
    if (!timestamp) {
        throw invalid_argument(
            "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current "
            "request has no timestamp parameter.");
    }
    const std::int64_t now = to_milliseconds(ctx.now);
    if (*timestamp > now) {
        throw invalid_argument(
            "The timestampInMillis parameter cannot be greater than the "
            "currentTimestampInMillis. timestampInMillis: " +
            std::to_string(*timestamp) + ", currentTimestampInMillis: " + std::to_string(now));
    }
    const auto position = position_at(ctx, stream, shard.index, *timestamp);
    return position ? *position : next_position(ctx, stream, shard.index);
}

std::int64_t starting_position(Context& ctx, const json::object& request, const Stream& stream,
                               const Shard& shard) {
    const std::string type = text_member(request, "ShardIteratorType");
    const auto number = find_text(request, "StartingSequenceNumber");
    check_members_fit(type, number.has_value());
    if (number) {
        return position_of_number(ctx, stream, shard, *number, type == "AFTER_SEQUENCE_NUMBER");
    }
    if (type == "AT_TIMESTAMP") return position_of_timestamp(ctx, request, stream, shard);
    if (type == "LATEST") return next_position(ctx, stream, shard.index);
    return 0;
}

ShardIterator valid_iterator(const Context& ctx, const json::object& request) {
    auto iterator = parse_shard_iterator(text_member(request, "ShardIterator"));
    if (!iterator) throw invalid_argument("Invalid ShardIterator.");
    if (to_milliseconds(ctx.now) - iterator->issued > kIteratorLifetime) {
        throw ApiError("ExpiredIteratorException",
                       "Iterator expired. The iterator was created at time " +
                           java_time(from_milliseconds(iterator->issued)) +
                           " while right now it is " + java_time(ctx.now) +
                           " which is further in the future than the tolerated delay of 300000"
                           " milliseconds.");
    }
    return *std::move(iterator);
}

json::object describe(const Shard& shard, const Record& record) {
    const SequenceNumber number{shard.created, shard.index, record.position, record.arrived / 1000};
    return {{"SequenceNumber", number.text()},
            {"ApproximateArrivalTimestamp", record.arrived},
            {"Data", record.data},
            {"PartitionKey", record.partition_key}};
}

}  // namespace

json::object get_shard_iterator(Context& ctx, const json::object& request) {
    const Stream stream = usable_stream(ctx, request);
    const std::string shard_id = text_member(request, "ShardId");
    const auto index = parse_shard_id(shard_id);
    if (!index) throw shard_not_found(shard_id, stream.name, ctx.caller.account);
    const auto shard = find_shard(ctx, stream, *index);
    if (!shard) {
        throw shard_does_not_exist(Shard{*index, {}, 0}.id(), stream.name, ctx.caller.account);
    }
    const std::int64_t position = starting_position(ctx, request, stream, *shard);
    const ShardIterator iterator{stream.name, stream.id, shard->index, position,
                                 to_milliseconds(ctx.now)};
    return {{"ShardIterator", iterator.text()}};
}

json::object get_records(Context& ctx, const json::object& request) {
    ShardIterator iterator = valid_iterator(ctx, request);
    const std::int64_t limit = number_member(request, "Limit", 10000);
    const auto stream = find_stream(ctx, iterator.stream_name);
    const bool same_stream = stream && stream->id == iterator.stream;
    const auto shard = same_stream ? find_shard(ctx, *stream, iterator.shard) : std::nullopt;
    if (!shard) {
        throw shard_does_not_exist(Shard{iterator.shard, {}, 0}.id(), iterator.stream_name,
                                   ctx.caller.account);
    }

    json::array records;
    std::int64_t behind = 0;
    for (const Record& record :
         read_records(ctx, *stream, shard->index, iterator.position, limit)) {
        records.push_back(describe(*shard, record));
        iterator.position = record.position + 1;
        behind = to_milliseconds(ctx.now) - record.arrived;
    }
    // At the tip of the shard nothing is behind, however old the last record is.
    if (behind != 0 && read_records(ctx, *stream, shard->index, iterator.position, 1).empty()) {
        behind = 0;
    }
    iterator.issued = to_milliseconds(ctx.now);
    return {{"Records", std::move(records)},
            {"NextShardIterator", iterator.text()},
            {"MillisBehindLatest", behind}};
}

}  // namespace sbemu::kinesis
