#include "emulator/core/event_log.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "emulator/core/blobs.h"
#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace json = boost::json;

// The view is for people with a sqlite3 shell.
const std::string_view kEventLogSchema = R"sql(
    CREATE TABLE IF NOT EXISTS kernel_log (
        last INTEGER PRIMARY KEY, at INTEGER NOT NULL, events TEXT NOT NULL
    ) STRICT;
    CREATE VIEW IF NOT EXISTS kernel_event AS
        SELECT value ->> 'number' AS number, value ->> 'at' AS at,
            value ->> 'service' AS service, value ->> 'operation' AS operation,
            value ->> 'status' AS status, value -> 'params' AS params, value AS event
        FROM kernel_log, json_each(events);
)sql";

namespace {

// Longer than this, parameters are kept as a blob: packages are uploaded again and again.
constexpr std::size_t kInlineLimit = 65'536;
// Parameters stand this deep in a row.
constexpr std::size_t kDepth = 2;

// `before` is what stands before the value: ,"name":
void append_text(std::string& entry, std::string_view before, std::string_view value) {
    if (value.empty()) return;
    entry += before;
    append_json_string(entry, value);
}

void append_number(std::string& entry, std::string_view before, std::int64_t value) {
    entry += before;
    std::array<char, 24> digits{};
    entry.append(digits.data(),
                 std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

// Of numbers that have 64 bits. `before` ends in a quotation mark.
void append_hex(std::string& entry, std::string_view before, std::uint64_t value) {
    const HexDigits digits = hex_digits(value);
    entry += before;
    entry.append(digits.data(), digits.size());
    entry += '"';
}

std::string text_of(const json::object& entry, std::string_view name) {
    const json::value* found = entry.if_contains(name);
    return found ? std::string(found->as_string()) : std::string();
}

std::uint64_t number_of(const json::object& entry, std::string_view name) {
    return parse_hex_number(entry.at(name).as_string()).value();
}

LoggedEvent logged_event(Store& store, json::object entry) {
    LoggedEvent logged;
    logged.number = entry.at("number").as_int64();
    logged.reply = number_of(entry, "reply");
    logged.last_draw = number_of(entry, "last_draw");
    Event& event = logged.event;
    event.at = from_milliseconds(entry.at("at").as_int64());
    event.seed = number_of(entry, "seed");
    event.caller = {text_of(entry, "account"), text_of(entry, "region"),
                    text_of(entry, "access_key")};
    event.service = text_of(entry, "service");
    event.operation = text_of(entry, "operation");
    event.function = text_of(entry, "function");
    event.invocation = text_of(entry, "invocation");
    if (const auto hash = text_of(entry, "params_blob"); !hash.empty()) {
        event.params = parse_json(get_blob(store, hash)).as_object();
    } else {
        event.params = std::move(entry.at("params").as_object());
    }
    if (const auto hash = text_of(entry, "body"); !hash.empty()) event.body = get_blob(store, hash);
    return logged;
}

}  // namespace

std::uint64_t reply_fingerprint(const Applied& applied) {
    if (applied.deferred) return 0;
    if (const auto* error = std::get_if<ApiError>(&applied.answer)) {
        return fingerprint(error->code + "\n" + error->what() + json::serialize(error->fields));
    }
    const Outcome& outcome = std::get<Outcome>(applied.answer);
    const std::uint64_t result = outcome.result_text.empty()
                                     ? fingerprint(json::serialize(outcome.result))
                                     : fingerprint(outcome.result_text);
    return result ^ fingerprint(outcome.body);
}

LogEntry log_entry_of(const Event& event, const std::string& body_blob, const Applied& applied) {
    LogEntry entry;
    entry.number = applied.event;
    entry.at = event.at;
    const bool has_text = !event.params_text.empty();
    const std::string serialized = has_text ? "" : json::serialize(event.params);
    const std::string& params = has_text ? event.params_text : serialized;
    std::string& text = entry.text;
    constexpr std::size_t kUsualRest = 400;
    text.reserve(kUsualRest + params.size());
    append_number(text, R"({"number":)", entry.number);
    append_number(text, R"(,"at":)", to_milliseconds(event.at));
    append_hex(text, R"(,"seed":")", event.seed);
    append_text(text, R"(,"account":)", event.caller.account);
    append_text(text, R"(,"region":)", event.caller.region);
    append_text(text, R"(,"access_key":)", event.caller.access_key);
    append_text(text, R"(,"function":)", event.function);
    append_text(text, R"(,"invocation":)", event.invocation);
    append_text(text, R"(,"service":)", event.service);
    append_text(text, R"(,"operation":)", event.operation);
    if (!event.body.empty()) append_text(text, R"(,"body":)", body_blob);
    const auto* error = std::get_if<ApiError>(&applied.answer);
    append_number(text, R"(,"status":)", error ? error->status : 200);
    append_hex(text, R"(,"reply":")", reply_fingerprint(applied));
    append_hex(text, R"(,"last_draw":")", applied.last_draw);
    if (params.size() > kInlineLimit) {
        entry.long_params.emplace(std::string(params));
        append_text(text, R"(,"params_blob":)", entry.long_params->hash);
    } else {
        text += R"(,"params":)";
        text += params;
    }
    text += '}';
    return entry;
}

void write_log_entries(Store& store, std::span<const LogEntry> entries) {
    if (entries.empty()) return;
    std::string events;
    std::size_t size = 1;
    for (const LogEntry& entry : entries) size += entry.text.size() + 1;
    events.reserve(size);
    for (const LogEntry& entry : entries) {
        events += events.empty() ? '[' : ',';
        events += entry.text;
        if (entry.long_params) put_blob(store, *entry.long_params);
    }
    events += ']';
    store.run("INSERT INTO kernel_log (last, at, events) VALUES (?, ?, ?)", entries.back().number,
              to_milliseconds(entries.back().at), events);
}

LastLogged last_logged(Store& store) {
    const auto row = store.find<std::int64_t, std::int64_t>(
        "SELECT last, at FROM kernel_log ORDER BY last DESC LIMIT 1");
    if (!row) return {};
    return {std::get<0>(*row), from_milliseconds(std::get<1>(*row))};
}

std::vector<LoggedEvent> read_events(Store& store, std::int64_t after, std::int64_t limit) {
    std::vector<LoggedEvent> events;
    const auto is_full = [&] { return events.size() >= static_cast<std::size_t>(limit); };
    std::int64_t last = after;
    while (!is_full()) {
        const auto row = store.find<std::int64_t, std::string>(
            "SELECT last, events FROM kernel_log WHERE last > ? ORDER BY last LIMIT 1", last);
        if (!row) break;
        last = std::get<0>(*row);
        json::value entries = parse_json(std::get<1>(*row), kDeepestJson + kDepth);
        for (json::value& entry : entries.as_array()) {
            if (is_full()) break;
            if (entry.at("number").as_int64() <= after) continue;
            events.push_back(logged_event(store, std::move(entry.as_object())));
        }
    }
    return events;
}

}  // namespace sbemu
