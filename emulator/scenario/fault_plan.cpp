// Which faults a seed stands for.
#include <algorithm>

#include "emulator/core/random.h"
#include "emulator/scenario/chaos.h"

namespace sbemu {
namespace {

constexpr std::size_t kMostFaults = 4;

// One in so many.
bool chance(Random& random, std::uint64_t of) { return random.below(of) == 0; }

template <std::size_t kCount>
std::string one_of(Random& random, const std::string_view (&words)[kCount]) {
    return std::string(words[random.below(kCount)]);
}

// Which of the calls fails first.
std::string after(Random& random, std::uint64_t count) {
    const std::uint64_t skipped = random.below(count);
    return skipped == 0 ? "" : " after " + std::to_string(skipped);
}

// An SDK gives up after three retries at the soonest.
std::string times(Random& random) { return chance(random, 3) ? " times 2" : ""; }

std::string call_fault(Random& random, const FaultTarget& target) {
    static constexpr std::string_view kErrors[] = {"throttling", "unavailable"};
    static constexpr std::string_view kOfWire[] = {"drop before",   "drop before", "drop half",
                                                   "silence",       "latency 5ms", "latency 200ms",
                                                   "latency 1500ms"};
    const bool is_error = !target.in_story || chance(random, 2);
    std::string line = "fail " + target.call + " ";
    line += is_error ? one_of(random, kErrors) : one_of(random, kOfWire);
    return line + times(random) + after(random, target.count) + " function " + target.function;
}

// Six refusals outlast a client's patience once: the function fails, and its event comes again.
std::string response_fault(Random& random, const FaultTarget& target) {
    static constexpr std::string_view kWhat[] = {"500",         "503",          "silence",
                                                 "twice",       "late by 10ms", "late by 10s",
                                                 "late by 90s", "500 times 6"};
    static constexpr std::string_view kOfProcess[] = {"500", "503", "twice", "late by 10s"};
    const std::string what = target.in_story ? one_of(random, kWhat) : one_of(random, kOfProcess);
    const bool has_times = what.find("times") != std::string::npos;
    const bool is_refused = what == "500" || what == "503" || what == "silence";
    return "fail response " + what + (is_refused && !has_times ? times(random) : "") +
           after(random, target.count) + " function " + target.function;
}

// In a story each call of an invocation that is to be killed takes 10 ms, so it dies before its
// first call, or between two.
std::string event_fault(Random& random, const FaultTarget& target) {
    const bool comes_twice =
        target.kind == FaultTarget::Kind::event && (!target.in_story || chance(random, 2));
    std::string line = "fail invoke " + target.function;
    line +=
        comes_twice ? " twice" : " killed after " + std::to_string(5 + 10 * random.below(4)) + "ms";
    return line + after(random, target.count);
}

std::string fault_on(const FaultTarget& target, Random& random) {
    switch (target.kind) {
        case FaultTarget::Kind::call:
            return call_fault(random, target);
        case FaultTarget::Kind::response:
            return response_fault(random, target);
        case FaultTarget::Kind::event:
        case FaultTarget::Kind::batch:
            return event_fault(random, target);
    }
    return "";
}

}  // namespace

FaultPlan plan_of_seed(const std::vector<FaultTarget>& targets, std::uint64_t seed) {
    Random random(seed);
    std::vector<FaultTarget> left = targets;
    FaultPlan plan;
    // One fault on each at the most: together they would outlast the patience of any client.
    for (std::uint64_t number = 1 + random.below(kMostFaults); number > 0 && !left.empty();
         --number) {
        const auto chosen = left.begin() + static_cast<std::ptrdiff_t>(random.below(left.size()));
        plan.push_back(fault_on(*chosen, random));
        left.erase(chosen);
    }
    return plan;
}

}  // namespace sbemu
