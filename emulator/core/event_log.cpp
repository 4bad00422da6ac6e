#include "emulator/core/event_log.h"

#include <boost/json.hpp>

#include "emulator/core/blobs.h"
#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;

const std::string_view kEventLogSchema = R"sql(
    CREATE TABLE IF NOT EXISTS kernel_event (
        number INTEGER PRIMARY KEY, at INTEGER NOT NULL, seed INTEGER NOT NULL,
        account TEXT NOT NULL, region TEXT NOT NULL, access_key TEXT NOT NULL,
        function TEXT NOT NULL, invocation TEXT NOT NULL,
        service TEXT NOT NULL, operation TEXT NOT NULL, params TEXT NOT NULL,
        params_blob TEXT, body TEXT, status INTEGER NOT NULL, reply INTEGER NOT NULL,
        last_draw INTEGER NOT NULL
    ) STRICT;
)sql";

namespace {

// Longer than this, a logged text is kept as a blob: packages are uploaded again and again.
constexpr std::size_t kInlineLimit = 4096;

}  // namespace

std::uint64_t reply_fingerprint(const Applied& applied) {
    if (applied.deferred) return 0;
    if (const auto* error = std::get_if<ApiError>(&applied.answer)) {
        return fingerprint(error->code + "\n" + error->what() + json::serialize(error->fields));
    }
    const Outcome& outcome = std::get<Outcome>(applied.answer);
    const std::string& text = outcome.result_text;
    return fingerprint(text.empty() ? json::serialize(outcome.result) : text) ^
           fingerprint(outcome.body);
}

LogRow log_row_of(const Event& event, const std::string& body_blob, const Applied& applied) {
    LogRow row;
    row.number = applied.event;
    row.at = event.at;
    row.seed = event.seed;
    row.caller = event.caller;
    row.function = event.function;
    row.invocation = event.invocation;
    row.service = event.service;
    row.operation = event.operation;
    row.params = json::serialize(event.params);
    if (!event.body.empty()) row.body_blob = body_blob;
    const auto* error = std::get_if<ApiError>(&applied.answer);
    row.status = error ? error->status : 200;
    row.reply = reply_fingerprint(applied);
    row.last_draw = applied.last_draw;
    return row;
}

void write_log_row(Store& store, const LogRow& row) {
    std::optional<std::string> params_blob;
    if (row.params.size() > kInlineLimit) params_blob = put_blob(store, row.params);
    const std::string_view params = params_blob ? std::string_view() : row.params;
    store.run(
        "INSERT INTO kernel_event (number, at, seed, account, region, access_key, function,"
        " invocation, service, operation, params, params_blob, body, status, reply, last_draw)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.number, to_milliseconds(row.at), static_cast<std::int64_t>(row.seed),
        row.caller.account, row.caller.region, row.caller.access_key, row.function, row.invocation,
        row.service, row.operation, params, params_blob, row.body_blob, row.status,
        static_cast<std::int64_t>(row.reply), static_cast<std::int64_t>(row.last_draw));
}

std::vector<LoggedEvent> read_events(Store& store, std::int64_t after, std::int64_t limit) {
    std::vector<LoggedEvent> events;
    for (auto& [number, at, seed, account, region, access_key, function, invocation, service,
                operation, params, params_blob, body, reply, last_draw] :
         store.list<std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::string,
                    std::string, std::string, std::string, std::string, std::string,
                    std::optional<std::string>, std::optional<std::string>, std::int64_t,
                    std::int64_t>(
             "SELECT number, at, seed, account, region, access_key, function, invocation, service,"
             " operation, params, params_blob, body, reply, last_draw FROM kernel_event"
             " WHERE number > ? ORDER BY number LIMIT ?",
             after, limit)) {
        LoggedEvent logged;
        logged.number = number;
        Event& event = logged.event;
        event.at = from_milliseconds(at);
        event.seed = static_cast<std::uint64_t>(seed);
        event.caller = {std::move(account), std::move(region), std::move(access_key)};
        event.service = std::move(service);
        event.operation = std::move(operation);
        event.params = parse_json(params_blob ? get_blob(store, *params_blob) : params).as_object();
        if (body) event.body = get_blob(store, *body);
        event.function = std::move(function);
        event.invocation = std::move(invocation);
        logged.reply = static_cast<std::uint64_t>(reply);
        logged.last_draw = static_cast<std::uint64_t>(last_draw);
        events.push_back(std::move(logged));
    }
    return events;
}

}  // namespace sbemu
