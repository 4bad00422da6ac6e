#include "emulator/live/live_replay.h"

#include <algorithm>

#include "emulator/capture/story_line.h"

namespace sbemu {
namespace {

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
    const WrittenRows rows_before = written_rows(capture, before);
    const WrittenRows rows_now = written_rows(replayed.capture, now);
    std::vector<const Transcript*> left;
    for (const Transcript& transcript : now.transcripts) left.push_back(&transcript);
    replayed.invocations = left.size();
    const auto note = [&](const Transcript* captured, const Transcript* live) {
        InvocationChange change = compare_invocations({captured, rows_before}, {live, rows_now});
        if (!change.changes.empty()) replayed.changes.push_back(std::move(change));
    };
    for (const Transcript& transcript : before.transcripts) {
        // What had not begun when the capture ended may well begin now.
        if (!transcript.started) continue;
        note(&transcript, take_match(left, transcript));
    }
    for (const Transcript* transcript : left) note(nullptr, transcript);
    return replayed;
}

}  // namespace sbemu
