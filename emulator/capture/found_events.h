// Lambda events in what people have of them: files, logs, exports of consoles, documents of
// destinations.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace sbemu {

struct FoundEvent {
    enum class Kind { custom_resource, kinesis, dynamodb, other };
    Kind kind = Kind::other;
    std::string name;  // "a custom resource's Create", "an SQS batch": for people
    boost::json::object event;
    std::string function;       // name, if the source tells it
    boost::json::value answer;  // what the function answered, if it is known: responsePayload
    bool is_answered = false;   // whether `answer` is
    bool has_failed = false;    // and it is an error
    std::int64_t attempts = 1;  // that ended so
    bool is_asynchronous = false;
};

struct FoundEvents {
    std::vector<FoundEvent> events;    // in order, each once
    std::vector<std::string> notes;    // for people: what was taken once, what is missing
    std::vector<std::string> strange;  // JSON that is no event: what it has
};

// Adds what is in the text.
void find_events(std::string_view text, FoundEvents& found);

}  // namespace sbemu
