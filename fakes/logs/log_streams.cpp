// Log streams: create, describe, delete.
#include <algorithm>

#include "emulator/core/members.h"
#include "fakes/logs/errors.h"
#include "fakes/logs/operations.h"
#include "fakes/logs/requests.h"

namespace sbemu::logs {
namespace json = boost::json;
namespace {

constexpr std::int64_t kDefaultPage = 50;  // API_DescribeLogStreams

json::object describe(const Caller& caller, const LogGroup& group, const LogStream& stream) {
    json::object result{
        {"logStreamName", stream.name},
        {"creationTime", stream.created},
        {"arn", group_arn(caller, group) + ":log-stream:" + stream.name},
        {"storedBytes", 0},  // always, since 2019 (API_LogStream)
    };
    if (stream.first_event) result["firstEventTimestamp"] = *stream.first_event;
    if (stream.last_event) result["lastEventTimestamp"] = *stream.last_event;
    if (stream.last_ingestion) result["lastIngestionTime"] = *stream.last_ingestion;
    if (stream.sequence_token) result["uploadSequenceToken"] = *stream.sequence_token;
    return result;
}

}  // namespace

json::object create_log_stream(Context& ctx, const json::object& request) {
    const LogGroup group = require_group(ctx, request);
    LogStream stream;
    stream.name = text_member(request, "logStreamName");
    if (find_stream(ctx, group, stream.name)) throw already_exists("log stream");
    stream.created = to_milliseconds(ctx.now);
    insert_stream(ctx, group, stream);
    return {};
}

json::object describe_log_streams(Context& ctx, const json::object& request) {
    const auto prefix = find_text(request, "logStreamNamePrefix");
    const bool by_time = text_member(request, "orderBy") == "LastEventTime";
    if (by_time && prefix) {
        throw invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    const LogGroup group = require_group(ctx, request);
    std::vector<LogStream> streams = list_streams(ctx, group);
    if (by_time) {
        // A stream without events counts as the oldest (assumed).
        std::stable_sort(streams.begin(), streams.end(), [](const auto& one, const auto& two) {
            return one.last_event.value_or(0) < two.last_event.value_or(0);
        });
    }
    if (flag_member(request, "descending")) std::reverse(streams.begin(), streams.end());

    json::array entries;
    for (const LogStream& stream : streams) {
        if (prefix && !stream.name.starts_with(*prefix)) continue;
        entries.push_back(describe(ctx.caller, group, stream));
    }
    json::object result;
    put_page(result, "logStreams", request, entries, "logStreamName", kDefaultPage);
    return result;
}

json::object delete_log_stream(Context& ctx, const json::object& request) {
    const LogGroup group = require_group(ctx, request);
    erase_stream(ctx, require_stream(ctx, group, text_member(request, "logStreamName")));
    return {};
}

}  // namespace sbemu::logs
