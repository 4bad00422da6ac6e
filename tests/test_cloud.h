// A whole emulator in memory, without HTTP, at a fixed time and seed.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/json_text.h"
#include "emulator/core/kernel.h"
#include "emulator/empty_state/empty_state.h"
#include "emulator/store/store.h"
#include "fakes/services.h"

namespace sbemu {

inline boost::json::value json(std::string_view text) { return parse_json(text); }

class TestCloud {
  public:
    // call("dynamodb.PutItem", R"({...})"): "service.Operation" and the input as JSON.
    Applied call(std::string_view target, std::string_view params = "{}", std::string body = {}) {
        const auto dot = target.find('.');
        return apply({now_, ++seed_, caller, std::string(target.substr(0, dot)),
                      std::string(target.substr(dot + 1)), json(params).as_object(),
                      std::move(body)});
    }

    // The result of a call that must succeed.
    boost::json::value result(std::string_view target, std::string_view params = "{}",
                              std::string body = {}) {
        const Applied applied = call(target, params, std::move(body));
        if (const auto* error = std::get_if<ApiError>(&applied.answer)) {
            throw std::runtime_error(std::string(target) + ": " + error->code + ": " +
                                     error->what());
        }
        return std::get<Outcome>(applied.answer).result;
    }

    // Runs what is due now, and again, until nothing is: invocations stay waiting as effects.
    void settle() {
        while (true) {
            const auto due = kernel.next_due();
            if (!due || *due > now_) return;
            apply(Kernel::pulse_at(now_, ++seed_));
        }
    }

    // Moves the time, stopping at every timer that falls due on the way.
    void advance(Duration by) {
        const Time target = now_ + by;
        settle();
        while (true) {
            const auto due = kernel.next_due();
            if (!due || *due > target) break;
            now_ = std::max(now_, *due);
            settle();
        }
        now_ = target;
    }

    Time now() const { return now_; }

    Caller caller{"123456789012", "us-east-1", "123456789012"};
    std::vector<Effect> effects;          // asked for and not yet taken by the test
    std::vector<Completion> completions;  // late answers to deferred calls

  private:
    Applied apply(const Event& event) {
        Applied applied = kernel.apply(event);
        effects.insert(effects.end(), applied.effects.begin(), applied.effects.end());
        completions.insert(completions.end(), applied.completions.begin(),
                           applied.completions.end());
        return applied;
    }

    Time now_{std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}};
    std::uint64_t seed_ = 0;

  public:
    Store store{":memory:"};
    Kernel kernel{store, all_services(), empty_state()};
};

// "ResourceNotFoundException: Requested resource not found", or "none".
inline std::string error_of(const Applied& applied) {
    const auto* error = std::get_if<ApiError>(&applied.answer);
    return error ? error->code + ": " + error->what() : "none";
}

}  // namespace sbemu
