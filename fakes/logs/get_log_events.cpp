// GetLogEvents reads a stream page by page, in both directions.
#include <algorithm>

#include "emulator/core/members.h"
#include "fakes/logs/errors.h"
#include "fakes/logs/event_id.h"
#include "fakes/logs/operations.h"
#include "fakes/logs/requests.h"

namespace sbemu::logs {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMaxPage = 10'000;
constexpr std::size_t kMaxPageBytes = 1'048'576;
constexpr std::int64_t kLastMoment = (std::int64_t{1} << 48) - 1;

// "f/<event id>/s": what comes after that event. "b/<event id>/s": what comes before it.
struct Token {
    bool forward = true;
    Position position;

    std::string text() const { return (forward ? "f/" : "b/") + event_id(position) + "/s"; }
};

Token parse_token(std::string_view text) {
    const bool forward = text.starts_with("f/");
    if (!forward && !text.starts_with("b/")) throw invalid_token();
    text.remove_prefix(2);
    if (text.ends_with("/s")) text.remove_suffix(2);
    const auto position = parse_event_id(text);
    if (!position) throw invalid_token();
    return {forward, *position};
}

Position next(Position position) { return {position.timestamp, position.sequence + 1}; }
Position previous(Position position) {
    return {position.timestamp, std::max<std::int64_t>(position.sequence - 1, 0)};
}

// What of the stream is asked for, and from which end.
struct Query {
    bool forward = false;
    Position from;
    Position to;
    std::int64_t limit = kMaxPage;
};

Query parse_query(const json::object& request, const std::optional<Token>& token) {
    Query query;
    query.forward = token ? token->forward : flag_member(request, "startFromHead");
    // startTime is part of the range, endTime is not (API_GetLogEvents).
    query.from = {std::max<std::int64_t>(find_number(request, "startTime").value_or(0), 0), 0};
    query.to = {find_number(request, "endTime").value_or(kLastMoment), 0};
    if (token && token->forward) query.from = std::max(query.from, next(token->position));
    if (token && !token->forward) query.to = std::min(query.to, token->position);
    query.limit = find_number(request, "limit").value_or(kMaxPage);
    return query;
}

// Sorted by time; no more than fits a page.
std::vector<LogEvent> read_page(Context& ctx, const LogStream& stream, const Query& query) {
    std::vector<LogEvent> events =
        query.forward ? list_first_events(ctx, stream, query.from, query.to, query.limit)
                      : list_last_events(ctx, stream, query.from, query.to, query.limit);
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (count < events.size()) {
        bytes += events[count].message.size();
        if (bytes > kMaxPageBytes && count > 0) break;
        ++count;
    }
    events.resize(count);
    if (!query.forward) std::reverse(events.begin(), events.end());
    return events;
}

// At the end of a stream the caller gets back the token it came with (API_GetLogEvents). The one
// for turning round is such that nothing is skipped.
std::pair<Token, Token> tokens_of_empty_page(const std::optional<Token>& token,
                                             const Query& query) {
    if (!token) return {{true, query.from}, {false, query.from}};
    if (token->forward) return {*token, {false, next(token->position)}};
    return {{true, previous(token->position)}, *token};
}

}  // namespace

json::object get_log_events(Context& ctx, const json::object& request) {
    std::optional<Token> token;
    if (const auto text = find_text(request, "nextToken")) token = parse_token(*text);
    const LogGroup group = require_group(ctx, request);
    const LogStream stream = require_stream(ctx, group, text_member(request, "logStreamName"));
    Query query = parse_query(request, token);
    query.from = std::max(query.from, oldest_kept(ctx, group));
    const std::vector<LogEvent> events = read_page(ctx, stream, query);

    json::array entries;
    for (const LogEvent& event : events) {
        entries.push_back(json::object{{"timestamp", event.position.timestamp},
                                       {"message", event.message},
                                       {"ingestionTime", event.ingested}});
    }
    auto [forward, backward] = tokens_of_empty_page(token, query);
    if (!events.empty()) {
        forward = {true, events.back().position};
        backward = {false, events.front().position};
    }
    return {{"events", std::move(entries)},
            {"nextForwardToken", forward.text()},
            {"nextBackwardToken", backward.text()}};
}

}  // namespace sbemu::logs
