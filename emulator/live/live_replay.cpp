#include "emulator/live/live_replay.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/capture/captured_text.h"
#include "emulator/capture/story_line.h"

namespace sbemu {
namespace json = boost::json;
namespace {

std::string body_text(const std::string& body) { return json::serialize(captured_text(body)); }

std::string call_text(const CapturedEvent& captured) {
    const Event& event = captured.event;
    if (is_call(event, "cloudformation.PutResponse")) {
        return "PUT to the ResponseURL " + body_text(event.body);
    }
    std::string text = event.service + "." + event.operation + " " + json::serialize(event.params);
    if (!event.body.empty()) text += " " + body_text(event.body);
    json::error_code error;
    if (const json::value* code = captured.reply.find_pointer("/code", error)) {
        text += " -> " + json::serialize(*code);
    }
    return text;
}

std::string ending_text(const Transcript& transcript) {
    if (!transcript.ended) return "did not end";
    const Event& event = transcript.ended->event;
    const std::string outcome = text_or_nothing(event.params, "Outcome");
    if (outcome == "response") return "returned " + body_text(event.body);
    if (outcome == "error" || outcome == "init-error") {
        return (outcome == "error" ? "failed with " : "failed to start with ") +
               body_text(event.body);
    }
    json::object how = event.params;
    for (const char* member : {"InvocationId", "Outcome", "DurationMicroseconds", "Log",
                               "InitMicroseconds", "MaxMemoryMegabytes", "LogStream"}) {
        how.erase(member);
    }
    return "ended by " + outcome + (how.empty() ? "" : " " + json::serialize(how));
}

// The calls of both, side by side: the longest common sequence stays, the rest is - and +.
void compare_calls(const std::vector<std::string>& before, const std::vector<std::string>& now,
                   std::vector<std::string>& lines) {
    std::vector<std::vector<std::size_t>> common(before.size() + 1,
                                                 std::vector<std::size_t>(now.size() + 1, 0));
    for (std::size_t i = before.size(); i-- > 0;) {
        for (std::size_t j = now.size(); j-- > 0;) {
            common[i][j] = before[i] == now[j] ? common[i + 1][j + 1] + 1
                                               : std::max(common[i + 1][j], common[i][j + 1]);
        }
    }
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < now.size()) {
        if (i < before.size() && j < now.size() && before[i] == now[j]) {
            ++i;
            ++j;
        } else if (i < before.size() && (j == now.size() || common[i + 1][j] >= common[i][j + 1])) {
            lines.push_back("- " + before[i++]);
        } else {
            lines.push_back("+ " + now[j++]);
        }
    }
}

std::vector<std::string> call_texts(const Transcript& transcript) {
    std::vector<std::string> texts;
    for (const CapturedEvent& call : transcript.calls) texts.push_back(call_text(call));
    return texts;
}

InvocationChange compare(const Transcript* before, const Transcript* now) {
    InvocationChange change;
    const Transcript& one = now ? *now : *before;
    change.function = function_name_of(one.function);
    change.invocation = one.invocation;
    if (before && before->started) change.event = before->started->number;
    if (!before) {
        change.lines.push_back("+ was invoked with " + now->payload);
    } else if (!now) {
        change.lines.push_back("- was invoked with " + before->payload);
        return change;
    } else if (before->payload != now->payload) {
        change.lines.push_back("- was invoked with " + before->payload);
        change.lines.push_back("+ was invoked with " + now->payload);
    }
    compare_calls(before ? call_texts(*before) : std::vector<std::string>{}, call_texts(*now),
                  change.lines);
    const std::string ending = ending_text(*now);
    if (before && ending_text(*before) == ending) return change;
    if (before && before->ended) change.lines.push_back("- " + ending_text(*before));
    change.lines.push_back("+ " + ending);
    return change;
}

// The same invocation, else the function's next one that nobody has.
const Transcript* take_match(std::vector<const Transcript*>& left, const Transcript& wanted) {
    auto found = std::find_if(left.begin(), left.end(), [&](const Transcript* one) {
        return one->invocation == wanted.invocation;
    });
    if (found == left.end()) {
        found = std::find_if(left.begin(), left.end(), [&](const Transcript* one) {
            return one->function == wanted.function;
        });
    }
    if (found == left.end()) return nullptr;
    const Transcript* match = *found;
    left.erase(found);
    return match;
}

}  // namespace

LiveReplay replay_live(const Capture& capture, LiveOptions options) {
    LiveReplay replayed;
    const StoryLine before = take_apart(capture);
    const Time last = capture.events.empty() ? Time{} : capture.events.back().event.at;
    {
        LiveFunctions functions(capture, before, std::move(options));
        replayed.capture = simulate(before, last, functions);
    }
    replayed.capture.version = capture.version;
    const StoryLine now = take_apart(replayed.capture);
    std::vector<const Transcript*> left;
    for (const Transcript& transcript : now.transcripts) left.push_back(&transcript);
    replayed.invocations = left.size();
    const auto note = [&](InvocationChange change) {
        if (!change.lines.empty()) replayed.changes.push_back(std::move(change));
    };
    for (const Transcript& transcript : before.transcripts) {
        // What had not begun when the capture ended may well begin now.
        if (!transcript.started) continue;
        note(compare(&transcript, take_match(left, transcript)));
    }
    for (const Transcript* transcript : left) note(compare(nullptr, transcript));
    return replayed;
}

}  // namespace sbemu
