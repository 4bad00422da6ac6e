// PutLogEvents appends a batch to a stream. Events that are too old or too new are left out and
// the reply says which; everything else about a bad batch is an error.
#include <algorithm>

#include "emulator/core/members.h"
#include "fakes/logs/errors.h"
#include "fakes/logs/operations.h"
#include "fakes/logs/requests.h"

namespace sbemu::logs {
namespace json = boost::json;
namespace {

// API_PutLogEvents
constexpr std::int64_t kHour = 3'600'000;  // milliseconds
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kTooNew = 2 * kHour;
constexpr std::int64_t kTooOld = 14 * kDay;
constexpr std::size_t kEventOverhead = 26;      // bytes counted for each event
constexpr std::size_t kBatchLimit = 1'048'576;  // bytes

struct InputEvent {
    std::int64_t timestamp = 0;
    std::string message;
};

std::vector<InputEvent> parse_events(const json::object& request) {
    std::vector<InputEvent> events;
    if (const json::array* entries = find_array(request, "logEvents")) {
        for (const json::value& entry : *entries) {
            const json::object& event = entry.as_object();
            events.push_back(
                {find_number(event, "timestamp").value_or(0), text_member(event, "message")});
        }
    }
    return events;
}

void check_batch(const std::vector<InputEvent>& events) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        size += events[i].message.size() + kEventOverhead;
        if (i > 0 && events[i].timestamp < events[i - 1].timestamp) {
            throw invalid_parameter(
                "Log events in a single PutLogEvents request must be in chronological order.");
        }
    }
    if (size > kBatchLimit) {
        throw invalid_parameter("Upload too large: " + std::to_string(size) +
                                " bytes exceeds limit of " + std::to_string(kBatchLimit));
    }
    if (!events.empty() && events.back().timestamp - events.front().timestamp > kDay) {
        throw invalid_parameter(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 "
            "hours.");
    }
}

// The events of a batch fall into old, good and new, in this order: it is sorted.
struct Accepted {
    std::size_t begin = 0;
    std::size_t end = 0;
    json::object rejected;
};

Accepted split_batch(const Context& ctx, const std::vector<InputEvent>& events,
                     const LogGroup& group) {
    const std::int64_t now = to_milliseconds(ctx.now);
    const auto index_of = [&](std::int64_t time) {
        const auto found =
            std::partition_point(events.begin(), events.end(),
                                 [&](const auto& event) { return event.timestamp < time; });
        return static_cast<std::size_t>(found - events.begin());
    };
    Accepted accepted{0, index_of(now + kTooNew + 1), {}};
    if (const std::size_t end = index_of(now - kTooOld); end > 0) {
        accepted.rejected["tooOldLogEventEndIndex"] = static_cast<std::int64_t>(end);
        accepted.begin = end;
    }
    if (group.retention) {
        if (const std::size_t end = index_of(oldest_kept(ctx, group).timestamp); end > 0) {
            accepted.rejected["expiredLogEventEndIndex"] = static_cast<std::int64_t>(end);
            accepted.begin = std::max(accepted.begin, end);
        }
    }
    if (accepted.end < events.size()) {
        accepted.rejected["tooNewLogEventStartIndex"] = static_cast<std::int64_t>(accepted.end);
    }
    return accepted;
}

}  // namespace

json::object put_log_events(Context& ctx, const json::object& request) {
    const LogGroup group = require_group(ctx, request);
    LogStream stream = require_stream(ctx, group, text_member(request, "logStreamName"));
    const std::vector<InputEvent> events = parse_events(request);
    check_batch(events);
    const Accepted accepted = split_batch(ctx, events, group);

    erase_expired_events(ctx, group);
    for (std::size_t i = accepted.begin; i < accepted.end; ++i) {
        const std::int64_t timestamp = events[i].timestamp;
        insert_event(ctx, group, stream, timestamp, events[i].message);
        stream.first_event = std::min(stream.first_event.value_or(timestamp), timestamp);
        stream.last_event = std::max(stream.last_event.value_or(timestamp), timestamp);
        stream.last_ingestion = to_milliseconds(ctx.now);
    }
    // Any token is accepted, and none too (since 2023); AWS still hands them out.
    stream.sequence_token = "49" + ctx.random.text(54, "0123456789");
    update_stream(ctx, stream);

    json::object reply{{"nextSequenceToken", *stream.sequence_token}};
    if (!accepted.rejected.empty()) reply["rejectedLogEventsInfo"] = accepted.rejected;
    return reply;
}

}  // namespace sbemu::logs
