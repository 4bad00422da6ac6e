// The log of all events since the state was empty: what a replay applies again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/event.h"

namespace sbemu {

class Store;

extern const std::string_view kEventLogSchema;

struct LoggedEvent {
    std::int64_t number = 0;
    Event event;
    // To compare with: of the answer (reply_fingerprint), and a last draw of the event's Random.
    std::uint64_t reply = 0;
    std::uint64_t last_draw = 0;
};

// Of a deferred answer 0: the answer is a Completion of a later event.
std::uint64_t reply_fingerprint(const Applied& applied);

// A row of the log, before it is written.
struct LogRow {
    std::int64_t number = 0;
    Time at;
    std::uint64_t seed = 0;
    Caller caller;
    std::string function;
    std::string invocation;
    std::string service;
    std::string operation;
    std::string params;
    std::optional<std::string> body_blob;
    std::int64_t status = 0;
    std::uint64_t reply = 0;
    std::uint64_t last_draw = 0;
};

// `body_blob` is the hash of the event's body if it has one.
LogRow log_row_of(const Event& event, const std::string& body_blob, const Applied& applied);
// Long parameters are kept as blobs.
void write_log_row(Store& store, const LogRow& row);

// `limit` events after number `after`, oldest first.
std::vector<LoggedEvent> read_events(Store& store, std::int64_t after, std::int64_t limit);

}  // namespace sbemu
