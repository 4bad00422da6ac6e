// The log of all events since the state was empty: what a replay applies again.
#pragma once

#include <cstdint>
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

// Long parameters and the body are kept as blobs; `body_blob` is the body's hash if it is one.
void write_event(Store& store, const Event& event, const std::string& body_blob,
                 const Applied& applied, std::uint64_t last_draw);

// `limit` events after number `after`, oldest first.
std::vector<LoggedEvent> read_events(Store& store, std::int64_t after, std::int64_t limit);

}  // namespace sbemu
