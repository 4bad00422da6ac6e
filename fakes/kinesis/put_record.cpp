// PutRecord and PutRecords.
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/kinesis/errors.h"
#include "fakes/kinesis/operations.h"
#include "fakes/kinesis/requests.h"
#include "fakes/kinesis/sequence_number.h"

namespace sbemu::kinesis {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMaxRequestBytes = 10 * 1024 * 1024;

struct Entry {
    std::string partition_key;
    std::string data;  // base64
    HashKey hash = 0;
    std::int64_t size = 0;  // bytes of the data
};

Entry parse_entry(const json::object& request) {
    Entry entry;
    entry.partition_key = text_member(request, "PartitionKey");
    entry.data = text_member(request, "Data");
    const auto padding = entry.data.size() - std::min(entry.data.size(), entry.data.find('='));
    entry.size = static_cast<std::int64_t>(entry.data.size() / 4 * 3 - padding);
    const auto text = find_text(request, "ExplicitHashKey");
    if (!text) {
        entry.hash = hash_of(entry.partition_key);
        return entry;
    }
    const auto hash = parse_hash_key(*text);
    if (!hash) {
        throw invalid_argument(
            "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "
            "Specified value was " +
            *text);
    }
    entry.hash = *hash;
    return entry;
}

void check_size(const Stream& stream, const Entry& entry, const std::string& member) {
    const std::int64_t limit = stream.max_record_kibibytes * 1024;
    if (entry.size <= limit) return;
    const std::string size = std::to_string(entry.size);
    throw ApiError("ValidationException",
                   "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=" + size +
                       " cap=" + size + "]' at '" + member +
                       "' failed to satisfy constraint: Member must have length less than or equal"
                       " to " +
                       std::to_string(limit));
}

json::object put(Context& ctx, const Stream& stream, const Entry& entry) {
    const Shard shard = shard_of(ctx, stream, entry.hash);
    const std::int64_t position =
        append_record(ctx, stream, shard, entry.partition_key, entry.data);
    const SequenceNumber number{shard.created, shard.index, position,
                                to_milliseconds(ctx.now) / 1000};
    return {{"ShardId", shard.id()}, {"SequenceNumber", number.text()}};
}

void check_ordering(const Context& ctx, const json::object& request, const Stream& stream) {
    const auto text = find_text(request, "SequenceNumberForOrdering");
    if (!text) return;
    const auto number = parse_sequence_number(*text);
    const bool from_here = number && number->shard_created >= stream.created / 1000 - 2 &&
                           number->arrived <= to_milliseconds(ctx.now) / 1000;
    if (from_here) return;
    throw invalid_argument("ExclusiveMinimumSequenceNumber " + *text +
                           " used in PutRecord on stream " + stream.name + " under account " +
                           ctx.caller.account + " is invalid.");
}

}  // namespace

json::object put_record(Context& ctx, const json::object& request) {
    const Entry entry = parse_entry(request);
    const Stream stream = usable_stream(ctx, request);
    check_ordering(ctx, request, stream);
    check_size(stream, entry, "data");

    json::object reply = put(ctx, stream, entry);
    ctx.announce("stream.records", arn_of(ctx.caller, stream.name));
    return reply;
}

json::object put_records(Context& ctx, const json::object& request) {
    std::vector<Entry> entries;
    std::int64_t bytes = 0;
    if (const json::array* records = find_array(request, "Records")) {
        for (const json::value& record : *records) {
            entries.push_back(parse_entry(record.as_object()));
            bytes += entries.back().size +
                     static_cast<std::int64_t>(entries.back().partition_key.size());
        }
    }
    const Stream stream = usable_stream(ctx, request);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        check_size(stream, entries[i], "records." + std::to_string(i + 1) + ".member.data");
    }
    // Limit: facts/dynamodb-kinesis.md 3.3; the text is assumed.
    if (bytes > kMaxRequestBytes) {
        throw invalid_argument("Records size exceeds 10 MB limit");
    }

    json::array results;
    for (const Entry& entry : entries) results.push_back(put(ctx, stream, entry));
    ctx.announce("stream.records", arn_of(ctx.caller, stream.name));
    return {{"FailedRecordCount", 0}, {"Records", std::move(results)}};
}

}  // namespace sbemu::kinesis
