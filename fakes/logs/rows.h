// Log groups, streams and events as rows. The only SQL of the Logs fake.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/context.h"

namespace sbemu::logs {

extern const std::string_view kSchema;

struct LogGroup {
    std::int64_t id = 0;  // internal
    std::string name;
    std::int64_t created = 0;               // milliseconds
    std::optional<std::int64_t> retention;  // days
    boost::json::object tags;               // {key: value}
};

struct LogStream {
    std::int64_t id = 0;  // internal
    std::string name;
    std::int64_t created = 0;                    // milliseconds
    std::optional<std::int64_t> first_event;     // milliseconds
    std::optional<std::int64_t> last_event;      // milliseconds
    std::optional<std::int64_t> last_ingestion;  // milliseconds
    std::optional<std::string> sequence_token;   // for the next PutLogEvents
};

// Where an event stands: in order of time, then of arrival.
struct Position {
    std::int64_t timestamp = 0;  // milliseconds
    std::int64_t sequence = 0;   // of arrival; unique

    auto operator<=>(const Position&) const = default;
};

struct LogEvent {
    Position position;
    std::int64_t ingested = 0;  // milliseconds
    std::string message;
    std::string stream;  // its name; only set by list_group_events
};

std::optional<LogGroup> find_group(Context& ctx, std::string_view name);
std::vector<LogGroup> list_groups(Context& ctx);  // sorted by name
void insert_group(Context& ctx, const LogGroup& group);
void update_group(Context& ctx, const LogGroup& group);  // retention and tags
void erase_group(Context& ctx, const LogGroup& group);   // with its streams and events

std::optional<LogStream> find_stream(Context& ctx, const LogGroup& group, std::string_view name);
std::vector<LogStream> list_streams(Context& ctx, const LogGroup& group);  // sorted by name
void insert_stream(Context& ctx, const LogGroup& group, const LogStream& stream);
void update_stream(Context& ctx, const LogStream& stream);  // what PutLogEvents changes
void erase_stream(Context& ctx, const LogStream& stream);   // with its events

// The first moment whose events the group keeps: what is older is not answered any more, and is
// removed when the group is next written to.
Position oldest_kept(const Context& ctx, const LogGroup& group);
void erase_expired_events(Context& ctx, const LogGroup& group);

void insert_event(Context& ctx, const LogGroup& group, const LogStream& stream,
                  std::int64_t timestamp, std::string_view message);

// Events of a stream from `from` (included) to `to` (excluded): the first `limit` of them, oldest
// first, or the last, newest first.
std::vector<LogEvent> list_first_events(Context& ctx, const LogStream& stream, Position from,
                                        Position to, std::int64_t limit);
std::vector<LogEvent> list_last_events(Context& ctx, const LogStream& stream, Position from,
                                       Position to, std::int64_t limit);
// The same over all streams of a group, oldest first.
std::vector<LogEvent> list_group_events(Context& ctx, const LogGroup& group, Position from,
                                        Position to, std::int64_t limit);

}  // namespace sbemu::logs
