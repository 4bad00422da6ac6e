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
    return fingerprint(json::serialize(outcome.result)) ^ fingerprint(outcome.body);
}

void write_event(Store& store, const Event& event, const std::string& body_blob,
                 const Applied& applied, std::uint64_t last_draw) {
    std::string params = json::serialize(event.params);
    std::optional<std::string> params_blob;
    if (params.size() > kInlineLimit) {
        params_blob = put_blob(store, params);
        params = "";
    }
    std::optional<std::string> body;
    if (!event.body.empty()) body = body_blob;
    const auto* error = std::get_if<ApiError>(&applied.answer);
    store.run(
        "INSERT INTO kernel_event (number, at, seed, account, region, access_key, function,"
        " invocation, service, operation, params, params_blob, body, status, reply, last_draw)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        applied.event, to_milliseconds(event.at), static_cast<std::int64_t>(event.seed),
        event.caller.account, event.caller.region, event.caller.access_key, event.function,
        event.invocation, event.service, event.operation, params, params_blob, body,
        static_cast<std::int64_t>(error ? error->status : 200),
        static_cast<std::int64_t>(reply_fingerprint(applied)),
        static_cast<std::int64_t>(last_draw));
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
