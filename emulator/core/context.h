// Everything an operation may touch. What is not here, an operation cannot do.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/core/error.h"
#include "emulator/core/random.h"
#include "emulator/core/time.h"

namespace sbemu {

class Store;
class Registry;

// Who asks, and where: account and region are part of every key.
struct Caller {
    std::string account = "000000000000";
    std::string region = "us-east-1";
    std::string access_key;  // as the request was signed with; empty for sbemu's own calls

    // "arn:aws:<service>:<region>:<account>:<resource>" of this caller's account and region.
    std::string arn(std::string_view service, std::string_view resource) const;
    bool operator==(const Caller&) const = default;
};

// What an operation answers. `result` has the members of the operation's output shape in
// the API model; times in it are integer milliseconds since the epoch, blobs are base64 text.
// `body` is the payload of streaming members (an S3 object, a Lambda result): plain bytes.
struct Outcome {
    boost::json::object result;
    std::string body;
    // The kernel blob whose bytes `body` is, if it is one: its SHA-256 in hex.
    std::string body_blob = {};
    // If not empty: the JSON text of `result`, which is empty then (Context::takes_text).
    std::string result_text = {};
};

// Work for the outside world, done by the host after the event's transaction commits.
struct Effect {
    std::string kind;  // "lambda.invoke", ...: the service's header lists its own
    boost::json::object payload;
};

// The late answer to a call that was deferred (Context::defer) in an earlier event.
struct Completion {
    std::int64_t event = 0;  // the event that carried the call
    std::variant<Outcome, ApiError> answer;
};

// "Something happened" from one service to whichever others listen (Service::on_announcement),
// delivered after the operation, in the same transaction. Topics: docs/ARCHITECTURE.md.
struct Announcement {
    std::string topic;    // "stream.records"
    std::string subject;  // the ARN it is about
    Caller caller;
};

struct Outbox {
    std::vector<Effect> effects;
    std::vector<Completion> completions;
    std::vector<Announcement> announcements;
    bool deferred = false;
    // Faults that fired in this event: counted down at its end, whatever is undone before.
    std::vector<std::int64_t> fired_faults;

    // Back to an earlier state, because what came since was undone.
    void restore(Outbox earlier);
};

struct Context {
    Store& store;    // inside the event's transaction
    Random& random;  // seeded by the event
    Time now;        // of the event; the wall clock is out of reach
    Caller caller;
    const Registry& registry;
    std::int64_t event;      // number of the event being applied
    std::string request_id;  // as answered in x-amzn-RequestId
    std::string_view body;   // streaming payload of the request: plain bytes
    Outbox& outbox;

    // The ARN of the function that makes the event's call, if one does.
    std::string_view function = {};

    std::string reply_body = {};  // streaming payload of the answer
    std::string reply_blob = {};  // the kernel blob that reply_body is, if it is one
    std::string body_blob = {};   // where the kernel keeps `body`, if it does: see put_body

    // Whether the answer may be `reply_text`, what is serialized from the result, in its place: for
    // what is kept as text, so that it need not be taken apart. Only if the operation's output
    // shape has no times and nothing outside the body.
    bool takes_text = false;
    std::string reply_text = {};

    // Calls another service exactly as a client would, in this transaction. Throws ApiError.
    Outcome call(std::string_view service, std::string_view operation,
                 const boost::json::object& params, std::string_view body = {});

    // The same, but a failing call undoes only what itself did. For code that must go on after
    // an error: the stack engine's step, a poller.
    std::variant<Outcome, ApiError> try_call(std::string_view service, std::string_view operation,
                                             const boost::json::object& params,
                                             std::string_view body = {});

    // This context on behalf of somebody else: a stack's account, a stream's region.
    Context as(const Caller& other) const;

    void effect(std::string kind, boost::json::object payload);
    void announce(std::string topic, std::string subject);

    // The answer comes later, by complete(event, ...). The operation's own result is dropped.
    void defer();
    void complete(std::int64_t deferred_event, std::variant<Outcome, ApiError> answer);
};

}  // namespace sbemu
