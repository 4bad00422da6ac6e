#include "fakes/lambda/stream_source.h"

#include <boost/json.hpp>

#include "emulator/core/arn.h"
#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

constexpr std::string_view kKinesisPrefix = "stream/";
constexpr std::string_view kTablePrefix = "table/";

std::string_view service_of(const StreamSource& source) {
    return source.type == SourceType::kinesis ? "kinesis" : "dynamodbstreams";
}

std::variant<json::object, ApiError> call_source(Context& ctx, const StreamSource& source,
                                                 std::string_view operation,
                                                 const json::object& request) {
    Context owner = ctx.as(source.owner);
    auto answer = owner.try_call(service_of(source), operation, request);
    if (const auto* error = std::get_if<ApiError>(&answer)) return *error;
    return std::move(std::get<Outcome>(answer).result);
}

void add_shards(const json::array* shards, std::vector<StreamShard>& found) {
    if (!shards) return;
    for (const json::value& value : *shards) {
        const json::object& shard = value.as_object();
        found.push_back({required_text(shard, "ShardId"),
                         find_text(shard, "ParentShardId").value_or(""),
                         find_text(shard, "AdjacentParentShardId").value_or("")});
    }
}

std::variant<std::vector<StreamShard>, ApiError> list_kinesis_shards(Context& ctx,
                                                                     const StreamSource& source) {
    std::vector<StreamShard> shards;
    json::object request{{"StreamName", source.name}};
    while (true) {
        const auto answer = call_source(ctx, source, "ListShards", request);
        if (const auto* error = std::get_if<ApiError>(&answer)) return *error;
        const auto& page = std::get<json::object>(answer);
        add_shards(find_array(page, "Shards"), shards);
        const auto token = find_text(page, "NextToken");
        if (!token) return shards;
        request = {{"NextToken", *token}};
    }
}

std::variant<std::vector<StreamShard>, ApiError> list_table_shards(Context& ctx,
                                                                   const StreamSource& source) {
    std::vector<StreamShard> shards;
    json::object request{{"StreamArn", source.arn}};
    while (true) {
        const auto answer = call_source(ctx, source, "DescribeStream", request);
        if (const auto* error = std::get_if<ApiError>(&answer)) return *error;
        const json::object* page = find_object(std::get<json::object>(answer), "StreamDescription");
        if (!page) return shards;
        add_shards(find_array(*page, "Shards"), shards);
        const auto last = find_text(*page, "LastEvaluatedShardId");
        if (!last) return shards;
        request["ExclusiveStartShardId"] = *last;
    }
}

json::object iterator_request(const StreamSource& source, std::string_view shard,
                              std::string_view position_type, std::string_view position) {
    json::object request{{"ShardId", shard}, {"ShardIteratorType", position_type}};
    const bool is_kinesis = source.type == SourceType::kinesis;
    if (is_kinesis) {
        request["StreamName"] = source.name;
    } else {
        request["StreamArn"] = source.arn;
    }
    if (position_type == "AFTER_SEQUENCE_NUMBER") {
        request[is_kinesis ? "StartingSequenceNumber" : "SequenceNumber"] = position;
    } else if (position_type == "AT_TIMESTAMP") {
        request["Timestamp"] = std::stoll(std::string(position));
    }
    return request;
}

StreamRecord record_of(const StreamSource& source, const json::object& record) {
    if (source.type == SourceType::kinesis) {
        return {required_text(record, "SequenceNumber"),
                find_number(record, "ApproximateArrivalTimestamp").value_or(0), record};
    }
    const json::object& change = record.at("dynamodb").as_object();
    return {required_text(change, "SequenceNumber"),
            find_number(change, "ApproximateCreationDateTime").value_or(0), record};
}

}  // namespace

std::optional<StreamSource> parse_stream_source(std::string_view text) {
    const auto arn = parse_arn(text);
    if (!arn) return std::nullopt;
    StreamSource source{
        SourceType::kinesis, std::string(text), {arn->account, arn->region, {}}, ""};
    if (arn->service == "kinesis" && arn->resource.starts_with(kKinesisPrefix)) {
        source.name = arn->resource.substr(kKinesisPrefix.size());
        return source;
    }
    if (arn->service == "dynamodb" && arn->resource.starts_with(kTablePrefix) &&
        arn->resource.find("/stream/") != std::string::npos) {
        source.type = SourceType::dynamodb;
        return source;
    }
    return std::nullopt;
}

std::variant<std::vector<StreamShard>, ApiError> list_stream_shards(Context& ctx,
                                                                    const StreamSource& source) {
    return source.type == SourceType::kinesis ? list_kinesis_shards(ctx, source)
                                              : list_table_shards(ctx, source);
}

std::variant<StreamPage, ApiError> read_stream(Context& ctx, const StreamSource& source,
                                               std::string_view shard,
                                               std::string_view position_type,
                                               std::string_view position, std::int64_t limit) {
    const auto iterator = call_source(ctx, source, "GetShardIterator",
                                      iterator_request(source, shard, position_type, position));
    if (const auto* error = std::get_if<ApiError>(&iterator)) return *error;
    const auto answer =
        call_source(ctx, source, "GetRecords",
                    {{"ShardIterator",
                      find_text(std::get<json::object>(iterator), "ShardIterator").value_or("")},
                     {"Limit", limit}});
    if (const auto* error = std::get_if<ApiError>(&answer)) return *error;
    const auto& result = std::get<json::object>(answer);
    StreamPage page;
    if (const json::array* records = find_array(result, "Records")) {
        for (const json::value& record : *records) {
            page.records.push_back(record_of(source, record.as_object()));
        }
    }
    page.is_drained = page.records.empty() && !find_text(result, "NextShardIterator");
    return page;
}

}  // namespace sbemu::lambda
