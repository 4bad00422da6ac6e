#include "emulator/capture/replay.h"

#include <boost/json.hpp>

#include "emulator/capture/member_difference.h"
#include "emulator/capture/world.h"

namespace sbemu {
namespace json = boost::json;
namespace {

std::string printed(const json::value* value) {
    return value ? json::serialize(*value) : "(nothing)";
}

}  // namespace

std::string ReplayDifference::explain() const {
    std::string lines;
    for_each_difference(
        &captured.reply, &answered,
        [&](const std::string& path, const json::value* before, const json::value* after) {
            lines +=
                "- " + path + ": " + printed(before) + "\n+ " + path + ": " + printed(after) + "\n";
        });
    return lines;
}

std::optional<ReplayDifference> replay_event(Kernel& kernel, const CapturedEvent& captured) {
    json::value answered = describe_reply(kernel.apply(captured.event));
    if (captured.reply.is_null() || answered == captured.reply) return std::nullopt;
    return ReplayDifference{captured, std::move(answered)};
}

Replayed replay(const Capture& capture, std::optional<std::int64_t> until) {
    World world;
    Replayed replayed;
    Capture answered;
    for (const CapturedEvent& captured : capture.events) {
        if (until && captured.number > *until) break;
        json::value reply = describe_reply(world.kernel.apply(captured.event));
        ++replayed.events;
        const bool is_same = captured.reply.is_null() || reply == captured.reply;
        if (!is_same) replayed.difference = ReplayDifference{captured, reply};
        answered.events.push_back({captured.number, {}, std::move(reply)});
        if (!is_same) break;
    }
    replayed.unseed = unseed_of(answered);
    return replayed;
}

}  // namespace sbemu
