#include "fakes/logs/rows.h"

#include <algorithm>

#include "emulator/store/store.h"

namespace sbemu::logs {
namespace json = boost::json;

const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS logs_group (
        id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
        created INTEGER NOT NULL, retention INTEGER, tags TEXT NOT NULL,
        UNIQUE (account, region, name)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS logs_stream (
        id INTEGER PRIMARY KEY, log_group INTEGER NOT NULL, name TEXT NOT NULL,
        created INTEGER NOT NULL, first_event INTEGER, last_event INTEGER,
        last_ingestion INTEGER, sequence_token TEXT,
        UNIQUE (log_group, name),
        FOREIGN KEY (log_group) REFERENCES logs_group (id) ON DELETE CASCADE
    ) STRICT;
    CREATE TABLE IF NOT EXISTS logs_event (
        sequence INTEGER PRIMARY KEY, log_group INTEGER NOT NULL, stream INTEGER NOT NULL,
        timestamp INTEGER NOT NULL, ingested INTEGER NOT NULL, message TEXT NOT NULL,
        FOREIGN KEY (stream) REFERENCES logs_stream (id) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX IF NOT EXISTS logs_event_of_stream ON logs_event (stream, timestamp, sequence);
    CREATE INDEX IF NOT EXISTS logs_event_of_group ON logs_event (log_group, timestamp, sequence);
)sql";

std::optional<LogGroup> find_group(Context& ctx, std::string_view name) {
    auto row = ctx.store.find<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::string>(
        "SELECT id, created, retention, tags FROM logs_group"
        " WHERE account = ? AND region = ? AND name = ?",
        ctx.caller.account, ctx.caller.region, name);
    if (!row) return std::nullopt;
    const auto& [id, created, retention, tags] = *row;
    return LogGroup{id, std::string(name), created, retention, json::parse(tags).as_object()};
}

std::vector<LogGroup> list_groups(Context& ctx) {
    std::vector<LogGroup> groups;
    for (auto& [id, name, created, retention, tags] :
         ctx.store.list<std::int64_t, std::string, std::int64_t, std::optional<std::int64_t>,
                        std::string>("SELECT id, name, created, retention, tags FROM logs_group"
                                     " WHERE account = ? AND region = ? ORDER BY name",
                                     ctx.caller.account, ctx.caller.region)) {
        groups.push_back({id, std::move(name), created, retention, json::parse(tags).as_object()});
    }
    return groups;
}

void insert_group(Context& ctx, const LogGroup& group) {
    ctx.store.run(
        "INSERT INTO logs_group (account, region, name, created, retention, tags)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        ctx.caller.account, ctx.caller.region, group.name, group.created, group.retention,
        json::serialize(group.tags));
}

void update_group(Context& ctx, const LogGroup& group) {
    ctx.store.run("UPDATE logs_group SET retention = ?, tags = ? WHERE id = ?", group.retention,
                  json::serialize(group.tags), group.id);
}

void erase_group(Context& ctx, const LogGroup& group) {
    ctx.store.run("DELETE FROM logs_group WHERE id = ?", group.id);
}

std::optional<LogStream> find_stream(Context& ctx, const LogGroup& group, std::string_view name) {
    auto row = ctx.store.find<std::int64_t, std::int64_t, std::optional<std::int64_t>,
                              std::optional<std::int64_t>, std::optional<std::int64_t>,
                              std::optional<std::string>>(
        "SELECT id, created, first_event, last_event, last_ingestion, sequence_token"
        " FROM logs_stream WHERE log_group = ? AND name = ?",
        group.id, name);
    if (!row) return std::nullopt;
    auto& [id, created, first_event, last_event, last_ingestion, token] = *row;
    return LogStream{id,         std::string(name), created,         first_event,
                     last_event, last_ingestion,    std::move(token)};
}

std::vector<LogStream> list_streams(Context& ctx, const LogGroup& group) {
    std::vector<LogStream> streams;
    for (auto& [id, name, created, first_event, last_event, last_ingestion, token] :
         ctx.store.list<std::int64_t, std::string, std::int64_t, std::optional<std::int64_t>,
                        std::optional<std::int64_t>, std::optional<std::int64_t>,
                        std::optional<std::string>>(
             "SELECT id, name, created, first_event, last_event, last_ingestion,"
             " sequence_token FROM logs_stream WHERE log_group = ? ORDER BY name",
             group.id)) {
        streams.push_back({id, std::move(name), created, first_event, last_event, last_ingestion,
                           std::move(token)});
    }
    return streams;
}

void insert_stream(Context& ctx, const LogGroup& group, const LogStream& stream) {
    ctx.store.run("INSERT INTO logs_stream (log_group, name, created) VALUES (?, ?, ?)", group.id,
                  stream.name, stream.created);
}

void update_stream(Context& ctx, const LogStream& stream) {
    ctx.store.run(
        "UPDATE logs_stream SET first_event = ?, last_event = ?, last_ingestion = ?,"
        " sequence_token = ? WHERE id = ?",
        stream.first_event, stream.last_event, stream.last_ingestion, stream.sequence_token,
        stream.id);
}

void erase_stream(Context& ctx, const LogStream& stream) {
    ctx.store.run("DELETE FROM logs_stream WHERE id = ?", stream.id);
}

Position oldest_kept(const Context& ctx, const LogGroup& group) {
    constexpr std::int64_t kDay = 86'400'000;  // milliseconds
    if (!group.retention) return {};
    return {std::max<std::int64_t>(to_milliseconds(ctx.now) - *group.retention * kDay, 0), 0};
}

void erase_expired_events(Context& ctx, const LogGroup& group) {
    if (!group.retention) return;
    ctx.store.run("DELETE FROM logs_event WHERE log_group = ? AND timestamp < ?", group.id,
                  oldest_kept(ctx, group).timestamp);
}

void insert_event(Context& ctx, const LogGroup& group, const LogStream& stream,
                  std::int64_t timestamp, std::string_view message) {
    ctx.store.run(
        "INSERT INTO logs_event (log_group, stream, timestamp, ingested, message)"
        " VALUES (?, ?, ?, ?, ?)",
        group.id, stream.id, timestamp, to_milliseconds(ctx.now), message);
}

std::vector<LogEvent> list_first_events(Context& ctx, const LogStream& stream, Position from,
                                        Position to, std::int64_t limit) {
    std::vector<LogEvent> events;
    for (auto& [timestamp, sequence, ingested, message] :
         ctx.store.list<std::int64_t, std::int64_t, std::int64_t, std::string>(
             "SELECT timestamp, sequence, ingested, message FROM logs_event WHERE stream = ?"
             " AND (timestamp, sequence) >= (?, ?) AND (timestamp, sequence) < (?, ?)"
             " ORDER BY timestamp, sequence LIMIT ?",
             stream.id, from.timestamp, from.sequence, to.timestamp, to.sequence, limit)) {
        events.push_back({{timestamp, sequence}, ingested, std::move(message), ""});
    }
    return events;
}

std::vector<LogEvent> list_last_events(Context& ctx, const LogStream& stream, Position from,
                                       Position to, std::int64_t limit) {
    std::vector<LogEvent> events;
    for (auto& [timestamp, sequence, ingested, message] :
         ctx.store.list<std::int64_t, std::int64_t, std::int64_t, std::string>(
             "SELECT timestamp, sequence, ingested, message FROM logs_event WHERE stream = ?"
             " AND (timestamp, sequence) >= (?, ?) AND (timestamp, sequence) < (?, ?)"
             " ORDER BY timestamp DESC, sequence DESC LIMIT ?",
             stream.id, from.timestamp, from.sequence, to.timestamp, to.sequence, limit)) {
        events.push_back({{timestamp, sequence}, ingested, std::move(message), ""});
    }
    return events;
}

std::vector<LogEvent> list_group_events(Context& ctx, const LogGroup& group, Position from,
                                        Position to, std::int64_t limit) {
    std::vector<LogEvent> events;
    for (auto& [timestamp, sequence, ingested, message, stream] :
         ctx.store.list<std::int64_t, std::int64_t, std::int64_t, std::string, std::string>(
             "SELECT event.timestamp, event.sequence, event.ingested, event.message, stream.name"
             " FROM logs_event AS event JOIN logs_stream AS stream ON stream.id = event.stream"
             " WHERE event.log_group = ? AND (event.timestamp, event.sequence) >= (?, ?)"
             " AND (event.timestamp, event.sequence) < (?, ?)"
             " ORDER BY event.timestamp, event.sequence LIMIT ?",
             group.id, from.timestamp, from.sequence, to.timestamp, to.sequence, limit)) {
        events.push_back({{timestamp, sequence}, ingested, std::move(message), std::move(stream)});
    }
    return events;
}

}  // namespace sbemu::logs
