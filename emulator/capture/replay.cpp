#include "emulator/capture/replay.h"

#include <boost/json.hpp>
#include <set>

#include "emulator/capture/world.h"

namespace sbemu {
namespace json = boost::json;
namespace {

std::string printed(const json::value* value) {
    return value ? json::serialize(*value) : "(nothing)";
}

// Appends a "- path: value" and "+ path: value" for each place where the two differ.
void compare(const std::string& path, const json::value* before, const json::value* after,
             std::string& lines) {
    if (before && after && *before == *after) return;
    if (before && after && before->is_object() && after->is_object()) {
        std::set<std::string> names;
        for (const auto& [name, member] : before->as_object()) names.emplace(name);
        for (const auto& [name, member] : after->as_object()) names.emplace(name);
        for (const std::string& name : names) {
            compare(path.empty() ? name : path + "." + name, before->as_object().if_contains(name),
                    after->as_object().if_contains(name), lines);
        }
        return;
    }
    if (before && after && before->is_array() && after->is_array() &&
        before->as_array().size() == after->as_array().size()) {
        for (std::size_t i = 0; i < before->as_array().size(); ++i) {
            compare(path + "[" + std::to_string(i) + "]", &before->at(i), &after->at(i), lines);
        }
        return;
    }
    lines += "- " + path + ": " + printed(before) + "\n+ " + path + ": " + printed(after) + "\n";
}

}  // namespace

std::string ReplayDifference::explain() const {
    std::string lines;
    compare("", &captured.reply, &answered, lines);
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
