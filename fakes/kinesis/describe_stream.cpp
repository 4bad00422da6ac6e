// DescribeStream, DescribeStreamSummary, ListStreams, ListShards, DescribeLimits.
#include <boost/json.hpp>
#include <limits>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/kinesis/errors.h"
#include "fakes/kinesis/operations.h"
#include "fakes/kinesis/requests.h"

namespace sbemu::kinesis {
namespace json = boost::json;
namespace {

constexpr std::int64_t kListTokenLifetime = 300'000;  // milliseconds

json::object describe(const Shard& shard) {
    return {
        {"ShardId", shard.id()},
        {"HashKeyRange",
         {{"StartingHashKey", decimal_text(shard.range.first)},
          {"EndingHashKey", decimal_text(shard.range.last)}}},
        {"SequenceNumberRange", {{"StartingSequenceNumber", shard.starting_sequence_number()}}}};
}

json::object describe_common(const Context& ctx, const Stream& stream) {
    return {{"StreamName", stream.name},
            {"StreamARN", arn_of(ctx.caller, stream.name)},
            {"StreamStatus", stream.status},
            {"StreamModeDetails", {{"StreamMode", stream.mode}}},
            {"RetentionPeriodHours", stream.retention_hours},
            {"StreamCreationTimestamp", stream.created},
            {"EnhancedMonitoring", json::array{json::object{{"ShardLevelMetrics", json::array{}}}}},
            {"EncryptionType", "NONE"}};
}

// The index of ExclusiveStartShardId; -1 to start with the first shard.
std::int64_t start_after(const Context& ctx, const json::object& request, const Stream& stream) {
    const auto text = find_text(request, "ExclusiveStartShardId");
    if (!text) return -1;
    const auto index = parse_shard_id(*text);
    if (!index) throw shard_not_found(*text, stream.name, ctx.caller.account);
    return *index;
}

// "stream\nshard index\ntime of issue", in base64.
struct ListToken {
    std::string stream;
    std::int64_t after = -1;
    std::int64_t issued = 0;
};

std::string encode(const ListToken& token) {
    return base64_encode(token.stream + "\n" + std::to_string(token.after) + "\n" +
                         std::to_string(token.issued));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    const json::value value = [&] {
        boost::system::error_code error;
        json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
        return error ? json::value() : parsed;
    }();
    return value.is_int64() ? std::optional(value.get_int64()) : std::nullopt;
}

ListToken decode_list_token(const Context& ctx, const std::string& text) {
    const std::string plain = base64_decode(text).value_or("");
    const auto first = plain.find('\n');
    const auto second = plain.find('\n', first + 1);
    if (first != std::string::npos && second != std::string::npos) {
        const auto after =
            parse_integer(std::string_view(plain).substr(first + 1, second - first - 1));
        const auto issued = parse_integer(std::string_view(plain).substr(second + 1));
        if (after && issued) {
            if (to_milliseconds(ctx.now) - *issued > kListTokenLifetime) {
                throw ApiError("ExpiredNextTokenException", "NextToken is expired.");  // assumed
            }
            return {plain.substr(0, first), *after, *issued};
        }
    }
    throw invalid_argument("NextToken is invalid.");  // assumed
}

// Shards never close here, so every filter but AFTER_SHARD_ID answers all of them.
std::int64_t filtered_start(const Context& ctx, const json::object& request, const Stream& stream) {
    const json::object* filter = find_object(request, "ShardFilter");
    if (!filter || text_member(*filter, "Type") != "AFTER_SHARD_ID") {
        return start_after(ctx, request, stream);
    }
    const std::string text = text_member(*filter, "ShardId");
    const auto index = parse_shard_id(text);
    if (!index) throw shard_not_found(text, stream.name, ctx.caller.account);
    return *index;
}

}  // namespace

json::object describe_stream(Context& ctx, const json::object& request) {
    const Stream stream = existing_stream(ctx, request);
    const std::int64_t limit = number_member(request, "Limit", 100);
    const std::int64_t after = start_after(ctx, request, stream);

    json::object description = describe_common(ctx, stream);
    json::array& shards = description["Shards"].emplace_array();
    bool more = false;
    if (stream.status != "CREATING") {
        const std::vector<Shard> found = list_shards(ctx, stream, after, limit + 1);
        for (const Shard& shard : found) {
            more = shards.size() == static_cast<std::size_t>(limit);
            if (!more) shards.push_back(describe(shard));
        }
    }
    description["HasMoreShards"] = more;
    return {{"StreamDescription", std::move(description)}};
}

json::object describe_stream_summary(Context& ctx, const json::object& request) {
    const Stream stream = existing_stream(ctx, request);
    json::object summary = describe_common(ctx, stream);
    summary["OpenShardCount"] = stream.status == "CREATING" ? 0 : count_shards(ctx, stream);
    summary["ConsumerCount"] = 0;
    summary["MaxRecordSizeInKiB"] = stream.max_record_kibibytes;
    return {{"StreamDescriptionSummary", std::move(summary)}};
}

json::object list_streams(Context& ctx, const json::object& request) {
    const std::int64_t limit = number_member(request, "Limit", 100);
    std::string after = text_member(request, "ExclusiveStartStreamName");
    if (const auto token = find_text(request, "NextToken")) {
        const auto name = base64_decode(*token);
        if (!name) throw invalid_argument("NextToken is invalid.");  // assumed
        after = *name;
    }
    json::array names;
    json::array summaries;
    bool more = false;
    for (const Stream& stream : list_streams(ctx, after, limit + 1)) {
        more = names.size() == static_cast<std::size_t>(limit);
        if (more) break;
        names.emplace_back(stream.name);
        summaries.push_back(json::object{{"StreamName", stream.name},
                                         {"StreamARN", arn_of(ctx.caller, stream.name)},
                                         {"StreamStatus", stream.status},
                                         {"StreamModeDetails", {{"StreamMode", stream.mode}}},
                                         {"StreamCreationTimestamp", stream.created}});
    }
    json::object reply;
    if (more) reply["NextToken"] = base64_encode(std::string_view(names.back().as_string()));
    reply["StreamNames"] = std::move(names);
    reply["StreamSummaries"] = std::move(summaries);
    reply["HasMoreStreams"] = more;
    return reply;
}

json::object list_shards(Context& ctx, const json::object& request) {
    const auto token_text = find_text(request, "NextToken");
    const bool named = find_text(request, "StreamName") || find_text(request, "StreamARN");
    if (token_text && named) {
        throw invalid_argument("NextToken and StreamName cannot be provided together.");
    }
    if (!token_text && !named) {
        throw invalid_argument("Either NextToken or StreamName should be provided.");
    }
    const std::int64_t limit = number_member(request, "MaxResults", 1000);
    std::optional<ListToken> token;
    if (token_text) token = decode_list_token(ctx, *token_text);
    const Stream stream =
        existing_stream(ctx, token ? json::object{{"StreamName", token->stream}} : request);
    const std::int64_t after = token ? token->after : filtered_start(ctx, request, stream);

    json::object reply;
    json::array& shards = reply["Shards"].emplace_array();
    if (stream.status == "CREATING") return reply;
    for (const Shard& shard : list_shards(ctx, stream, after, limit + 1)) {
        if (shards.size() == static_cast<std::size_t>(limit)) {
            reply["NextToken"] = encode({stream.name, shard.index - 1, to_milliseconds(ctx.now)});
            break;
        }
        shards.push_back(describe(shard));
    }
    return reply;
}

json::object describe_limits(Context& ctx, const json::object&) {
    std::int64_t on_demand = 0;
    for (const Stream& stream : list_streams(ctx, "", std::numeric_limits<std::int64_t>::max())) {
        if (stream.mode == "ON_DEMAND") ++on_demand;
    }
    return {{"ShardLimit", 20000},
            {"OpenShardCount", count_shards_of_account(ctx)},
            {"OnDemandStreamCount", on_demand},
            {"OnDemandStreamCountLimit", 50}};
}

}  // namespace sbemu::kinesis
