// A capture: what happened in an emulator since its state was empty, as text. One JSON object a
// line, so that captures can be read and compared; docs/captures.md has the form.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/event.h"

namespace sbemu {

// What is wrong with a capture; begins with the line where there is one.
struct CaptureError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct CapturedEvent {
    // As it was counted where it was captured: it stays when others are taken away.
    std::int64_t number = 0;
    Event event;
    // What it answered (describe_reply) and its last draw; null if that is not known.
    boost::json::value reply;
};

// A package whose code was left out: a small zip stands for it.
struct WithheldCode {
    std::vector<std::string> functions;  // ARNs of those that had it at the end
    std::string sha256;                  // of the package; hex
    std::int64_t bytes = 0;
    std::string stand_in;  // SHA-256 of the zip that stands for it
};

struct Capture {
    std::string version;  // of the sbemu that wrote it
    std::vector<WithheldCode> withheld;
    std::vector<CapturedEvent> events;
};

// Throws CaptureError.
Capture parse_capture(std::string_view text);
std::string print_capture(const Capture& capture);

// The answer and what else an event gave, as it stands in a capture: {"status", "result", "body",
// "code", "message", "fields", "deferred", "completions", "invoked", "draw"}, each where there is
// one.
boost::json::object describe_reply(const Applied& applied);

// A number over all replies that are known, in order: two replays of one capture are the same if
// these are.
std::string unseed_of(const Capture& capture);

}  // namespace sbemu
