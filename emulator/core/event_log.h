// The log of all events since the state was empty: what a replay applies again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/blobs.h"
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

// An event as the log keeps it, before it is written: a JSON object.
struct LogEntry {
    std::int64_t number = 0;
    Time at;
    std::string text;
    std::optional<Blob> long_params;  // which `text` names
};

// `body_blob` is the hash of the event's body if it has one.
LogEntry log_entry_of(const Event& event, const std::string& body_blob, const Applied& applied);
// Into one row: a row for each would cost more than most reads.
void write_log_entries(Store& store, std::span<const LogEntry> entries);

// Of the newest event in the log.
struct LastLogged {
    std::int64_t number = 0;
    Time at{};
};
LastLogged last_logged(Store& store);

// `limit` events after number `after`, oldest first.
std::vector<LoggedEvent> read_events(Store& store, std::int64_t after, std::int64_t limit);

}  // namespace sbemu
