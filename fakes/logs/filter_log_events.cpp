// FilterLogEvents searches the streams of a group, in order of time.
#include <algorithm>
#include <set>

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/logs/errors.h"
#include "fakes/logs/event_id.h"
#include "fakes/logs/filter_pattern.h"
#include "fakes/logs/operations.h"
#include "fakes/logs/requests.h"

namespace sbemu::logs {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMaxPage = 10'000;
constexpr std::size_t kMaxPageBytes = 1'048'576;
constexpr std::int64_t kChunk = 1000;  // rows read at a time
constexpr std::int64_t kLastMoment = (std::int64_t{1} << 48) - 1;

struct Search {
    LogGroup group;
    std::set<std::string> streams;  // empty: all
    std::string stream_prefix;
    FilterPattern pattern;
    Position from;
    Position to;
    std::size_t limit = 0;

    bool wants(const LogEvent& event) const {
        if (!streams.empty() && !streams.contains(event.stream)) return false;
        return event.stream.starts_with(stream_prefix) && pattern.matches(event.message);
    }
};

Position parse_token(const std::string& token) {
    const auto id = base64_decode(token);
    const auto position = id ? parse_event_id(*id) : std::nullopt;
    if (!position) throw invalid_token();
    return *position;
}

Search parse_search(Context& ctx, const json::object& request) {
    Search search;
    const json::array* names = find_array(request, "logStreamNames");
    if (names && request.contains("logStreamNamePrefix")) {
        throw invalid_parameter(  // text assumed
            "LogStream names and LogStream name prefix are mutually exclusive parameters.");
    }
    search.pattern = FilterPattern::parse(text_member(request, "filterPattern"));
    search.stream_prefix = text_member(request, "logStreamNamePrefix");
    search.from = {std::max<std::int64_t>(find_number(request, "startTime").value_or(0), 0), 0};
    // Unlike GetLogEvents', this endTime is part of the range (API_FilterLogEvents).
    search.to = {find_number(request, "endTime").value_or(kLastMoment) + 1, 0};
    if (const auto token = find_text(request, "nextToken")) {
        search.from = std::max(search.from, parse_token(*token));
    }
    search.limit = static_cast<std::size_t>(find_number(request, "limit").value_or(kMaxPage));
    search.group = require_group(ctx, request);
    search.from = std::max(search.from, oldest_kept(ctx, search.group));
    if (names) {
        for (const json::value& name : *names) {
            search.streams.insert(require_stream(ctx, search.group, name.as_string()).name);
        }
    }
    return search;
}

struct Page {
    json::array events;
    std::optional<Position> more;  // the first event that did not fit
};

Page run_search(Context& ctx, const Search& search) {
    Page page;
    std::size_t bytes = 0;
    Position from = search.from;
    while (true) {
        const auto chunk = list_group_events(ctx, search.group, from, search.to, kChunk);
        for (const LogEvent& event : chunk) {
            if (!search.wants(event)) continue;
            bytes += event.message.size();
            const bool full = page.events.size() >= search.limit ||
                              (bytes > kMaxPageBytes && !page.events.empty());
            if (full) {
                page.more = event.position;
                return page;
            }
            page.events.push_back(json::object{{"logStreamName", event.stream},
                                               {"timestamp", event.position.timestamp},
                                               {"message", event.message},
                                               {"ingestionTime", event.ingested},
                                               {"eventId", event_id(event.position)}});
        }
        if (chunk.size() < static_cast<std::size_t>(kChunk)) return page;
        from = {chunk.back().position.timestamp, chunk.back().position.sequence + 1};
    }
}

}  // namespace

json::object filter_log_events(Context& ctx, const json::object& request) {
    Page page = run_search(ctx, parse_search(ctx, request));
    json::object reply{{"events", std::move(page.events)},
                       {"searchedLogStreams", json::array{}}};  // empty since June 2020
    if (page.more) reply["nextToken"] = base64_encode(event_id(*page.more));
    return reply;
}

}  // namespace sbemu::logs
